"""Forgets the secrets in a stack's state whose passphrase is lost: without it Pulumi refuses every command.

The secrets are the users' secret keys. AWS still works with the keys; `just rotate-keys` makes new ones."""

import json
import os
import re
from pathlib import Path
from typing import Any

from deploy.destroy import confirm
from deploy.pulumi import Pulumi
from tools.config import stack_file
from tools.errors import ToolError

# How Pulumi marks a value in its state, and what marks a secret ("sdk/go/common/resource/sig" in its source).
_MARK = "4dabf18193072939515e22adb298388d"
_SALT = re.compile(r"(?m)^encryptionsalt:.*\n?")
_FORGOTTEN = "forgotten with the passphrase; make a new key with: just rotate-keys"


def forget_secrets(stack: str, project: Path, confirmed: str | None) -> None:
    """Encrypts the state with a new passphrase, with a sentence in the place of each secret."""
    if not {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"} & set(os.environ):
        raise ToolError("set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the new passphrase")
    pulumi, file = Pulumi(project, stack), project / f"Pulumi.{stack}.yaml"
    if "encryptionsalt" not in stack_file(stack, project):
        raise ToolError(f"the secrets of {stack} are not encrypted with a passphrase, so there is none to lose")
    try:
        pulumi.ask("stack", "output", "--stack", stack, "--show-secrets")
        raise ToolError(f"the passphrase of {stack} is right, so nothing was changed")
    except ToolError as answer:
        # Any other answer says nothing about the passphrase.
        if "incorrect passphrase" not in str(answer):
            raise
    confirm(stack, confirmed, f"The secret keys of {stack} in Pulumi's state will be forgotten.")
    text = pulumi.ask("stack", "export", "--stack", stack)
    kept = project / f"{stack}-before-forget-secrets.json"
    try:
        kept.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise ToolError(f"{kept.name} is there from an earlier run; put it away first") from None
    kept.write_text(text)
    state, count = _without_secrets(json.loads(text))
    salt = _new_salt(project, stack)
    state["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": salt}}
    before = file.read_text()
    file.write_text(_SALT.sub("", before).rstrip("\n") + f"\nencryptionsalt: {salt}\n")
    try:
        pulumi.ask("stack", "import", "--stack", stack, text=json.dumps(state))
    except BaseException:
        file.write_text(before)
        raise
    print(
        f"{count} secrets of {stack} are forgotten. The state of before is in {kept.name}: keep it until the new keys"
    )
    print("are in use, in case the passphrase is found, and do not commit it. Next:")
    print(f"  git add {file.name}   and commit it\n  just rotate-keys {stack} a\n  just rotate-keys {stack} b")


def _new_salt(project: Path, stack: str) -> str:
    """What Pulumi derives a key of the new passphrase from: it makes one for each new stack."""
    name = f"{stack}-passphrase"
    new, file = Pulumi(project, name), project / f"Pulumi.{name}.yaml"
    try:
        if new.new_stack("passphrase") != 0:
            raise ToolError("Pulumi took no new passphrase; its message is above. Nothing was changed")
        return stack_file(name, project)["encryptionsalt"]
    finally:
        new.succeeds("stack", "rm", "--yes", "--stack", name)
        file.unlink(missing_ok=True)


def _without_secrets(state: Any) -> tuple[Any, int]:
    """The state with a sentence in the place of each secret, and how many there were."""
    count = 0

    def walk(value: Any) -> Any:
        nonlocal count
        if isinstance(value, dict) and _MARK in value and "ciphertext" in value:
            count += 1
            return {_MARK: value[_MARK], "plaintext": json.dumps(_FORGOTTEN)}
        if isinstance(value, dict):
            return {name: walk(one) for name, one in value.items()}
        return [walk(one) for one in value] if isinstance(value, list) else value

    return walk(state), count
