"""The zip is built for the processor that a stack asks for."""

import pytest

from tools import build_zip
from tools.errors import ToolError
from tools.tests.fake_program import write_program


@pytest.fixture
def configured(monkeypatch, tmp_path):
    monkeypatch.setattr(build_zip, "ROOT", tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("config:\n  architecture:\n    default: x86_64\n")

    def configured(stack, text):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(text)

    configured("plain", "config:\n  aws:region: eu-central-1\n")
    return configured


def test_a_stack_is_built_for_its_processor(configured):
    configured("cheap", "config:\n  exif-ripper:architecture: arm64\n")
    configured("empty", "")
    assert [build_zip.architecture(stack) for stack in ("plain", "cheap", "empty")] == ["x86_64", "arm64", "x86_64"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config:\n  exif-ripper:architecture: riscv\n", "can be x86_64 or arm64"),
        ("config: [unclosed\n", "is not YAML"),
        (None, "there is no Pulumi.odd.yaml; the stacks here are plain"),
    ],
)
def test_a_stack_that_cannot_be_built_is_reported_in_one_sentence(configured, text, said):
    if text is not None:
        configured("odd", text)
    with pytest.raises(ToolError, match=said) as refused:
        build_zip.architecture("odd")
    assert "\n" not in str(refused.value)


def test_a_rust_target_that_is_missing_is_named(monkeypatch, tmp_path):
    write_program(tmp_path / "bin", "rustc", "echo /nowhere")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(ToolError, match="rustup target add aarch64-unknown-linux-gnu"):
        build_zip._require("aarch64-unknown-linux-gnu")
