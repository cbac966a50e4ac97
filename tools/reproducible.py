"""Shows that the function's zip can be built again: builds the last commit in two folders and compares the bytes.

python -m tools.reproducible STACK

It takes two release builds. Zips that differ are kept in target/reproducible.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.build_zip import architecture
from tools.command_line import run
from tools.errors import ToolError
from tools.paths import ROOT, TARGET, TOOLS, zip_of
from tools.progress import step

_KEPT = TARGET / "reproducible"
# Paths of different lengths: one that stays in the binary moves all that comes after it.
_FOLDERS = ("one", "another-folder")


def check(stack: str) -> None:
    """Builds twice and compares."""
    shutil.rmtree(_KEPT, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="exif-ripper-") as parent:
        zips = [build_clone(Path(parent) / name, stack) for name in _FOLDERS]
        for name, zipped in zip(_FOLDERS, zips, strict=True):
            print(f"{hashlib.sha256(zipped).hexdigest()}  {len(zipped)} bytes, built in {name}")
    compare(dict(zip(_FOLDERS, zips, strict=True)))
    print("both zips are equal")


def build_clone(folder: Path, stack: str) -> bytes:
    """The zip that a fresh clone of the last commit gives."""
    _run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], ROOT)
    (folder / "target").mkdir()
    # The tools are the same, and installed once.
    (folder / "target" / "tools").symlink_to(TOOLS)
    with step(f"Building the last commit in {folder} (some minutes)"):
        _run([sys.executable, "-m", "tools.build_zip", stack], folder)
    return (folder / zip_of(architecture(stack))).read_bytes()


def compare(zips: dict[str, bytes]) -> None:
    """If the zips differ, keeps them and fails."""
    if len(set(zips.values())) == 1:
        return
    _KEPT.mkdir(parents=True, exist_ok=True)
    for name, zipped in zips.items():
        (_KEPT / f"{name}.zip").write_bytes(zipped)
    raise ToolError(f"the zips differ; compare those in {_KEPT}, for example with diffoscope")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=sys.stderr)
    if done.returncode != 0:
        raise ToolError(f"{' '.join(command)} failed; its message is above")


if __name__ == "__main__":
    run("reproducible", check, "stack", "just reproducible dev")
