"""`ripper forget` on a deployed stack: afterwards no byte of the photo and no message with its key is left."""

import json
import uuid

import pytest

from tests.system.deployed import Deployed, wait_for
from tests.system.test_deletes import published, versions
from tests.system.test_failures import waiting
from tests.system.test_queues import listed


@pytest.fixture(scope="module")
def stack(system) -> Deployed:
    """A stack of its own."""
    return system.deploy_hurried("forget")


def traces(stack: Deployed, key: str) -> list[str]:
    """All that the buckets and queues have of a key."""
    found, s3, sqs = [], stack.client("s3"), stack.client("sqs")
    for bucket in (stack.bucket_a, stack.bucket_b):
        listing = versions(stack, bucket, key)
        entries = listing.get("Versions", []) + listing.get("DeleteMarkers", [])
        found += [f"{entry['VersionId']} in {bucket}" for entry in entries if entry["Key"] == key]
        uploads = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
        found += [f"upload {upload['UploadId']}" for upload in uploads if upload["Key"] == key]
    for queue in ("failuresQueueUrl", "refusalsQueueUrl"):
        url = stack.outputs[queue]
        for _ in range(waiting(stack, queue)):
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=0)
            bodies = [message["Body"] for message in answer.get("Messages", [])]
            found += [f"a message in {queue}" for body in bodies if key in body]
    return found


def overwritten(stack: Deployed, samples: dict[str, bytes], key: str) -> None:
    """A photo with everything that can be left of one: versions, markers, an upload, a refusal and a failure."""
    published(stack, key)
    newer = stack.user_a.put_object(Bucket=stack.bucket_a, Key=key, Body=samples["IMG 0002 (1)"])

    def is_newer():
        copy = stack.photo_in_b(key)
        return copy and copy["Metadata"]["source-version"] == newer["VersionId"]

    wait_for(is_newer, "the newer photo")
    stack.user_a.put_object(Bucket=stack.bucket_a, Key=key, Body=b"refused")
    wait_for(lambda: stack.photo_in_b(key) is None, "the withdrawal")
    published(stack, key)
    stack.user_a.create_multipart_upload(Bucket=stack.bucket_a, Key=key)
    context = {"requestId": str(uuid.uuid4()), "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    body = json.dumps({"requestContext": context, "requestPayload": {"Records": [stack.record(key)]}})
    stack.client("sqs").send_message(QueueUrl=stack.outputs["failuresQueueUrl"], MessageBody=body)


def test_nothing_is_left_of_a_forgotten_photo_and_its_neighbours_stay(system, stack, samples):
    key, other = "forget/größe 1.jpg", "forget/größe 1.jpg.jpg"
    overwritten(stack, samples, key)
    published(stack, other)
    before = traces(stack, key)
    assert len(before) >= 10, before
    asked = system.ripper("forget", key, "--stack", "forget")
    assert asked.returncode == 2 and "--yes" in asked.stderr and "4 versions in bucket A" in asked.stdout, asked
    assert sorted(traces(stack, key)) == sorted(before), "nothing is deleted before somebody has agreed"

    run = system.ripper("forget", key, "--stack", "forget", "--yes")
    assert run.returncode == 0, run.stdout + run.stderr
    assert traces(stack, key) == []
    assert stack.photo_in_b(other) is not None and other in stack.objects("a")
    for said in ("nothing", "log lines with the key: deleted by", "just forget forget 'forget/größe 1.jpg'"):
        assert said in run.stdout, run.stdout
    print(f"saw {len(before)} traces before, and after it\n{run.stdout}")


def test_several_photos_are_forgotten_at_once_and_one_that_is_not_there_is_no_error(system, stack):
    keys = ["forget/one.jpg", "forget/two.jpg"]
    for key in keys:
        published(stack, key)
    run = system.ripper("forget", *keys, "forget/never.jpg", "--stack", "forget", "--yes", "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    receipts = {row["key"]: row for row in map(json.loads, run.stdout.splitlines())}
    assert [receipts[key]["versionsA"] for key in (*keys, "forget/never.jpg")] == [1, 1, 0]
    assert [traces(stack, key) for key in keys] == [[], []]


def test_a_message_that_names_other_photos_too_stays_and_is_said_to_be_left(system, stack):
    key, other = "forget/named.jpg", "forget/beside.jpg"
    published(stack, key)
    context = {"requestId": str(uuid.uuid4()), "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    event = {"Records": [stack.record(key), stack.record(other)]}
    body = json.dumps({"requestContext": context, "requestPayload": event})
    stack.client("sqs").send_message(QueueUrl=stack.outputs["failuresQueueUrl"], MessageBody=body)
    run = system.ripper("forget", key, "--stack", "forget", "--yes", "--json")
    assert run.returncode == 3 and json.loads(run.stdout)["left"] == ["a message of the failures queue"], run.stdout
    assert [row["keys"] for row in listed(system, "failures", "forget")] == [[key, other]]


def test_a_message_that_somebody_else_has_is_said_to_be_left_perhaps(system, stack):
    key, url = "forget/hidden.jpg", stack.outputs["refusalsQueueUrl"]
    stack.user_a.put_object(Bucket=stack.bucket_a, Key=key, Body=b"refused")
    wait_for(lambda: key in {row["key"] for row in listed(system, "refusals", "forget")}, "the refusal")
    stack.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=300)
    run = system.ripper("forget", key, "--stack", "forget", "--yes", "--json")
    (left,) = json.loads(run.stdout)["left"]
    assert run.returncode == 3 and left.startswith("perhaps a message of the refusals queue"), run.stdout
    # The lists of other tests would be incomplete.
    stack.client("sqs").purge_queue(QueueUrl=url)
    print(f"saw {left}")
