"""The tools are made once, in the versions that belong together, and say how to mend what is missing."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from local import build, engine, npm, stacks, tools
from local.failure import LocalFailure
from local.paths import ROOT


def test_the_engine_and_the_providers_protocol_are_of_one_version():
    (package,) = re.findall(r"^pulumi==(\S+)$", tools.REQUIREMENTS.read_text(), re.MULTILINE)
    assert engine.pinned() == package


def test_every_package_is_pinned_once():
    lines = [line for line in tools.REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert max(Counter(line.split("==")[0].lower() for line in lines).values()) == 1
    print(f"saw {len(lines)} packages")


def test_the_tests_run_in_the_environment_that_was_made():
    assert tools.is_made()
    assert sys.prefix == str(tools.VENV)


def test_an_environment_that_was_interrupted_is_made_again(monkeypatch, tmp_path):
    monkeypatch.setattr(tools, "STAMP", tmp_path / "made-from")
    assert not tools.is_made()
    tools.STAMP.write_text(tools.fingerprint())
    assert tools.is_made()
    monkeypatch.setattr(tools, "REQUIREMENTS", tmp_path / "requirements.txt")
    tools.REQUIREMENTS.write_text("other==1\n")
    assert not tools.is_made()


def test_an_old_python_is_told_so_in_one_sentence():
    code = "import sys; sys.version_info = (3, 8, 1); sys.path[0] = 'local'; import tools; tools.main()"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr == "tools: Python 3.11 or later is needed, and python3 is 3.8; put a newer one first on PATH\n"


def _program(folder, name, script):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("version", "enough"), [("v3.259.0", True), ("v3.260.1", True), ("v4.0.0", True), ("v3.99.0", False), ("what?", False)]
)
def test_an_installed_engine_counts_from_the_tested_version_on(monkeypatch, tmp_path, version, enough):
    _program(tmp_path / "bin", "pulumi", f"echo {version}")
    _program(tmp_path / "bin", "pulumi-language-yaml", "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert engine._installed_is_enough() == enough


def test_without_an_engine_and_without_go_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "ENGINE", tmp_path / "engine")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalFailure, match=r"neither Pulumi 3\S+ or later nor Go is on PATH"):
        engine.ensure()


def test_a_build_of_the_engine_that_fails_says_so_and_counts_for_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(engine, "ENGINE", tmp_path / "engine")
    _program(tmp_path / "bin", "go", "echo 'no network' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    with pytest.raises(LocalFailure, match=r"could not be built .* no network"):
        engine.ensure()
    assert not engine._is_built()


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
    """A copy of the folder that pins ExifTool, to be installed in a place of the test's own."""
    monkeypatch.setattr(npm, "NPM", tmp_path / "npm")
    monkeypatch.setattr(npm, "NODE", tmp_path / "node")
    return Path(shutil.copytree(ROOT / "local" / "exiftool", tmp_path / "exiftool"))


def test_npm_packages_that_cannot_be_installed_say_why_and_count_for_nothing(monkeypatch, tmp_path, npm_folder):
    _program(tmp_path / "bin", "node", "echo v22.1.0")
    _program(tmp_path / "bin", "npm", "echo 'npm error: no network' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    with pytest.raises(LocalFailure, match=r"exiftool could not be installed; npm said:\n  npm error: no network"):
        npm.ensure(npm_folder)
    # The second time npm is better.
    _program(tmp_path / "bin", "npm", "mkdir node_modules; echo once >> ../calls")
    npm.ensure(npm_folder)
    assert (npm.ensure(npm_folder) / "node_modules").is_dir()
    assert (tmp_path / "npm" / "calls").read_text() == "once\n"


@pytest.mark.parametrize("version", ["", "v18.19.0", "v20.8.1"])
def test_without_a_new_enough_node_on_path_it_is_asked_of_pypi(monkeypatch, tmp_path, npm_folder, version):
    if version:
        _program(tmp_path / "bin", "node", f"echo {version}")
        _program(tmp_path / "bin", "npm", "echo 'this npm is too old' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    # Nothing is downloaded.
    monkeypatch.setattr(npm, "_WHEEL", "no-such-node==1.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(LocalFailure, match=r"Node.* could not be installed from PyPI \(no-such-node==1.0\); pip said: \S"):
        npm.ensure(npm_folder)


@pytest.fixture
def configured(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("config:\n  architecture:\n    default: x86_64\n")

    def configured(stack, text):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(text)

    configured("plain", "config:\n  aws:region: eu-central-1\n")
    return configured


def test_a_stack_is_built_for_its_processor(configured):
    configured("cheap", "config:\n  exif-ripper:architecture: arm64\n")
    configured("empty", "")
    assert [build.architecture(stack) for stack in ("plain", "cheap", "empty")] == ["x86_64", "arm64", "x86_64"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config:\n  exif-ripper:architecture: riscv\n", "can be x86_64 or arm64"),
        ("config: [unclosed\n", "is not YAML"),
        (None, "there is no Pulumi.odd.yaml; the stacks here are plain"),
    ],
)
def test_a_stack_that_cannot_be_built_is_told_in_one_sentence(configured, text, said):
    if text is not None:
        configured("odd", text)
    with pytest.raises(LocalFailure, match=said) as refused:
        build.architecture("odd")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("system", "machine", "said"), [("linux", "aarch64", "is arm64 and"), ("darwin", "x86_64", "takes Linux")]
)
def test_a_machine_that_cannot_run_the_function_is_told_so(configured, monkeypatch, system, machine, said):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    build.require_runnable("plain")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    with pytest.raises(LocalFailure, match=said):
        build.require_runnable("plain")


def test_a_rust_target_that_is_missing_is_named(monkeypatch, tmp_path):
    _program(tmp_path / "bin", "rustc", "echo /nowhere")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(LocalFailure, match="rustup target add aarch64-unknown-linux-gnu"):
        build._require("aarch64-unknown-linux-gnu")


def test_a_copied_config_keeps_its_own_encryption_and_none_of_the_users():
    users = "encryptionsalt: v1:users\nconfig:\n  aws:region: eu-west-1\nsecretsprovider: awskms://alias/users\n"
    copy = "config:\n  aws:region: eu-central-1\nencryptionsalt: v1:ours\n"
    assert stacks._with_encryption_of(copy, users) == "config:\n  aws:region: eu-west-1\nencryptionsalt: v1:ours\n"
