"""A project for tests, with a function's zip, that a local AWS can deploy."""

import json
import zipfile
from pathlib import Path
from typing import Any

from tools.paths import zip_of

Program = dict[str, Any]

# A function that fails immediately; the provider's tests never call it.
BOOTSTRAP = "#!/bin/sh\nexit 1\n"


def write_zip(root: Path, bootstrap: str = BOOTSTRAP) -> None:
    """Writes a zip with this program where the stack looks for it."""
    file = root / zip_of("x86_64")
    file.parent.mkdir(parents=True, exist_ok=True)
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(entry, bootstrap)


def write_program(root: Path, resources: Program, **more: Any) -> None:
    """Writes the program as JSON, which is also YAML."""
    (root / "pulumi").mkdir(parents=True, exist_ok=True)
    (root / "pulumi" / "Main.yaml").write_text(json.dumps({"resources": resources, **more}))


def make_project(root: Path, resources: Program, **more: Any) -> Path:
    """A project with one stack, dev."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "Pulumi.yaml").write_text("name: trial\nmain: pulumi/\nruntime: yaml\n")
    (root / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-central-1\n")
    write_program(root, resources, **more)
    write_zip(root)
    return root


LAMBDA_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
