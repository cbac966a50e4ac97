"""A deployed stack as the tests see it: the cloud's own state, asked for with boto3, not our own tools."""

import datetime
import json
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import boto3
import botocore
import botocore.config
import botocore.exceptions

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], what: str, seconds: float = 30) -> Found:
    """Looks until there is something; a failure that says what never came."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.1)


def forbidden_markers(photo: bytes) -> list[str]:
    """The segments in front of the first scan that a clean photo may not have."""
    assert photo[:2] == b"\xff\xd8" and photo[-2:] == b"\xff\xd9", "no JPEG from SOI to EOI"
    found, at = [], 2
    while photo[at + 1] != 0xDA:
        marker, length = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4], "big")
        payload = photo[at + 4 : at + 2 + length]
        allowed = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
        is_metadata = 0xE0 <= marker <= 0xEF or marker == 0xFE
        if is_metadata and not (marker in allowed and payload.startswith(allowed[marker])):
            found.append(f"{marker:02X} at {at}")
        at += 2 + length
    return found


@dataclass(frozen=True)
class Deployed:
    """One stack that stands on the local AWS."""

    name: str
    outputs: dict[str, str]
    environment: dict[str, str]

    def client(self, service: str, key_id: str, secret: str, token: str | None = None) -> Any:  # noqa: ANN401
        """A client that signs with the given credentials."""
        session = boto3.session.Session(key_id, secret, token, region_name=self.environment["AWS_REGION"])
        return self._client(session, service, botocore.config.Config())

    def admin(self, service: str) -> Any:  # noqa: ANN401
        """A client of the account's administrator."""
        return self.client(
            service, self.environment["AWS_ACCESS_KEY_ID"], self.environment["AWS_SECRET_ACCESS_KEY"]
        )

    def anonymous(self, service: str) -> Any:  # noqa: ANN401
        """A client that does not sign."""
        session = boto3.session.Session(region_name=self.environment["AWS_REGION"])
        return self._client(session, service, botocore.config.Config(signature_version=botocore.UNSIGNED))

    def _client(self, session: boto3.session.Session, service: str, config: botocore.config.Config) -> Any:  # noqa: ANN401
        config = config.merge(botocore.config.Config(retries={"total_max_attempts": 1}))
        endpoint, trust = self.environment["AWS_ENDPOINT_URL"], self.environment["AWS_CA_BUNDLE"]
        return session.client(service, endpoint_url=endpoint, verify=trust, config=config)

    @property
    def bucket_a(self) -> str:
        return self.outputs["bucketA"]

    @property
    def bucket_b(self) -> str:
        return self.outputs["bucketB"]

    @cached_property
    def user_a(self) -> Any:  # noqa: ANN401
        """S3 as user A."""
        return self.client("s3", self.outputs["userAAccessKeyId"], self.outputs["userASecretAccessKey"])

    @cached_property
    def user_b(self) -> Any:  # noqa: ANN401
        """S3 as user B."""
        return self.client("s3", self.outputs["userBAccessKeyId"], self.outputs["userBSecretAccessKey"])

    @cached_property
    def groups(self) -> dict[str, str]:
        """The names of the two groups, by their logical names."""
        names = [group["GroupName"] for group in self.admin("iam").list_groups()["Groups"]]
        of_user = {}
        for logical, user in (("uploaders", "A"), ("viewers", "B")):
            mine = self.admin("iam").list_groups_for_user(UserName=self.outputs[f"user{user}Name"])["Groups"]
            (of_user[logical],) = [group["GroupName"] for group in mine]
            assert of_user[logical] in names
        return of_user

    @cached_property
    def probe_key(self) -> str:
        """The key of a photo that is in A and, cleaned, in B."""
        key = f"probe-{uuid.uuid4().hex}.jpg"
        sample = (Path(self.environment["SAMPLES"]) / "sample.jpg").read_bytes()
        self.user_a.put_object(Bucket=self.bucket_a, Key=key, Body=sample)
        wait_for(lambda: self.photo_in_b(key), key)
        return key

    def photo_in_b(self, key: str) -> dict[str, Any] | None:
        """The clean photo, as user B gets it; nothing while it is not there."""
        try:
            return self.user_b.get_object(Bucket=self.bucket_b, Key=key)
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None

    def objects(self, letter: str) -> set[str]:
        """The keys in bucket `a` or `b`."""
        bucket = {"a": self.bucket_a, "b": self.bucket_b}[letter]
        pages = self.admin("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

    def record(self, key: str) -> dict[str, Any]:
        """A record of an S3 event for a key, as S3 writes it."""
        return {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self.environment["AWS_REGION"],
            "eventTime": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": self.bucket_a}, "object": {"key": urllib.parse.quote_plus(key)}},
        }

    @staticmethod
    def key_of(event: dict[str, Any]) -> str:
        """The key that an S3 event is about."""
        return urllib.parse.unquote_plus(event["Records"][0]["s3"]["object"]["key"])

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """Runs the function with an event and waits; a failed run's error is under `error`."""
        answer = self.admin("lambda").invoke(
            FunctionName=self.outputs["functionName"], Payload=json.dumps(event).encode()
        )
        if "FunctionError" in answer:
            answer["error"] = json.loads(answer["Payload"].read())
        return answer

    def log_events(self) -> list[str]:
        """Every line of the function's log."""
        pages = self.admin("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=self.outputs["logGroup"])
        return [event["message"] for page in found for event in page["events"]]
