"""Checks a stack's settings before anything is built or deployed. Pulumi ignores a misspelt name, and AWS refuses some
values only when half of the stack is there; others it accepts, and they do harm."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy import keys
from tools.build_zip import PROCESSORS
from tools.config import declared, project_file, stack_config, stack_file
from tools.errors import ToolError

# The words that a setting can have; those of the photo core are compared with it by a test.
WORDS = {
    "architecture": tuple(PROCESSORS),
    "orientation": ("upright", "perfect", "tag", "drop"),
    "icc": ("minimal", "keep"),
    "deletes": ("follow", "keep"),
    "expireOriginals": ("Enabled", "Disabled"),
    "encryption": ("AES256", "aws:kms"),
}
# The lowest and the highest number, as AWS allows them: "Lambda quotas" for memory; days of a lifecycle rule are not 0.
RANGES = {
    "memoryMb": (128, 10240),
    "maxPhotoMb": (1, 5120),
    "noncurrentDays": (1, 36500),
    "noncurrentOriginalsDays": (1, 36500),
    "expireOriginalsDays": (1, 36500),
}
# "PutRetentionPolicy" in the Amazon CloudWatch Logs API Reference.
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
)  # fmt: skip
# What is left of a bucket's 63 characters beside the project, the longest logical name and seven digits.
LONGEST_STACK = 32
_AWS = {"aws:region", "aws:profile", "aws:allowedAccountIds", "aws:defaultTags"}
_TOP_LEVEL = {"config", "secretsprovider", "encryptionsalt", "encryptedkey", "environment"}


def check_settings(stack: str, project: Path) -> None:
    """Raises one sentence for each setting that cannot be used."""
    found = list(problems(stack, project))
    if found:
        raise ToolError(";\n".join(found))


def problems(stack: str, project: Path) -> Iterator[str]:
    """A sentence for each setting of the stack that cannot be used."""
    file = f"Pulumi.{stack}.yaml"
    if problem := name_problem(stack):
        yield problem
    unknown = sorted(set(stack_file(stack, project)) - _TOP_LEVEL)
    if unknown:
        yield f"{file} has {', '.join(unknown)}, which Pulumi would ignore; a setting is under config:"
    prefix = project_file(project)["name"] + ":"
    known, values = declared(project), {name: setting["default"] for name, setting in declared(project).items()}
    unfollowed = sorted(name for name in stack_config(stack, project) if name.startswith("aws:") and name not in _AWS)
    if unfollowed:
        yield f"{file} sets {', '.join(unfollowed)}, which these checks do not follow; use a profile that does that"
    for name, value in stack_config(stack, project).items():
        if name.startswith(prefix) and name.removeprefix(prefix) not in known:
            yield f"{file} sets {name}, which Pulumi.yaml does not declare; it has {', '.join(sorted(known))}"
        elif name.startswith(prefix):
            values[name.removeprefix(prefix)] = value
    wrong = False
    region = stack_config(stack, project).get("aws:region")
    for name, value in values.items():
        problem = _problem(name, known[name]["type"], value)
        if problem:
            wrong = True
            yield f"{name} in {file} is {value!r}: {problem}"
    if not wrong:
        yield from _together(file, {**values, "aws:region": region})


def name_problem(stack: str) -> str | None:
    """What is wrong with a stack's name."""
    # Bucket names have no capital letters and no underscores; a dot in one does not go with TLS.
    if re.fullmatch(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_STACK - 1}}}", stack):
        return None
    return (
        f"the stack's name {stack} goes into the names of buckets: it can have small letters, digits and hyphens, "
        f"{LONGEST_STACK} at most"
    )


def _problem(name: str, kind: str, value: Any) -> str | None:
    """What is wrong with a value by itself."""
    if kind == "boolean":
        return None if str(value).lower() in ("true", "false") else "it has to be true or false"
    if kind == "integer":
        return _number_problem(name, value)
    if kind == "object":
        return keys.problem(value)
    if kind == "array":
        return _origins_problem(value)
    if name in WORDS:
        return None if value in WORDS[name] else f"it can be {' or '.join(WORDS[name])}"
    if not isinstance(value, str):
        return "it has to be text; put it in quotes"
    if name == "keyPrefix":
        return _prefix_problem(value)
    if name == "parameterPath" and not re.fullmatch(r"(/(?!aws|ssm)[A-Za-z0-9_.-]+){1,10}", value):
        return "it has to be a path such as /exif-ripper, of letters, digits and _.-, without a slash at its end"
    return None


def _number_problem(name: str, value: Any) -> str | None:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        return "it has to be a whole number"
    number = int(value)
    if name in RANGES and not RANGES[name][0] <= number <= RANGES[name][1]:
        return f"it has to be from {RANGES[name][0]} to {RANGES[name][1]}"
    if name == "logRetentionDays" and number not in RETENTION_DAYS:
        return f"CloudWatch knows only {', '.join(map(str, RETENTION_DAYS))}"
    if name == "reservedConcurrency" and number != -1 and number < 1:
        return "it has to be -1 for the account's shared pool, or at least 1; with 0 the function never runs"
    return None


def _origins_problem(origins: Any) -> str | None:
    """What is wrong with uploadOrigins, the one list among the settings."""
    if not isinstance(origins, list) or not origins:
        return "it has to be a list of origins; to allow none, remove it"
    # As browsers write it: small letters, and neither a path nor a slash after it. A page that comes over http can be
    # changed on its way, except from the same machine.
    origin = re.compile(r"(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?")
    for one in origins:
        if not isinstance(one, str) or not origin.fullmatch(one):
            return f"{one!r} is no origin such as https://www.example.com, in small letters, with nothing after it"
        if one.endswith(":443"):
            return f"browsers leave out :443, so {one} would match nothing"
    return None


def _prefix_problem(prefix: str) -> str | None:
    # The role's policy and user A's are made of it, where these have a meaning of their own.
    if re.search(r"[*?$]", prefix):
        return "it goes into policies, where *, ? and $ match other keys"
    if len(prefix.encode()) > 900:
        return "a key has 1024 bytes at most, so it can have 900"
    return None


def _together(file: str, values: dict[str, Any]) -> Iterator[str]:
    """What is wrong with values that are right by themselves."""
    key = rf"arn:aws:kms:{re.escape(str(values['aws:region']))}:\d{{12}}:key/[\w-]+"
    if values["encryption"] == "aws:kms" and not re.fullmatch(key, values["kmsKeyArn"]):
        yield f"kmsKeyArn in {file} has to be the ARN of a key in the stack's region, as encryption is aws:kms"
    if values["encryption"] == "AES256" and values["kmsKeyArn"]:
        yield f"kmsKeyArn in {file} is not used, as encryption is AES256; set encryption to aws:kms, or remove it"
    memory, photo = int(values["memoryMb"]), int(values["maxPhotoMb"])
    if memory < photo + 64:
        yield f"memoryMb in {file} is {memory}: it has to be at least maxPhotoMb + 64, which is {photo + 64}"
