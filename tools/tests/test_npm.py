"""npm packages are pinned, and installed once."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tools import npm
from tools.errors import ToolError
from tools.paths import ROOT
from tools.tests.fake_program import write_program


def test_npm_packages_are_pinned_and_their_lock_files_name_no_registry():
    packages = 0
    for lock in ROOT.glob("*/*/package-lock.json"):
        wanted = json.loads((lock.parent / "package.json").read_text())["dependencies"]
        locked = json.loads(lock.read_text())["packages"]
        assert locked.pop("")["dependencies"] == wanted
        assert all(re.fullmatch(r"[\d.]+", version) for version in wanted.values())
        for name, package in locked.items():
            assert "resolved" not in package and package["integrity"].startswith("sha512-"), name
            packages += 1
    assert packages > 0
    print(f"saw {packages} packages")


@pytest.fixture
def npm_folder(monkeypatch, tmp_path):
    """A copy of the folder that pins ExifTool, to be installed in a folder of the test."""
    monkeypatch.setattr(npm, "NPM", tmp_path / "npm")
    monkeypatch.setattr(npm, "NODE", tmp_path / "node")
    return Path(shutil.copytree(ROOT / "tools" / "exiftool", tmp_path / "exiftool"))


def test_npm_packages_that_cannot_be_installed_say_why_and_count_for_nothing(monkeypatch, tmp_path, npm_folder):
    write_program(tmp_path / "bin", "node", "echo v22.1.0")
    write_program(tmp_path / "bin", "npm", "echo 'npm error: no network' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    with pytest.raises(ToolError, match=r"exiftool could not be installed; npm said:\n  npm error: no network"):
        npm.ensure(npm_folder)
    # The second time npm works.
    write_program(tmp_path / "bin", "npm", "mkdir node_modules; echo once >> ../calls")
    npm.ensure(npm_folder)
    assert (npm.ensure(npm_folder) / "node_modules").is_dir()
    assert (tmp_path / "npm" / "calls").read_text() == "once\n"


@pytest.mark.parametrize("version", ["", "v18.19.0", "v20.8.1"])
def test_without_a_new_enough_node_on_path_it_comes_from_pypi(monkeypatch, tmp_path, npm_folder, version):
    if version:
        write_program(tmp_path / "bin", "node", f"echo {version}")
        write_program(tmp_path / "bin", "npm", "echo 'this npm is too old' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    # Nothing is downloaded.
    (tmp_path / "requirements.txt").write_text(f"no-such-node==1.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(npm, "_NODE_REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ToolError, match=r"Node.* could not be installed from PyPI \(no-such-node==1.0\); pip said: \S"):
        npm.ensure(npm_folder)
