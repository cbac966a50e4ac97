"""A release is named like the version that it holds, and the changelog says what is in it."""

import subprocess
import sys

import pytest

from tools import check_release
from tools.errors import ToolError
from tools.paths import ROOT

RELEASED = """\
# Changelog

## [Unreleased]

### Added
- Not released yet.

## [0.2.0] - 2026-11-27

### Fixed
- The last line of it.

## [0.1.0] - 2025-01-01
- An older one.

[0.2.0]: https://example.com
"""


@pytest.fixture
def project(monkeypatch, tmp_path):
    """Writes a project of version 0.2.0 with a changelog."""
    monkeypatch.setattr(check_release, "ROOT", tmp_path)
    (tmp_path / "Cargo.toml").write_text('[workspace.package]\nversion = "0.2.0"\n')
    return (tmp_path / "CHANGELOG.md").write_text


def test_the_notes_are_the_changes_of_this_version_and_of_no_other(project):
    project(RELEASED)
    assert check_release.changes("v0.2.0") == "### Fixed\n- The last line of it."


def test_the_links_at_the_end_of_the_changelog_are_not_part_of_the_notes(project):
    project("## [0.2.0] - 2026-11-27\n\n- The first one.\n\n[0.2.0]: https://example.com\n")
    assert check_release.changes("v0.2.0") == "- The first one."


@pytest.mark.parametrize("tag", ["0.2.0", "v0.2.1", "v0.2", "v0.2.0-rc1", "V0.2.0", ""])
def test_a_tag_that_is_not_the_version_is_refused(project, tag):
    project(RELEASED)
    with pytest.raises(ToolError, match=r"has to be v0\.2\.0"):
        check_release.changes(tag)


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("## [Unreleased]\n- All of it.\n", "no heading"),
        ("## [0.2.0]\n- Without a day.\n", "no heading"),
        ("## [0x2.0] - 2026-11-27\n- A dot is a dot.\n", "no heading"),
        ("## [0.2.0] - 2026-11-27\n\n## [0.1.0] - 2025-01-01\n- Older.\n", "nothing below"),
    ],
)
def test_a_changelog_that_does_not_have_the_version_is_one_sentence(project, changelog, said):
    project(changelog)
    with pytest.raises(ToolError, match=said) as refused:
        check_release.changes("v0.2.0")
    assert "\n" not in str(refused.value)


def test_it_runs_without_the_tools_own_packages():
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {RUN}"]
    asked = subprocess.run(command, capture_output=True, text=True)
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr.startswith("release: the tag is v0.0.0 and the version in Cargo.toml ")


RUN = "sys.argv[1:] = ['v0.0.0']; import runpy; runpy.run_module('tools.check_release', run_name='__main__')"
