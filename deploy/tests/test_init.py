"""What `just init` writes into a stack's file, and what it leaves alone."""

import pytest
import yaml

from deploy import init
from tools.errors import ToolError

OWN = "012345678901"


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Runs `init` on a file with this text, for a stack that has no state yet; returns the text after it."""
    monkeypatch.setattr(init, "account_of", lambda credentials: OWN)
    monkeypatch.setattr(init, "session_in", lambda region, profile: None)
    for name, answer in (("succeeds", True), ("exists", False), ("new_stack", 0)):
        monkeypatch.setattr(init.Pulumi, name, lambda self, *_, answer=answer: answer)

    def run(text, region="eu-central-1", account=OWN, secrets=None):
        file = tmp_path / "Pulumi.dev.yaml"
        if text is not None:
            file.write_text(text)
        try:
            init.init("dev", tmp_path, region, account, None, secrets)
        finally:
            run.text = file.read_text() if file.exists() else None
        return run.text

    return run


def test_a_new_file_has_region_account_and_tags(written):
    config = yaml.safe_load(written(None))["config"]
    assert (config["aws:region"], config["aws:allowedAccountIds"]) == ("eu-central-1", [OWN])
    assert config["aws:defaultTags"]["tags"] == {"project": "exif-ripper", "stack": "dev"}


def test_everything_else_in_a_file_stays_as_it_is_written(written):
    text = "# mine\nconfig:\n  aws:region: us-east-1 # here\n  exif-ripper:memoryMb: 1024\nencryptionsalt: v1:x\n"
    after = written(text, region="eu-west-1")
    assert after == text.replace(
        "  aws:region: us-east-1 # here\n", f'  aws:region: eu-west-1\n  aws:allowedAccountIds: ["{OWN}"]\n'
    )
    assert written(after, region="eu-west-1") == after


def test_several_accounts_in_a_file_stay(written):
    text = f'config:\n  aws:region: eu-central-1\n  aws:allowedAccountIds: ["999999999999", "{OWN}"]\n'
    assert written(text) == text
    assert written(text, account=None) == text


@pytest.mark.parametrize(
    "text",
    [
        "encryptionsalt: v1:x\n",
        "config:\n    aws:region: us-east-1\n    exif-ripper:memoryMb: 1024\n",
        "config: {aws:region: us-east-1, exif-ripper:memoryMb: 1024}\n",
    ],
)
def test_a_file_that_cannot_be_changed_safely_stays_and_what_to_add_is_said(written, text):
    with pytest.raises(ToolError, match="cannot be changed safely, so it stays; add under config: aws:region"):
        written(text)
    assert written.text == text


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("config:\n  aws:allowedAccountIds: [12345]\n", {}, "each in quotes"),
        ('config:\n  aws:allowedAccountIds: ["999999999999"]\n', {"account": None}, "credentials are of 012345678901"),
        ('config:\n  aws:allowedAccountIds: ["999999999999"]\n', {}, "allows only 999999999999"),
        (None, {"account": "999999999999"}, "credentials are of 012345678901"),
        (None, {"account": "1234"}, "twelve digits"),
        ("encryptionsalt: v1:x\nconfig: {}\n", {"secrets": "awskms://alias/x"}, "are encrypted by passphrase"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_nothing_is_written(written, text, options, said):
    with pytest.raises(ToolError, match=said) as refused:
        written(text, **options)
    assert written.text == text and "\n" not in str(refused.value)


def test_a_stack_of_another_copy_is_not_taken_over(written, monkeypatch):
    monkeypatch.setattr(init.Pulumi, "exists", lambda self: True)
    text = "config:\n  aws:region: eu-central-1\n"
    with pytest.raises(ToolError, match=r"has a stack dev that this Pulumi.dev.yaml is not of"):
        written(text)
    assert written.text == text


def test_a_deployed_stack_is_not_moved_to_another_region(written, monkeypatch):
    monkeypatch.setattr(init.Pulumi, "exists", lambda self: True)
    text = "config:\n  aws:region: eu-central-1\nencryptionsalt: v1:x\n"
    with pytest.raises(ToolError, match="is in eu-central-1 already"):
        written(text, region="us-east-1")
    assert written.text == text
