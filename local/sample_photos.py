"""The project's sample photos, which its own code makes."""

import subprocess
import tempfile
from pathlib import Path

from tools.errors import ToolError
from tools.paths import ROOT


def sample_photos() -> dict[str, bytes]:
    """All of them, by name."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["cargo", "run", "--quiet", "--locked", "--package", "samples", "--", folder]
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode != 0:
            raise ToolError("the sample photos could not be made; see cargo's message above")
        return {path.stem: path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}
