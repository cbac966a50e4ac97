"""The program of examples/after-b, deployed beside the stack dev. The emulator delivers the events of bucket B to
EventBridge, and from there to the function."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.stack import Stack
from tests.system.deployed import wait_for
from tools.paths import ROOT


@dataclass(frozen=True)
class Index:
    """The deployed stack of examples/after-b."""

    client: Any
    outputs: dict[str, str]

    def entry(self, key: str) -> dict[str, Any] | None:
        s3 = self.client("s3")
        try:
            return json.loads(s3.get_object(Bucket=self.outputs["index"], Key=key)["Body"].read())
        except s3.exceptions.NoSuchKey:
            return None

    def run(self, key: str) -> bytes:
        """Runs the function with the part of an event that it reads."""
        event = json.dumps({"detail": {"object": {"key": key}}}).encode()
        answer = self.client("lambda").invoke(FunctionName=self.outputs["indexer"], Payload=event)
        assert "FunctionError" not in answer, answer["Payload"].read()
        return answer["Payload"].read()


@pytest.fixture(scope="module")
def index(system, dev) -> Iterator[Index]:
    folder = system.aws.folder / "after-b"
    shutil.copytree(ROOT / "examples" / "after-b", folder)
    before = system.inventory()
    stack = Stack("dev", folder, system.aws.emulator, system.environment)
    print(f"deployed {dict(stack.up().changes)}")
    assert stack.preview().changed == 0
    yield Index(system.aws.client, stack.outputs())
    stack.destroy()
    left = system.inventory() - before
    assert not {name for name in left if "index" in name or name.startswith("rule")}, left


def test_a_photo_that_comes_out_of_b_starts_the_second_function(dev, index):
    key, clean = dev.upload()
    entry = wait_for(lambda: index.entry(key), f"the entry of {key}")
    assert (entry["key"], entry["bytes"]) == (key, len(clean))
    print(f"saw {entry}")


def test_a_photo_that_goes_from_b_goes_from_the_index(dev, index):
    key, _ = dev.upload()
    wait_for(lambda: index.entry(key), f"the entry of {key}")
    dev.user_a.delete_object(Bucket=dev.bucket_a, Key=key)
    wait_for(lambda: index.entry(key) is None, f"the end of the entry of {key}")
    assert dev.photo_in_b(key) is None


def test_an_event_that_comes_twice_or_after_the_delete_changes_nothing(dev, index):
    key, _ = dev.upload()
    entry = wait_for(lambda: index.entry(key), f"the entry of {key}")
    index.run(key)
    assert index.entry(key) == entry
    dev.user_a.delete_object(Bucket=dev.bucket_a, Key=key)
    wait_for(lambda: index.entry(key) is None, f"the end of the entry of {key}")
    # The event of the photo's creation, late.
    index.run(key)
    assert index.entry(key) is None


def test_the_rule_takes_the_events_of_bucket_b_and_of_no_other(system, dev, index):
    events = system.aws.client("events")
    pattern = events.describe_rule(Name=index.outputs["rule"])["EventPattern"]
    taken = {}
    for bucket, kind in (
        (dev.bucket_b, "Object Created"), (dev.bucket_b, "Object Deleted"),
        (dev.bucket_a, "Object Created"), (dev.bucket_b, "Object Tags Added"),
    ):  # fmt: skip
        event = {
            "version": "0", "id": str(uuid.uuid4()), "source": "aws.s3", "account": "000000000000",
            "time": "2026-01-01T00:00:00Z", "region": "eu-central-1", "resources": [f"arn:aws:s3:::{bucket}"],
            "detail-type": kind, "detail": {"bucket": {"name": bucket}, "object": {"key": "a.jpg"}},
        }  # fmt: skip
        taken[bucket, kind] = events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]
    assert list(taken.values()) == [True, True, False, False]
