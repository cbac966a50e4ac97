"""Installs packages that the tools' environment lacks, into a folder of their own."""

import re
import shutil
import subprocess
import sys
from fcntl import LOCK_EX, flock
from pathlib import Path

from tools.errors import ToolError
from tools.progress import step


def ensure(folder: Path, requirements: Path, what: str) -> Path:
    """The folder, with exactly the packages of the requirements file, which has the hashes of each."""
    stamp = folder / "stamp"
    wanted = f"{sys.version}\n{requirements.read_text()}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        # Two commands that start at the same time install it only once.
        flock(lock, LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            with step(f"Installing {what} into target/tools/{folder.name} (once)"):
                _install(folder, requirements, what)
            stamp.write_text(wanted)
    return folder


def _install(folder: Path, requirements: Path, what: str) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "--no-deps",
        "--require-hashes",
    ]
    command = [*pip, "--target", str(folder), "--requirement", str(requirements)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        packages = ", ".join(re.findall(r"^[\w.-]+==[\w.]+", requirements.read_text(), re.MULTILINE))
        output = result.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ToolError(f"{what} could not be installed from PyPI ({packages}); pip said: {output[0]}")
