"""The Pulumi command line: the installed one where it is new enough, else one that is built."""

import os
import re

import pytest

from tools import pulumi_cli, venv
from tools.errors import ToolError
from tools.tests.fake_program import write_program


def test_the_engine_and_the_providers_protocol_are_of_one_version():
    (package,) = re.findall(r"^pulumi==(\S+)", venv.REQUIREMENTS.read_text(), re.MULTILINE)
    assert pulumi_cli.pinned() == package


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v3.259.0", True), ("v3.260.1", True), ("v4.0.0", True), ("v3.99.0", False), ("what?", False)],
)
def test_an_installed_engine_counts_from_the_tested_version_on(monkeypatch, tmp_path, version, enough):
    write_program(tmp_path / "bin", "pulumi", f"echo {version}")
    write_program(tmp_path / "bin", "pulumi-language-yaml", "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert pulumi_cli._installed_is_enough() == enough


def test_without_an_engine_and_without_go_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(pulumi_cli, "PULUMI_BIN", tmp_path / "pulumi")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=r"neither Pulumi 3\S+ or later nor Go is on PATH"):
        pulumi_cli.ensure()


def test_a_build_of_the_engine_that_fails_says_so_and_counts_for_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(pulumi_cli, "PULUMI_BIN", tmp_path / "pulumi")
    write_program(tmp_path / "bin", "go", "echo 'no network' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    with pytest.raises(ToolError, match=r"could not be built .* no network"):
        pulumi_cli.ensure()
    assert not pulumi_cli._is_built()
