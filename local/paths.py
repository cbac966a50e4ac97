"""Where the local tools find and put things; all that they make lies under `target/`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
TOOLS = TARGET / "tools"
VENV = TOOLS / "venv"
ENGINE = TOOLS / "bin"
NODE = TOOLS / "node"
NPM = TOOLS / "npm"
PEERS = TOOLS / "peers"
INSTANCES = TARGET / "local"
# cargo-lambda puts the zip here, and the program in `pulumi/` takes it from here.
ZIP = Path("target/lambda/exif-ripper/bootstrap.zip")
RIPPER = TARGET / "debug"
