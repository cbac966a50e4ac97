"""Puts the function's code of an earlier deployment back, without building anything.

Each deployment publishes a version, which Lambda keeps with its zip. The zip is fetched and deployed with Pulumi, so
that the state and the cloud agree."""

import base64
import hashlib
import urllib.request
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.pulumi import Pulumi
from deploy.session import session
from tools.config import setting
from tools.errors import ToolError
from tools.paths import zip_of
from tools.progress import step


def rollback(stack: str, project: Path, number: str | None, options: list[str]) -> int:
    """Deploys the version, by default the newest one with other code than now. Returns Pulumi's exit code."""
    pulumi = Pulumi(project, stack)
    name = pulumi.outputs()["functionName"]
    client = session(stack, project).client("lambda")
    try:
        version = choose(client, name, number)
        _require_processor(version, setting(stack, "architecture", project))
        with step(f"Fetching version {version['Version']} of {version['LastModified'][:16]}"):
            zipped = _fetch(client, name, version)
    except (BotoCoreError, ClientError, OSError) as error:
        raise ToolError(f"the earlier version could not be fetched, and nothing was changed: {error}") from None
    file = project / zip_of(setting(stack, "architecture", project))
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_bytes(zipped)
    new.replace(file)
    code = pulumi.run("up", "--target=**ripper", *options)
    if code == 0:
        print(
            f"{stack} runs the code of version {version['Version']} again. `just up {stack}` builds this checkout and "
            "deploys that: check out the commit that works before you run it"
        )
    return code


def choose(client: Any, name: str, number: str | None) -> dict[str, Any]:
    """The version of that number, or the one that was deployed before what runs now."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    versions = [version for page in pages for version in page["Versions"]]
    (now,) = [version for version in versions if version["Version"] == "$LATEST"]
    kept = sorted((one for one in versions if one["Version"].isdigit()), key=lambda one: int(one["Version"]))
    if number is not None:
        wanted = [version for version in kept if version["Version"] == number]
        if not wanted:
            there = ", ".join(version["Version"] for version in kept) or "none"
            raise ToolError(f"there is no version {number}; Lambda keeps {there}")
        return wanted[0]
    # What runs now may have been deployed before, by a rollback: then what came after it is not what came before it.
    first = next((index for index, one in enumerate(kept) if one["CodeSha256"] == now["CodeSha256"]), len(kept))
    if first == 0:
        raise ToolError(f"Lambda keeps no code of {name} from before the one that runs; --version takes any other")
    return kept[first - 1]


def _require_processor(version: dict[str, Any], processor: str) -> None:
    if version["Architectures"] != [processor]:
        raise ToolError(
            f"version {version['Version']} is for {version['Architectures'][0]}, and the stack is for {processor} now; "
            "nothing was changed. Set architecture back first, or build an earlier commit"
        )


def _fetch(client: Any, name: str, version: dict[str, Any]) -> bytes:
    """The version's zip, which has to be the one that was deployed."""
    found = client.get_function(FunctionName=name, Qualifier=version["Version"])
    zipped = _download(found["Code"]["Location"])
    if base64.b64encode(hashlib.sha256(zipped).digest()).decode() != version["CodeSha256"]:
        raise ToolError(f"Lambda gave other code than that of version {version['Version']}; nothing was changed")
    return zipped


def _download(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        return answer.read()
