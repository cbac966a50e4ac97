"""Checks before a release that its tag, the version in Cargo.toml and the changelog agree, and prints its changes.

python -m tools.check_release TAG

It needs no package, so that it can run before anything is built.
"""

import re
import tomllib

from tools.command_line import run
from tools.errors import ToolError
from tools.paths import ROOT


def changes(tag: str) -> str:
    """What the changelog says about the release. Raises a sentence if the release would be named wrongly."""
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    if tag != f"v{version}":
        raise ToolError(f"the tag is {tag} and the version in Cargo.toml {version}; the tag has to be v{version}")
    changelog = (ROOT / "CHANGELOG.md").read_text()
    # From the heading to the next one, or to the links at the end.
    heading = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$"
    section = re.search(heading + r"(.*?)(?=^## |^\[[^]]+\]: |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if section is None:
        raise ToolError(f"CHANGELOG.md has no heading for it; write ## [{version}] - YYYY-MM-DD, with the day's date")
    if not section[1].strip():
        raise ToolError(f"CHANGELOG.md has nothing below [{version}]; say what has changed")
    return section[1].strip()


def print_changes(tag: str) -> None:
    """Prints them."""
    print(changes(tag))


if __name__ == "__main__":
    run("release", print_changes, "tag", "python -m tools.check_release v0.2.0")
