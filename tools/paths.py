"""Where the tools find and put things; everything they make goes under `target/`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
TOOLS = TARGET / "tools"
VENV = TOOLS / "venv"
# The Pulumi command line, where it had to be built.
PULUMI_BIN = TOOLS / "bin"
NODE = TOOLS / "node"
NPM = TOOLS / "npm"
PEERS = TOOLS / "peers"
# cargo-lambda puts the zip here, and the program in `pulumi/` takes it from here.
ZIP = Path("target/lambda/exif-ripper/bootstrap.zip")
