"""A deployment goes to the account that the stack's file names, or nowhere."""

import pytest

from deploy import account
from tools.errors import ToolError


@pytest.fixture
def stack(monkeypatch, tmp_path):
    """Writes a stack's file; the credentials are of the account 012345678901."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(account, "account_of", lambda credentials: "012345678901")

    def write(text):
        (tmp_path / "Pulumi.dev.yaml").write_text("config:\n" + text)
        return tmp_path

    return write


REGION = "  aws:region: eu-central-1\n"


def test_the_account_that_the_file_names_is_accepted(stack):
    account.check_account("dev", stack(REGION + '  aws:allowedAccountIds: ["999999999999", "012345678901"]\n'))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  x: y\n", "does not say in which region"),
        (REGION, "does not say whose account"),
        (REGION + '  aws:allowedAccountIds: ["111111111111"]\n', "are of the account 012345678901, and .* allows only"),
        # Without quotes YAML takes the first for an octal number, and the second for a number.
        (REGION + "  aws:allowedAccountIds: [012345670123]\n", "each in quotes"),
        (REGION + "  aws:allowedAccountIds: [123456789012]\n", "each in quotes"),
        (REGION + '  aws:allowedAccountIds: "123456789012"\n', "each in quotes"),
        (REGION + '  aws:allowedAccountIds: ["12345678901"]\n', "twelve digits"),
    ],
)
def test_anything_else_is_one_sentence(stack, text, said):
    with pytest.raises(ToolError, match=said) as refused:
        account.check_account("dev", stack(text))
    assert "\n" not in str(refused.value)
    print(f"saw {refused.value}")


def test_any_account_is_accepted_where_that_is_said_and_on_this_machine(stack, monkeypatch):
    project = stack(REGION)
    account.check_account("dev", project, any_account=True)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://127.0.0.1:4566")
    account.check_account("dev", project)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://s3.example.com")
    with pytest.raises(ToolError):
        account.check_account("dev", project)


def test_a_profile_that_does_not_exist_is_named(stack, monkeypatch, tmp_path):
    monkeypatch.undo()
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    text = REGION + '  aws:profile: no-such\n  aws:allowedAccountIds: ["123456789012"]\n'
    with pytest.raises(ToolError, match="no-such"):
        account.check_account("dev", stack(text))
