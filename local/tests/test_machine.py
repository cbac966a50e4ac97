"""A machine that cannot run the function says so."""

import sys

import pytest

from local import machine
from tools import build_zip
from tools.errors import ToolError


@pytest.mark.parametrize(
    ("system", "processor", "said"), [("linux", "aarch64", "is arm64 and"), ("darwin", "x86_64", "on a Linux machine")]
)
def test_a_machine_that_cannot_run_the_function_is_reported(monkeypatch, tmp_path, system, processor, said):
    monkeypatch.setattr(build_zip, "ROOT", tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("config:\n  architecture:\n    default: x86_64\n")
    (tmp_path / "Pulumi.plain.yaml").write_text("config:\n  aws:region: eu-central-1\n")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    machine.require_runnable("plain")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: processor)
    with pytest.raises(ToolError, match=said):
        machine.require_runnable("plain")
