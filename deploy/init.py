"""Makes a stack: its file with region and account, and its state with the provider that encrypts its secrets."""

import re
import sys
from pathlib import Path

from deploy.account import account_of, is_account
from deploy.pulumi import Pulumi
from deploy.session import session_in
from deploy.settings import name_problem
from tools.config import stack_file
from tools.errors import ToolError

_NEW_FILE = """\
# The stack {stack}; Pulumi.yaml describes what can be set here.
config:
  aws:region: {region}
  aws:defaultTags:
    tags:
      project: exif-ripper
      stack: {stack}
"""


def init(
    stack: str, project: Path, region: str | None, account: str | None, alerts: str | None, secrets: str | None
) -> None:
    """Asks on a terminal for what is not given; running it twice changes nothing."""
    if problem := name_problem(stack):
        raise ToolError(problem)
    pulumi = Pulumi(project, stack)
    if not pulumi.succeeds("whoami"):
        raise ToolError(
            "Pulumi has no place for its state; make one with: just state-bootstrap; or log in: pulumi login"
        )
    file = project / f"Pulumi.{stack}.yaml"
    there = stack_file(stack, project) if file.is_file() else {}
    config = there.get("config") or {}
    region = region or _asked("region", "--region", config.get("aws:region"))
    allowed = config.get("aws:allowedAccountIds") or []
    credentials = session_in(region, config.get("aws:profile"))
    own = account_of(credentials)
    account = account or (allowed[0] if allowed else _asked("account", "--account", own))
    if not is_account(account):
        raise ToolError(f"the account {account} is not an id of twelve digits")
    if account != own:
        raise ToolError(f"the stack is for the account {account}, and these credentials are of {own}; set AWS_PROFILE")
    file.write_text(
        _with_settings(file.read_text() if there else _NEW_FILE.format(stack=stack, region=region), region, account)
    )
    provider = secrets or there.get("secretsprovider") or "passphrase"
    if not pulumi.exists():
        print(f"making the state of {stack}, with secrets encrypted by {provider}", file=sys.stderr)
        if pulumi.new_stack(provider) != 0:
            raise ToolError(f"Pulumi did not make the stack {stack}; its message is above")
    print(
        f"The stack {stack} is ready: region {region}, account {account}. Next:\n"
        f"  git add {file.name}   and commit it: it holds no secret in clear\n"
        f"  just up {stack}\n"
        f"  just subscribe {stack} {alerts or 'ADDRESS'}   so that alarms reach somebody\n"
        f"  just smoke {stack}"
    )


def _with_settings(text: str, region: str, account: str) -> str:
    """The file with region and account; everything else stays as it is written."""
    text = re.sub(r"(?m)^  aws:allowedAccountIds:.*\n(?:    ?- .*\n)*", "", text)
    # In quotes, as YAML would read digits as a number.
    lines = f'  aws:region: {region}\n  aws:allowedAccountIds: ["{account}"]\n'
    replaced, count = re.subn(r"(?m)^  aws:region:.*\n", lines, text)
    return replaced if count else re.sub(r"(?m)^config:[^\n]*\n", "config:\n" + lines, text, count=1)


def _asked(what: str, option: str, proposed: str | None) -> str:
    """The answer of the person at the terminal, or what is proposed if they only press Enter."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if what == "region" and proposed:
            return proposed
        raise ToolError(f"without a terminal the {what} has to be given: {option}")
    sys.stderr.write(f"{what}{f' [{proposed}]' if proposed else ''}: ")
    sys.stderr.flush()
    answer = sys.stdin.readline().strip() or proposed
    if not answer:
        raise ToolError(f"no {what} was given")
    return answer
