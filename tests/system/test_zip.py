"""The zip that `just build` makes: what is in it, and how large it may be."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from tools.build_zip import architecture
from tools.paths import ROOT, zip_of

ZIP = ROOT / zip_of(architecture("dev"))
# It is downloaded at every cold start.
BUDGET = 3_600_000


@pytest.fixture(scope="module")
def archive():
    assert ZIP.exists(), "no zip: run `just build`"
    with zipfile.ZipFile(ZIP) as archive:
        yield archive


def test_the_zip_keeps_within_its_budget():
    size = ZIP.stat().st_size
    print(f"saw a zip of {size} bytes, {size / BUDGET:.0%} of its budget")
    assert size <= BUDGET


def test_the_zip_holds_the_program_and_nothing_else(archive):
    (entry,) = archive.infolist()
    assert entry.filename == "bootstrap"
    mode = entry.external_attr >> 16
    assert stat.S_ISREG(mode) and stat.S_IMODE(mode) == 0o755


def test_the_program_names_no_folder_of_the_machine_that_built_it(archive):
    program = archive.read("bootstrap")
    cargo = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    for folder in (ROOT, cargo / "registry"):
        assert os.fsencode(folder) not in program
    # What panics name instead.
    assert b"cargo/registry/src/" in program


def test_the_program_says_no_day_on_which_it_was_built(archive):
    assert b"(build 19800101)" in archive.read("bootstrap"), (
        "libjpeg-turbo names the day: delete target/ and build again"
    )
