"""The deployed stack that a game day is played on: what the outages do to it, and how its state is read."""

import functools
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.fault_proxy import FaultProxy
from local.local_aws import LocalAws
from local.stack import Stack
from tools.errors import ToolError

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"


@dataclass(eq=False)
class Target:
    """A stack on a local AWS whose function goes through `proxy`. All of its photos are copies of `photo`."""

    aws: LocalAws
    stack: Stack
    proxy: FaultProxy
    photo: bytes
    outputs: dict[str, Any] = field(init=False)
    alarms: dict[str, dict[str, Any]] = field(init=False)
    metric_filters: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.read_stack()

    def read_stack(self) -> None:
        """Reads what is deployed, with all references resolved."""
        self.outputs = self.stack.outputs()
        resources = self.stack.export()["deployment"]["resources"]
        self.alarms = {one["urn"].rsplit("::", 1)[-1]: one["inputs"] for one in resources if one["type"] == _ALARM}
        self.metric_filters = [one["inputs"] for one in resources if one["type"] == _FILTER]

    @property
    def emulator_log(self) -> Path:
        return self.aws.emulator.log

    @functools.cache  # noqa: B019 - a target lives as long as its clients are needed.
    def client(self, service: str) -> Any:
        return self.aws.client(service)

    def put(self, key: str, body: bytes | None = None) -> str:
        """Uploads a photo, or something else, to bucket A; returns its key."""
        self.client("s3").put_object(Bucket=self.outputs["bucketA"], Key=key, Body=self.photo if body is None else body)
        return key

    def put_photos(self, prefix: str, number: int) -> None:
        s3 = self.client("s3")
        for count in range(number):
            s3.put_object(Bucket=self.outputs["bucketA"], Key=f"{prefix}{count:03}.jpg", Body=self.photo)

    def waiting(self, queue: str) -> int:
        """How many messages a queue has, the hidden ones included; the queue is an output of the stack."""
        sqs, names = self.client("sqs"), ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        try:
            found = sqs.get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)
        except sqs.exceptions.QueueDoesNotExist:
            return 0
        return sum(int(found["Attributes"][name]) for name in names)

    @staticmethod
    def now() -> float:
        """The time in seconds since 1970, by the clock that the emulator uses too."""
        return time.time()

    def log_events(self, since: float) -> list[dict[str, Any]]:
        """The events of the function's log from a time on, in seconds since 1970."""
        pages = self.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=self.outputs["logGroup"], startTime=int(since * 1000))
        return [event for page in found for event in page["events"]]

    def wrong(self, prefix: str) -> list[str]:
        """The keys for which bucket B does not have the copy of what bucket A has now, or has one of nothing."""
        keys = self.keys("bucketA", prefix) | self.keys("bucketB", prefix)
        return [key for key in sorted(keys) if self._version(key) != self._made_from(key)]

    def keys(self, bucket: str, prefix: str) -> set[str]:
        """The keys under a prefix in a bucket, which is an output of the stack."""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.outputs[bucket], Prefix=prefix)
        return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

    def _version(self, key: str) -> str | None:
        head = self._head(self.outputs["bucketA"], key)
        return head and head["VersionId"]

    def _made_from(self, key: str) -> str | None:
        head = self._head(self.outputs["bucketB"], key)
        return head and head["Metadata"].get("source-version")

    def _head(self, bucket: str, key: str) -> dict[str, Any] | None:
        try:
            return self.client("s3").head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            return None

    def ripper(self, *arguments: str, code: int = 0) -> str:
        """Runs an operator's command on the stack, which has to end with `code`; returns what it prints."""
        command = [shutil.which("ripper", path=self.aws.environment()["PATH"]) or "ripper", *arguments]
        command += ["--stack", self.stack.name]
        environment = self.aws.environment()
        run = subprocess.run(command, cwd=self.aws.project, env=environment, capture_output=True, text=True)
        if run.returncode != code:
            raise ToolError(f"ripper {arguments[0]} ended with {run.returncode}: {run.stderr.strip()}")
        return run.stdout

    def deploy_again(self) -> None:
        """Makes the cloud what the program says, as `pulumi up --refresh` does."""
        self.stack.refresh()
        self.stack.up()
        self.read_stack()


def wait_until(look: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Waits until `look` is true; fails with the name of what did not come."""
    deadline = time.monotonic() + seconds
    while not look():
        if time.monotonic() > deadline:
            raise ToolError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.1)
