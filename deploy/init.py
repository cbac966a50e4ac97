"""Makes a stack: its file with region and account, and its state with the provider that encrypts its secrets."""

import re
import sys
from pathlib import Path
from typing import Any

import yaml

from deploy.account import account_of, is_account, require_ids
from deploy.pulumi import Pulumi
from deploy.session import session_in
from deploy.settings import name_problem
from tools.config import Settings, stack_file
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
    is_made = pulumi.exists()
    if is_made and not there.keys() & {"encryptionsalt", "secretsprovider"}:
        raise ToolError(
            f"the place for the state has a stack {stack} that this {file.name} is not of: restore the file of "
            "that stack, or, for another copy of the project, log in to a folder of your own: "
            "pulumi login 's3://BUCKET/FOLDER?region=REGION'"
        )
    config = there.get("config") or {}
    if is_made and region and region != config.get("aws:region"):
        raise ToolError(f"{stack} is in {config.get('aws:region')} already; a stack in {region} needs another name")
    region = region or _asked("region", "--region", config.get("aws:region"))
    credentials = session_in(region, config.get("aws:profile"))
    account = _account(credentials, config.get("aws:allowedAccountIds"), account, file)
    provider = _provider(there, secrets, file)
    text = file.read_text() if there else _NEW_FILE.format(stack=stack, region=region)
    written = _with_settings(text, region, account, file)
    file.write_text(written)
    if not is_made:
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


def _account(credentials: Any, allowed: Any, given: str | None, file: Path) -> str:
    """The account that the stack is for, which has to be that of the credentials."""
    own = account_of(credentials)
    if allowed:
        require_ids(allowed, file.name)
    account = given or (own if own in (allowed or []) else None) or (allowed or [None])[0]
    account = account or _asked("account", "--account", own)
    if not is_account(account):
        raise ToolError(f"the account {account} is not an id of twelve digits")
    if allowed and account not in allowed:
        raise ToolError(f"{file.name} allows only {', '.join(allowed)}; change aws:allowedAccountIds there first")
    if account != own:
        raise ToolError(f"the stack is for the account {account}, and these credentials are of {own}; set AWS_PROFILE")
    return account


def _provider(there: Settings, given: str | None, file: Path) -> str:
    """What encrypts the stack's secrets."""
    now = there.get("secretsprovider") or ("passphrase" if "encryptionsalt" in there else None)
    if given and now and given != now:
        raise ToolError(
            f"the secrets in {file.name} are encrypted by {now}; to change that: pulumi stack change-secrets-provider"
        )
    return given or now or "passphrase"


def _with_settings(text: str, region: str, account: str, file: Path) -> str:
    """The file with region and account; everything else stays as it is written."""
    config = (yaml.safe_load(text) or {}).get("config") or {}
    if config.get("aws:region") != region:
        line = f"  aws:region: {region}\n"
        text, count = re.subn(r"(?m)^  aws:region:.*\n", line, text)
        text = text if count else re.sub(r"(?m)^config:[^\n]*\n", "config:\n" + line, text, count=1)
    if not config.get("aws:allowedAccountIds"):
        # In quotes, as YAML would read digits as a number.
        text = re.sub(r"(?m)^  aws:region:.*\n", rf'\g<0>  aws:allowedAccountIds: ["{account}"]\n', text, count=1)
    try:
        written = (yaml.safe_load(text) or {}).get("config") or {}
    except yaml.YAMLError:
        written = {}
    ours = {"aws:region", "aws:allowedAccountIds"}
    others = [{name: value for name, value in one.items() if name not in ours} for one in (config, written)]
    right = written.get("aws:region") == region and account in written.get("aws:allowedAccountIds", [])
    if not right or others[0] != others[1]:
        raise ToolError(
            f"{file.name} is written in a way that cannot be changed safely, so it stays; add under config: "
            f'aws:region: {region} and aws:allowedAccountIds: ["{account}"]'
        )
    return text


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
