"""Builds the function's zip for a stack, for the processor that the stack asks for.

python -m tools.build_zip STACK
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.command_line import run
from tools.config import setting
from tools.deterministic import build_environment, cargo_options, write_zip
from tools.errors import ToolError
from tools.paths import ROOT, VENV, zip_of

# Where cargo-lambda puts what it builds, for any processor.
_BINARY = Path("target/lambda/exif-ripper/bootstrap")
# The processor's name in the config, cargo-lambda's option for it, and Rust's target.
PROCESSORS = {
    "x86_64": ("--x86-64", "x86_64-unknown-linux-gnu"),
    "arm64": ("--arm64", "aarch64-unknown-linux-gnu"),
}


def build(stack: str) -> None:
    """Builds target/lambda/<processor>/bootstrap.zip: the same bytes on any day and in any folder."""
    processor = architecture(stack)
    option, target = PROCESSORS[processor]
    if shutil.which("cargo") is None:
        raise ToolError("cargo is not on PATH; install Rust from https://rustup.rs")
    _require(target)
    if processor == "x86_64" and shutil.which("nasm") is None:
        # libjpeg-turbo then leaves out its SIMD code, and says so only in a build log.
        slower = "photos are rotated more slowly; install it and run `cargo clean`"
        print(f"build: no nasm on PATH: {slower}", file=sys.stderr)
    command = ["cargo", "lambda", "build", "--release", "--locked", *cargo_options()]
    built = subprocess.run([*command, option, "--package", "exif-ripper"], cwd=ROOT, env=_environment())
    if built.returncode != 0:
        raise ToolError("the function could not be built; see cargo's message above")
    if not (ROOT / _BINARY).is_file():
        raise ToolError(
            f"cargo lambda reported success but made no {_BINARY}; look for a `target-dir` in cargo's configuration"
        )
    zipped = ROOT / zip_of(processor)
    zipped.parent.mkdir(parents=True, exist_ok=True)
    write_zip(ROOT / _BINARY, zipped)


def architecture(stack: str) -> str:
    """The processor that a stack's config asks for, by default the one in Pulumi.yaml."""
    processor = setting(stack, "architecture", ROOT)
    if processor not in PROCESSORS:
        raise ToolError(
            f"exif-ripper:architecture in Pulumi.{stack}.yaml is {processor}; it can be {' or '.join(PROCESSORS)}"
        )
    return processor


def rust_target(stack: str) -> str:
    """Rust's name for the processor and system that a stack's function is built for."""
    return PROCESSORS[architecture(stack)][1]


def _require(target: str) -> None:
    """Checks that Rust's standard library for the target is installed; cargo's own message is less clear."""
    answer = subprocess.run(
        ["rustc", "--print", "target-libdir", "--target", target], cwd=ROOT, capture_output=True, text=True
    )
    if answer.returncode != 0 or not Path(answer.stdout.strip()).is_dir():
        raise ToolError(f"Rust's target {target} is not installed; install it with: rustup target add {target}")


def _environment() -> dict[str, str]:
    """An environment with the user's cargo-lambda and zig, or else those of the tools' Python environment."""
    environment = build_environment(dict(os.environ))
    environment["PATH"] = os.pathsep.join([environment.get("PATH", os.defpath), str(VENV / "bin")])
    # The Pulumi program looks for the zip under target/.
    environment.pop("CARGO_TARGET_DIR", None)
    if shutil.which("zig") is None:
        environment["CARGO_ZIGBUILD_PYTHON_PATH"] = str(VENV / "bin" / "python3")
    return environment


if __name__ == "__main__":
    run("build", build, "stack", "just build dev")
