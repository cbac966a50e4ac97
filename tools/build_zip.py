"""Builds the function's zip for a stack, for the processor that the stack asks for.

python -m tools.build_zip STACK
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tools.errors import ToolError
from tools.paths import ROOT, VENV, ZIP

# What the config calls a processor, the option that cargo-lambda has for it, and Rust's target.
_PROCESSORS = {
    "x86_64": ("--x86-64", "x86_64-unknown-linux-gnu"),
    "arm64": ("--arm64", "aarch64-unknown-linux-gnu"),
}


def build(stack: str) -> None:
    """Builds target/lambda/exif-ripper/bootstrap.zip, or leaves it when it is up to date."""
    asked = architecture(stack)
    option, target = _PROCESSORS[asked]
    if shutil.which("cargo") is None:
        raise ToolError("cargo is not on PATH; install Rust from https://rustup.rs")
    _require(target)
    if asked == "x86_64" and shutil.which("nasm") is None:
        # libjpeg-turbo leaves its vector code out then, and says so where nobody looks.
        slower = "photos are turned a quarter more slowly; install it and run `cargo clean`"
        print(f"build: no nasm on PATH: {slower}", file=sys.stderr)
    command = ["cargo", "lambda", "build", "--release", "--locked", "--output-format", "zip"]
    built = subprocess.run([*command, option, "--package", "exif-ripper"], cwd=ROOT, env=_environment())
    if built.returncode != 0:
        raise ToolError("the function could not be built; what cargo says above tells why")
    if not (ROOT / ZIP).is_file():
        raise ToolError(f"cargo lambda ended well and made no {ZIP}; look for a `target-dir` in the configuration of cargo")


def architecture(stack: str) -> str:
    """The processor that a stack's config asks for, by default the one in Pulumi.yaml."""
    file = ROOT / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        known = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
        raise ToolError(f"there is no {file.name}; the stacks here are {', '.join(known)}")
    default = _config(ROOT / "Pulumi.yaml").get("architecture", {}).get("default")
    asked = _config(file).get("exif-ripper:architecture", default)
    if asked not in _PROCESSORS:
        raise ToolError(f"exif-ripper:architecture in {file.name} is {asked}; it can be {' or '.join(_PROCESSORS)}")
    return asked


def _config(file: Path) -> dict[str, Any]:
    try:
        return (yaml.safe_load(file.read_text()) or {}).get("config") or {}
    except yaml.YAMLError as error:
        raise ToolError(f"{file.name} is not YAML: {' '.join(str(error).split())}") from None


def _require(target: str) -> None:
    """Checks that Rust's standard library for the target is installed, which cargo would say less plainly."""
    asked = subprocess.run(["rustc", "--print", "target-libdir", "--target", target], cwd=ROOT, capture_output=True, text=True)
    if asked.returncode != 0 or not Path(asked.stdout.strip()).is_dir():
        raise ToolError(f"Rust's target {target} is not installed; install it with: rustup target add {target}")


def _environment() -> dict[str, str]:
    """cargo-lambda and zig as the user has them installed, else from the tools' Python environment."""
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join([environment.get("PATH", os.defpath), str(VENV / "bin")])
    # The program looks for the zip under target/.
    environment.pop("CARGO_TARGET_DIR", None)
    if shutil.which("zig") is None:
        environment["CARGO_ZIGBUILD_PYTHON_PATH"] = str(VENV / "bin" / "python3")
    return environment


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("build: one stack is needed, for example: just build dev")
    try:
        build(sys.argv[1])
    except ToolError as failure:
        sys.exit(f"build: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
