"""Makes the Python environment that the local tools and the tests run in: target/tools/venv.

Run by the system's own python3, before anything is installed: standard library only, and readable by an old Python,
so that it can report one that is too old.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "tools" / "requirements.txt"
VENV = ROOT / "target" / "tools" / "venv"
STAMP = VENV / "stamp"
OLDEST = (3, 11)


def fingerprint() -> str:
    """What the environment is made from: requirements, path (a venv cannot be moved) and exact Python (another would
    not find the packages). Which python3 runs this file does not matter.
    """
    python = os.path.realpath(VENV / "bin" / "python")
    return hashlib.sha256(REQUIREMENTS.read_bytes() + f"{VENV} {python}".encode()).hexdigest()


def is_made() -> bool:
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def make() -> None:
    """Makes a new environment. The stamp is written last, so that one that was interrupted is made again."""
    shutil.rmtree(VENV, ignore_errors=True)
    run(
        [sys.executable, "-m", "venv", str(VENV)],
        "the Python venv could not be made; on Debian: apt install python3-venv",
    )
    # Python compiles each module when it is first imported; compiling all of them takes as long as unpacking them.
    pip = [
        str(VENV / "bin" / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "--no-compile",
        "--require-hashes",
    ]
    run(
        [*pip, "--requirement", str(REQUIREMENTS)],
        "the Python packages could not be installed; see pip's message above",
    )
    STAMP.write_text(fingerprint())


def run(command: list[str], otherwise: str) -> None:
    # A venv of the user's must not leak into the new one.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode != 0:
        sys.exit("tools: " + otherwise)


def main() -> None:
    if sys.version_info < OLDEST:
        have = "%d.%d" % sys.version_info[:2]  # noqa: UP031
        sys.exit("tools: Python 3.11 or later is needed, and python3 is " + have + "; put a newer one first on PATH")
    if is_made():
        return
    sys.path.insert(0, str(ROOT))
    from tools.progress import step

    VENV.parent.mkdir(parents=True, exist_ok=True)
    with (VENV.parent / "venv.lock").open("w") as lock:
        # Two commands that start at the same time make it only once.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_made():
            with step("Installing the Python packages into target/tools/venv (about a minute, once)"):
                make()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
