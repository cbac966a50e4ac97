"""A photo that cannot be cleaned: nothing in B, and the event with its reason in the failures queue."""

import json

import pytest

from tests.system.deployed import Deployed, wait_for

MIB = 1024 * 1024


def failure_of(stack: Deployed, key: str) -> dict:
    """The message that the failures queue keeps for a key; other messages stay in the queue."""

    def look():
        queue = stack.client("sqs")
        url = stack.outputs["failuresQueueUrl"]
        found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=1)
        for message in found.get("Messages", []):
            body = json.loads(message["Body"])
            if stack.key_of(body["requestPayload"]) == key:
                queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                return body
        return None

    return wait_for(look, f"the failure of {key}", seconds=60)


@pytest.mark.parametrize(
    ("key", "make", "reason"),
    [
        ("broken/no jpeg+1.jpg", lambda photo: b"GIF89a" + photo, "NotAJpeg"),
        ("broken/empty.jpg", lambda photo: b"", "Empty"),
        ("broken/cut off.jpg", lambda photo: photo[: photo.rindex(b"\xff\xda")], "CutOff"),
        ("broken/half.jpg", lambda photo: photo[: len(photo) // 2], "DataMissing"),
        ("broken/größer.jpg", lambda photo: photo + bytes(101 * MIB), "TooLarge"),
    ],
)
def test_a_refused_photo_is_kept_in_the_queue_with_its_reason_and_nothing_is_in_b(dev, samples, key, make, reason):
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=make(dev.sample))
    failure = failure_of(dev, key)
    assert failure["responsePayload"]["errorType"] == f"Refused.{reason}"
    assert failure["requestContext"]["approximateInvokeCount"] == 3
    record = failure["requestPayload"]["Records"][0]
    assert record["s3"]["bucket"]["name"] == dev.bucket_a
    assert key not in dev.objects("b")
    print(f"saw the failure of {key!r}: {failure['responsePayload']}")


def test_a_refused_overwrite_leaves_the_clean_photo_that_was_there(dev):
    key = "broken/later.jpg"
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    before = wait_for(lambda: dev.photo_in_b(key), key)
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"no photo any more")
    failure = failure_of(dev, key)
    assert failure["responsePayload"]["errorType"] == "Refused.NotAJpeg"
    assert dev.photo_in_b(key)["ETag"] == before["ETag"]


def test_a_photo_deleted_before_the_function_runs_is_no_failure(dev):
    event = {"Records": [dev.record("never-there.jpg")]}
    answer = dev.invoke(event)
    assert "FunctionError" not in answer
    assert "never-there.jpg" not in dev.objects("b")


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"surprise": True}, "Event."),
        ({"Records": [{"eventSource": "aws:sqs", "body": "x"}]}, "Event."),
    ],
)
def test_an_unknown_event_is_a_typed_error(dev, event, error):
    answer = dev.invoke(event)
    assert answer["FunctionError"]
    assert answer["error"]["errorType"].startswith(error), answer["error"]
    print(f"saw {answer['error']['errorType']}: {answer['error']['errorMessage']}")


def test_an_event_of_another_bucket_is_a_typed_error(dev, prod):
    record = dev.record("photo.jpg")
    record["s3"]["bucket"]["name"] = prod.bucket_a
    answer = dev.invoke({"Records": [record]})
    assert answer["FunctionError"]
    assert answer["error"]["errorType"].startswith("Event."), answer["error"]


def test_the_log_has_one_json_line_per_photo(dev):
    key = "logged/one line.jpg"
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    wait_for(lambda: dev.photo_in_b(key), key)

    def lines():
        found = []
        for event in dev.log_events():
            try:
                line = json.loads(event)
            except ValueError:
                continue
            if line.get("key") == key:
                found.append(line)
        return found

    (line,) = wait_for(lines, f"the log line of {key}")
    assert line["outcome"] == "clean"
    assert line["bytesIn"] == len(dev.sample)
    assert {"EXIF", "GPS"} <= set(line["removed"].split(","))
    assert line["bytesOut"] == len(dev.photo_in_b(key)["Body"].read())
    print(f"saw {line}")
