"""The committed schema is the official one."""

import re
import subprocess
import sys

import pytest

from local.provider import generate_schema, schema
from local.provider.registry import FUNCTIONS, RESOURCES
from local.provider.resource import Supported
from tools.paths import ROOT, TOOLS


@pytest.fixture(scope="module")
def wheel():
    """The wheel of the official Python SDK, downloaded once; the schema is made from its classes."""
    folder = TOOLS / "pulumi-aws"
    wanted = f"pulumi_aws-{generate_schema.VERSION}-py3-none-any.whl"
    if not (folder / wanted).exists():
        command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
        package = f"pulumi-aws=={generate_schema.VERSION}"
        subprocess.run([*command, "--only-binary", ":all:", "--dest", str(folder), package], check=True)
    return str(folder / wanted)


def test_the_committed_schema_is_what_the_official_sdk_says(wheel):
    made = generate_schema.formatted(generate_schema.generate(wheel))
    assert made == schema.text(), "make it again: see local/provider/generate_schema.py"
    print(f"saw {len(RESOURCES)} types and {len(FUNCTIONS)} functions in {len(made)} bytes")


def test_the_program_pins_the_version_of_the_schema():
    (pinned,) = set(re.findall(r"^\s+version: (\S+)$", (ROOT / "pulumi" / "Main.yaml").read_text(), re.MULTILINE))
    assert pinned == schema.version() == generate_schema.VERSION


def _names(supported: Supported, of: dict, types: dict, path: str = "") -> list[str]:
    """The inputs that are supported and not in the schema."""
    unknown = []
    for name, within in supported.items():
        if name not in of:
            unknown.append(path + name)
        elif within is not None:
            reference = of[name].get("$ref") or of[name]["items"]["$ref"]
            properties = types[reference.removeprefix("#/types/")]["properties"]
            unknown += _names(within, properties, types, f"{path}{name}.")
    return unknown


def test_every_input_and_output_has_its_official_name():
    for token, kind in RESOURCES.items():
        official = schema.resource(token)
        assert _names(kind.supported, official["inputProperties"], schema._package()["types"]) == [], token
        assert kind.outputs <= official["properties"].keys(), token
        assert kind.replaces | kind.fixed | kind.plugin_only <= kind.supported.keys(), token
        assert set(official["requiredInputs"]) <= kind.supported.keys(), token
    print(f"saw {sum(len(kind.supported) for kind in RESOURCES.values())} inputs")
