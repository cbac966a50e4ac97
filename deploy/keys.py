"""Rotates the access key of user A or B: a new key first, and the old one becomes inactive when nobody uses it.

IAM allows a user two keys, and the stack always has two. One is given by the outputs, and the other is inactive. A
rotation replaces the inactive one and gives the new one; both are active until `--finish`."""

import copy
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.pulumi import Pulumi
from deploy.session import session
from tools.config import setting
from tools.errors import ToolError

_Keys = dict[str, Any]


def rotate(stack: str, project: Path, user: str, finish: bool, options: list[str]) -> int:
    """Changes the setting and deploys it, with `options` for `pulumi up`. Returns its exit code."""
    pulumi, name, file = Pulumi(project, stack), setting_of(user), project / f"Pulumi.{stack}.yaml"
    keys, before = setting(stack, name, project), file.read_text()
    resources = pulumi.resources()
    require_deployed(stack, user, keys, resources)
    changed = finished(keys, stack, user) if finish else begun(keys, stack, user)
    if finish:
        _say_last_use(stack, project, ids(user, resources)[1 - keys["given"]])
    _write(pulumi, name, changed)
    # Nothing else: what has changed in the program or in the zip since goes up with `just up`.
    targets = [f"--target=**{logical}" for logical in _logical_names(user)]
    as_before = (made(user, resources), statuses(user, resources))
    code = pulumi.run("up", *targets, *options)
    now = pulumi.resources() if code != 0 else resources
    if code != 0 and (made(user, now), statuses(user, now)) == as_before:
        file.write_text(before)
        print(f"nothing was changed, and Pulumi.{stack}.yaml is as before")
    elif code != 0:
        print(f"Pulumi.{stack}.yaml has the new setting; to go on where Pulumi stopped: just up {stack}")
    elif finish:
        print(f"The old key of user {user.upper()} is inactive. It is deleted at the next rotation.")
        print(f"Commit Pulumi.{stack}.yaml: with an older one `just up` would undo this.")
    else:
        print(
            f"User {user.upper()} has a new key, and the old one still works. Commit Pulumi.{stack}.yaml, and give the "
            f"new key to all who use it:\n  just creds {stack} {user}\n"
            f"and then: just rotate-keys {stack} {user} --finish"
        )
    return code


def setting_of(user: str) -> str:
    """The name of the setting of user `a` or `b`."""
    return f"user{user.upper()}Keys"


def made(user: str, resources: list[dict[str, Any]]) -> list[Any]:
    """How often each of the user's keys was made, as the state has it."""
    return [_in_state(logical, resources).get("replacementTrigger") for logical in _logical_names(user)]


def statuses(user: str, resources: list[dict[str, Any]]) -> list[Any]:
    """Whether each of the user's keys is active, as the state has it."""
    return [_in_state(logical, resources).get("inputs", {}).get("status") for logical in _logical_names(user)]


def ids(user: str, resources: list[dict[str, Any]]) -> list[str | None]:
    """The ids of the user's keys."""
    return [_in_state(logical, resources).get("id") for logical in _logical_names(user)]


def require_deployed(stack: str, user: str, keys: _Keys, resources: list[dict[str, Any]]) -> None:
    """The file has to be that of the last deployment: by an older one a key that is in use would be deleted."""
    deployed = made(user, resources)
    if deployed != keys["made"]:
        raise ToolError(
            f"{setting_of(user)} in Pulumi.{stack}.yaml says that the keys were made {keys['made']} times, and those "
            f"that are deployed {deployed}: take the file of the last deployment, or deploy this one first: "
            f"just up {stack}"
        )


def _logical_names(user: str) -> tuple[str, str]:
    return f"user{user.upper()}Key", f"user{user.upper()}Key2"


def _in_state(logical: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return next((one for one in resources if one["urn"].endswith(f"::{logical}")), {})


def begun(keys: _Keys, stack: str, user: str) -> _Keys:
    """The setting with a new key in the place of the inactive one."""
    other = 1 - keys["given"]
    if keys["status"][other] == "Active":
        raise ToolError(
            f"a rotation of user {user.upper()} is not finished: the old key is still active. When nobody uses it: "
            f"just rotate-keys {stack} {user} --finish"
        )
    changed = copy.deepcopy(keys)
    changed["given"] = other
    changed["status"] = ["Active", "Active"]
    changed["made"][other] += 1
    return changed


def finished(keys: _Keys, stack: str, user: str) -> _Keys:
    """The setting with the old key inactive."""
    old = 1 - keys["given"]
    if keys["status"][old] == "Inactive":
        raise ToolError(f"user {user.upper()} has one active key; to make a new one: just rotate-keys {stack} {user}")
    changed = copy.deepcopy(keys)
    changed["status"][old] = "Inactive"
    return changed


def problem(keys: Any) -> str | None:
    """What is wrong with the setting."""
    right = (
        isinstance(keys, dict)
        and set(keys) == {"given", "status", "made"}
        and keys["given"] in (0, 1)
        and isinstance(keys["status"], list)
        and isinstance(keys["made"], list)
        and [len(keys["status"]), len(keys["made"])] == [2, 2]
        and all(status in ("Active", "Inactive") for status in keys["status"])
        and all(type(number) is int for number in keys["made"])
    )
    if not right:
        return "it has to have given (0 or 1), status (two of Active and Inactive) and made (two numbers)"
    if keys["status"][keys["given"]] != "Active":
        return f"the key that is given, {keys['given']}, has to be Active"
    return None


def _write(pulumi: Pulumi, name: str, keys: _Keys) -> None:
    values = {"given": keys["given"]}
    for field in ("status", "made"):
        values |= {f"{field}[{index}]": value for index, value in enumerate(keys[field])}
    options = [text for path, value in values.items() for text in ("--plaintext", f"exif-ripper:{name}.{path}={value}")]
    pulumi.ask("config", "set-all", "--stack", pulumi.stack, "--path", *options)


def _say_last_use(stack: str, project: Path, key: str | None) -> None:
    """Says when the key that becomes inactive was used last, as far as IAM knows."""
    try:
        used = session(stack, project).client("iam").get_access_key_last_used(AccessKeyId=key)["AccessKeyLastUsed"]
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"IAM does not say when {key} was used last, so it stays active: {error}") from None
    when = used.get("LastUsedDate")
    print(f"{key} was last used {f'on {when:%Y-%m-%d at %H:%M} UTC' if when else 'never'}")
