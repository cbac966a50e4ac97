"""Python packages are pinned with their hashes."""

import re
from collections import Counter

import pytest

from tools.paths import ROOT

# Every folder that has a list of Python packages.
FOLDERS = sorted(file.parent for folder in ("tools", "peers") for file in ROOT.glob(f"{folder}/**/requirements.in"))
PIN = r"[\w.-]+==[\w.]+"


def packages(text: str) -> list[str]:
    """The lines of a requirements file, each with its hashes, without comments."""
    lines = text.replace("\\\n", "").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def normal(pin: str) -> str:
    return pin.lower().replace("_", "-")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_every_package_is_pinned_once_with_its_hashes(folder):
    lines = packages((folder / "requirements.txt").read_text())
    assert lines
    for line in lines:
        assert re.fullmatch(rf"{PIN}( +--hash=sha256:[0-9a-f]{{64}})+", line), line
    assert max(Counter(normal(line).split("==")[0] for line in lines).values()) == 1
    print(f"saw {len(lines)} packages")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_every_package_that_is_asked_for_is_among_the_pinned_ones(folder):
    wanted = packages((folder / "requirements.in").read_text())
    assert wanted
    assert all(re.fullmatch(PIN, line) for line in wanted)
    pinned = {normal(line.split()[0]) for line in packages((folder / "requirements.txt").read_text())}
    assert {normal(line) for line in wanted} <= pinned
    print(f"saw {len(wanted)} packages")


def test_every_list_of_packages_is_found():
    assert {str(folder.relative_to(ROOT)) for folder in FOLDERS} == {"tools", "tools/node", "peers/runners"}
