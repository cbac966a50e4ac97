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


def zip_of(processor: str) -> Path:
    """The function's zip for a processor, from where the program in `pulumi/` takes it. Each processor has a folder, so
    that no stack gets what was built for another one."""
    return Path("target", "lambda", processor, "bootstrap.zip")
