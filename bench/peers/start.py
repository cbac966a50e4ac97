"""Starts one of the strippers that are not Rust, and installs it first.

python -m bench.peers.start NAME

Each speaks the same lines on standard input and output, parts set apart by tabs. The first line is its own: what it is, with
versions. `strip IN OUT` is answered by `ok` or `refused WHY`; `time IN ROUNDS` by a time in nanoseconds for each round, or by
`refused WHY`. One that cannot be installed ends, and the last line on standard error says why.
"""

import os
import sys
from pathlib import Path

from tools import npm, pip
from tools.errors import ToolError
from tools.paths import PEERS

_HERE = Path(__file__).resolve().parent


def _python(name: str) -> list[str]:
    os.environ["PYTHONPATH"] = str(pip.ensure(PEERS, _HERE / "requirements.txt", "Python's peers"))
    return [sys.executable, str(_HERE / f"with_{name}.py")]


def _sharp() -> list[str]:
    # Found from the working directory: modules of this kind ignore NODE_PATH.
    os.chdir(npm.ensure(_HERE))
    return [*npm.node(), str(_HERE / "with_sharp.mjs")]


if __name__ == "__main__":
    try:
        command = _sharp() if sys.argv[1] == "sharp" else _python(sys.argv[1])
        os.execvp(command[0], command)
    except (ToolError, OSError) as failure:
        sys.exit(" ".join(str(failure).split()))
