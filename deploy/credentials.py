"""The access key of user A or B as a profile for AWS's tools: printed, or written into the file that they read."""

import configparser
import os
import re
from pathlib import Path

from deploy.pulumi import Pulumi
from tools.config import stack_config
from tools.errors import ToolError


def creds(stack: str, project: Path, user: str, profile: str | None, write: bool) -> None:
    """Prints the profile, or writes it and says how to use it."""
    pulumi = Pulumi(project, stack)
    outputs = pulumi.outputs(secrets=True)
    name = profile or f"exif-ripper-{stack}-{user}"
    if not re.fullmatch(r"[A-Za-z0-9_.@+-]+", name):
        raise ToolError(f"{name!r} cannot be a profile's name; letters, digits and _.@+- can be in it")
    lines = [
        f"[{name}]",
        f"aws_access_key_id = {outputs[f'user{user.upper()}AccessKeyId']}",
        f"aws_secret_access_key = {outputs[f'user{user.upper()}SecretAccessKey']}",
        f"region = {stack_config(stack, project)['aws:region']}",
    ]
    if not write:
        print("\n".join(lines))
        return
    given = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
    # As AWS's own tools read the variable.
    file = Path(os.path.expandvars(given)).expanduser().resolve()
    try:
        text = file.read_text() if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{file} could not be read: {error}") from None
    if profile is not None:
        _require_ours(text, name, {resource.get("id") for resource in pulumi.resources()}, file)
    _write(file, _with_profile(text, name, lines, file))
    bucket = outputs[f"bucket{user.upper()}"]
    print(f"{file} has the profile {name}. Try it: aws s3 ls s3://{bucket} --profile {name}")


def _require_ours(text: str, name: str, ours: set[str], file: Path) -> None:
    """A profile with somebody's own key is not overwritten: its secret could not be had again."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        raise ToolError(f"{file} is not a file of profiles; repair it, or choose another file") from None
    there = parser.get(name, "aws_access_key_id", fallback=None)
    if there is not None and there not in ours:
        raise ToolError(f"the profile {name} in {file} has another key; choose another --profile, or delete it first")


def _with_profile(text: str, name: str, lines: list[str], file: Path) -> str:
    """The file with this profile in place of the one of the same name, or at its end."""
    parts = re.split(r"(?m)^(?=\s*\[)", text)
    same = [index for index, part in enumerate(parts) if re.match(rf"\s*\[\s*{re.escape(name)}\s*\]", part)]
    if len(same) > 1:
        raise ToolError(f"{file} has the profile {name} {len(same)} times; delete all but one")
    new = "\n".join(lines) + "\n"
    if same:
        # Empty lines and comments at its end are about the next profile, and stay.
        old = parts[same[0]].splitlines(keepends=True)
        settings = [index for index, line in enumerate(old) if line.strip() and line.strip()[0] not in "#;"]
        parts[same[0]] = new + "".join(old[settings[-1] + 1 :])
        return "".join(parts)
    before = text if not text or text.endswith("\n\n") else text.rstrip("\n") + "\n\n"
    return before + new


def _write(file: Path, text: str) -> None:
    """Writes the file whole or not at all; only its owner can read it."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.touch(mode=0o600, exist_ok=False)
        new.write_text(text)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise ToolError(f"{file} could not be written: {error.strerror}") from None
