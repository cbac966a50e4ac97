"""A deployed stack as the tests see it: the state in the cloud, read with boto3 and not with our own tools."""

import contextlib
import datetime
import json
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import botocore.exceptions

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], what: str, seconds: float = 30) -> Found:
    """Calls `look` until it finds something; fails with the name of what did not come."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not come within {seconds} s"
        time.sleep(0.1)


def forbidden_markers(photo: bytes) -> list[str]:
    """The segments before the first scan that a clean photo may not have."""
    assert photo[:2] == b"\xff\xd8" and photo[-2:] == b"\xff\xd9", "not a JPEG from SOI to EOI"
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
    """One stack that is deployed on the local AWS."""

    name: str
    outputs: dict[str, str]
    # Makes a boto3 client for the administrator, or with the given key and options.
    client: Callable[..., Any]
    sample: bytes

    def as_user(self, letter: str, service: str) -> Any:
        """A client that signs as user A or B."""
        key = self.outputs[f"user{letter}AccessKeyId"], self.outputs[f"user{letter}SecretAccessKey"]
        return self.client(service, key)

    @property
    def bucket_a(self) -> str:
        return self.outputs["bucketA"]

    @property
    def bucket_b(self) -> str:
        return self.outputs["bucketB"]

    @cached_property
    def user_a(self) -> Any:
        """S3 as user A."""
        return self.as_user("A", "s3")

    @cached_property
    def user_b(self) -> Any:
        """S3 as user B."""
        return self.as_user("B", "s3")

    @cached_property
    def groups(self) -> dict[str, str]:
        """The names of the two groups, by their logical names."""
        of_user = {}
        for logical, user in (("uploaders", "A"), ("viewers", "B")):
            mine = self.client("iam").list_groups_for_user(UserName=self.outputs[f"user{user}Name"])["Groups"]
            (of_user[logical],) = [group["GroupName"] for group in mine]
        return of_user

    @cached_property
    def probe_key(self) -> str:
        """The key of a photo that is in A and, cleaned, in B."""
        key = f"probe-{uuid.uuid4().hex}.jpg"
        self.user_a.put_object(Bucket=self.bucket_a, Key=key, Body=self.sample)
        wait_for(lambda: self.photo_in_b(key), key)
        return key

    def upload(self) -> tuple[str, bytes]:
        """Puts a photo into A under a new key; the key, and the bytes of the clean photo."""
        key = f"holiday/{uuid.uuid4().hex}.jpg"
        self.user_a.put_object(Bucket=self.bucket_a, Key=key, Body=self.sample)
        return key, wait_for(lambda: self.photo_in_b(key), key)["Body"].read()

    def photo_in_b(self, key: str) -> dict[str, Any] | None:
        """The clean photo, as user B gets it; None while it does not exist."""
        try:
            return self.user_b.get_object(Bucket=self.bucket_b, Key=key)
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None

    def objects(self, letter: str) -> set[str]:
        """The keys in bucket `a` or `b`."""
        bucket = {"a": self.bucket_a, "b": self.bucket_b}[letter]
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {entry["Key"] for page in pages for entry in page.get("Contents", [])}

    @contextlib.contextmanager
    def without_put(self) -> Iterator[None]:
        """Meanwhile the function's role may not write to bucket B."""
        iam, functions = self.client("iam"), self.client("lambda")
        configuration = functions.get_function_configuration(FunctionName=self.outputs["functionName"])
        role = configuration["Role"].rsplit("/", 1)[-1]
        statement = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{self.bucket_b}/*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_role_policy(RoleName=role, PolicyName="no-put", PolicyDocument=policy)
        try:
            yield
        finally:
            iam.delete_role_policy(RoleName=role, PolicyName="no-put")

    def record(self, key: str) -> dict[str, Any]:
        """A record of an S3 event for a key, in the form that S3 writes."""
        return {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "eu-central-1",
            "eventTime": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "eventName": "ObjectCreated:Put",
            "userIdentity": {"principalId": "AWS:TESTS"},
            "requestParameters": {"sourceIPAddress": "127.0.0.1"},
            "responseElements": {"x-amz-request-id": "tests", "x-amz-id-2": "tests"},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "jpg",
                "bucket": {
                    "name": self.bucket_a,
                    "ownerIdentity": {"principalId": "TESTS"},
                    "arn": f"arn:aws:s3:::{self.bucket_a}",
                },
                "object": {"key": urllib.parse.quote_plus(key), "size": 1, "eTag": "0", "sequencer": "0"},
            },
        }

    @staticmethod
    def key_of(event: dict[str, Any]) -> str:
        """The key that an S3 event is about."""
        return urllib.parse.unquote_plus(event["Records"][0]["s3"]["object"]["key"])

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """Runs the function with an event and waits; the error of a failed run is in `error`."""
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["functionName"], Payload=json.dumps(event).encode()
        )
        if "FunctionError" in answer:
            answer["error"] = json.loads(answer["Payload"].read())
        return answer

    def log_events(self) -> list[str]:
        """Every line of the function's log."""
        pages = self.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=self.outputs["logGroup"])
        return [event["message"] for page in found for event in page["events"]]
