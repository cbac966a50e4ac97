"""Installs and starts one of the strippers that are not written in Rust.

python -m peers.runners.start NAME

Each reads lines from standard input and writes lines to standard output, with tabs between the fields. Its first line
is its name with versions. The answer to `scrub IN OUT` is `ok` or `refused WHY`; to `time IN ROUNDS` it is a time in
nanoseconds for each round, or `refused WHY`. `original_function` is the exception: it takes events
from Lambda's Runtime API. If it cannot be installed, the last line on standard error says why.
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
    script = name if name == "original_function" else f"with_{name}"
    return [sys.executable, str(_HERE / f"{script}.py")]


def _sharp() -> list[str]:
    # with_sharp.mjs looks for sharp in the working directory, as ES modules ignore NODE_PATH.
    os.chdir(npm.ensure(_HERE))
    return [*npm.node(), str(_HERE / "with_sharp.mjs")]


if __name__ == "__main__":
    try:
        command = _sharp() if sys.argv[1] == "sharp" else _python(sys.argv[1])
        os.execvp(command[0], command)
    except (ToolError, OSError) as failure:
        sys.exit(" ".join(str(failure).split()))
