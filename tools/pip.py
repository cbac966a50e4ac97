"""Installs Python packages into a folder of their own, once: what is needed beside the tools' own environment."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from fcntl import LOCK_EX, flock
from pathlib import Path

from tools.errors import ToolError
from tools.progress import step


def ensure(folder: Path, packages: Sequence[str], what: str) -> Path:
    """The folder, with exactly these packages in it. They have to name all that they need."""
    stamp = folder / "stamp"
    wanted = f"{sys.version}\n{chr(10).join(packages)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        # Two commands started at once install it once.
        flock(lock, LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            with step(f"Installing {what} into target/tools/{folder.name} (once)"):
                _install(folder, packages, what)
            stamp.write_text(wanted)
    return folder


def _install(folder: Path, packages: Sequence[str], what: str) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
    ran = subprocess.run([*pip, "--target", str(folder), *packages], capture_output=True, text=True)
    if ran.returncode != 0:
        said = ran.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ToolError(f"{what} could not be installed from PyPI ({', '.join(packages)}); pip said: {said[0]}")
