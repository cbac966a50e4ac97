"""Takes a stack down, or nothing at all: what cannot go is found before the first resource is deleted, and what will go
is shown in numbers first."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.pulumi import Pulumi
from deploy.session import session
from tools.errors import ToolError
from tools.progress import step

_Resource = dict[str, Any]


@dataclass
class Contents:
    """What a bucket holds."""

    bucket: str
    photos: int = 0
    versions: int = 0
    bytes: int = 0


def destroy(stack: str, project: Path, confirmed: str | None) -> int:
    """Shows what would go, asks for the stack's name, and runs `pulumi destroy`."""
    pulumi = Pulumi(project, stack)
    resources = pulumi.resources()
    if not resources:
        raise ToolError(f"the stack {stack} is not deployed")
    _require_unprotected(stack, resources)
    credentials = session(stack, project)
    try:
        with step(f"Counting what the buckets of {stack} hold"):
            s3, buckets = credentials.client("s3"), _of_type(resources, "s3/bucket:Bucket")
            contents = [_contents(s3, bucket) for bucket in sorted(buckets, key=lambda one: one["urn"])]
        _require_deletable(stack, contents)
        _require_known_keys(stack, credentials.client("iam"), resources)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"what {stack} holds could not be counted, so nothing was deleted: {error}") from None
    _show(stack, resources, [content for content, _ in contents])
    confirm(stack, confirmed, "")
    # With the preview, which refuses what has been protected since.
    return pulumi.run("destroy", "--yes")


def _of_type(resources: list[_Resource], kind: str) -> list[_Resource]:
    return [resource for resource in resources if resource["type"] == f"aws:{kind}"]


def _require_unprotected(stack: str, resources: list[_Resource]) -> None:
    protected = sorted(resource["urn"].rsplit("::", 1)[-1] for resource in resources if resource.get("protect"))
    if protected:
        raise ToolError(
            f"{stack} is protected ({', '.join(protected)}), so nothing was deleted. To take it down on purpose, see "
            'docs/deploying.md ("Taking a stack down")'
        )


def _contents(s3: Any, bucket: _Resource) -> tuple[Contents, bool]:
    """What a bucket holds, and whether a destroy may delete it."""
    found = Contents(bucket["outputs"]["bucket"])
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=found.bucket):
            versions = page.get("Versions", [])
            found.versions += len(versions) + len(page.get("DeleteMarkers", []))
            found.photos += sum(version["IsLatest"] for version in versions)
            found.bytes += sum(version["Size"] for version in versions)
    except s3.exceptions.NoSuchBucket:
        # Somebody deleted it; then there is nothing to lose.
        pass
    return found, bool(bucket["outputs"].get("forceDestroy"))


def _require_deletable(stack: str, contents: list[tuple[Contents, bool]]) -> None:
    kept = [content for content, may_go in contents if content.versions and not may_go]
    if kept:
        sizes = ", ".join(f"{content.bucket} ({_numbers(content)})" for content in kept)
        raise ToolError(
            f"{stack} may not delete what is in its buckets: {sizes}. Nothing was deleted. To take it down with its "
            'photos, see docs/deploying.md ("Taking a stack down")'
        )


def _require_known_keys(stack: str, iam: Any, resources: list[_Resource]) -> None:
    """IAM deletes no user that has a key which Pulumi did not make."""
    known = {resource["id"] for resource in _of_type(resources, "iam/accessKey:AccessKey")}
    for user in _of_type(resources, "iam/user:User"):
        name = user["outputs"]["name"]
        try:
            keys = {key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]}
        except iam.exceptions.NoSuchEntityException:
            continue
        if keys - known and not user["outputs"].get("forceDestroy"):
            raise ToolError(
                f"user {name} has an access key that Pulumi did not make, and IAM would keep the user, so nothing of "
                f"{stack} was deleted. Delete the key first: aws iam delete-access-key --user-name {name} "
                f"--access-key-id {sorted(keys - known)[0]}"
            )


def _show(stack: str, resources: list[_Resource], contents: list[Contents]) -> None:
    # The stack itself and the provider are resources of the state, and nothing in AWS.
    things = [resource for resource in resources if resource["type"].startswith("aws:")]
    width = max(len(content.bucket) for content in contents) if contents else 0
    lines = [f"{stack}: {len(things)} things in AWS will be deleted for good, the log and the queues too, with:"]
    lines += [f"  {content.bucket:<{width}}  {_numbers(content)}" for content in contents]
    sys.stderr.write("\n".join(lines) + "\n")


def _numbers(content: Contents) -> str:
    return f"{content.photos:,} objects, {content.versions:,} versions, {content.bytes / 1e6:,.1f} MB"


def confirm(stack: str, confirmed: str | None, what: str) -> None:
    """Asks for the stack's name, where it was not given. Raises a sentence if it is another."""
    if confirmed is None:
        if not sys.stdin.isatty():
            raise ToolError(f"without a terminal the stack's name has to be given again: --confirm {stack}")
        sys.stderr.write(f"{what} To go on, type the stack's name: ".lstrip())
        sys.stderr.flush()
        confirmed = sys.stdin.readline().strip()
    if confirmed != stack:
        raise ToolError("that is not the stack's name, so nothing was changed")
