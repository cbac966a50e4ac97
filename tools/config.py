"""The settings in Pulumi.yaml and in the stacks' files, as they are written there."""

from pathlib import Path
from typing import Any

import yaml

from tools.errors import ToolError
from tools.paths import ROOT

Settings = dict[str, Any]


def project_file(root: Path = ROOT) -> Settings:
    """All of Pulumi.yaml."""
    return _read(root / "Pulumi.yaml")


def declared(root: Path = ROOT) -> Settings:
    """The stack's settings that Pulumi.yaml declares, by name. What has a colon in its name is Pulumi's own."""
    config = project_file(root).get("config") or {}
    return {name: value for name, value in config.items() if ":" not in name}


def stack_file(stack: str, root: Path = ROOT) -> Settings:
    """All of a stack's file."""
    file = root / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml")))
        raise ToolError(f"there is no {file.name}; the stacks here are {known}. To make one: just init {stack}")
    return _read(file)


def stack_config(stack: str, root: Path = ROOT) -> Settings:
    """The settings in a stack's file, by their whole names, such as aws:region."""
    return stack_file(stack, root).get("config") or {}


def setting(stack: str, name: str, root: Path = ROOT) -> Any:
    """A setting's value in a stack: the stack's own, or else the default."""
    default = declared(root).get(name, {}).get("default")
    return stack_config(stack, root).get(f"exif-ripper:{name}", default)


def _read(file: Path) -> Settings:
    try:
        return yaml.safe_load(file.read_text()) or {}
    except yaml.YAMLError as error:
        raise ToolError(f"{file.name} is not YAML: {' '.join(str(error).split())}") from None
