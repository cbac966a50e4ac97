"""A photo that cannot be cleaned: nothing in B, its refusal in a queue, and no failure. What the function could not do
is a failure: it is tried three times, and then its event is in the failures queue with the error."""

import datetime
import json
import time
from collections.abc import Callable

import pytest

from tests.system.deployed import Deployed, wait_for

MIB = 1024 * 1024
Body = dict


def message_of(stack: Deployed, queue: str, is_wanted: Callable[[Body], bool], what: str) -> Body:
    """The body of a message in a queue, which is an output of the stack; other messages stay there."""

    def look():
        sqs, url = stack.client("sqs"), stack.outputs[queue]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, VisibilityTimeout=1)
        for message in found.get("Messages", []):
            body = json.loads(message["Body"])
            if is_wanted(body):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                return body
        return None

    return wait_for(look, what, seconds=60)


def refusal_of(stack: Deployed, key: str) -> Body:
    """The message that the refusals queue keeps for a key."""
    return message_of(stack, "refusalsQueueUrl", lambda body: body["key"] == key, f"the refusal of {key}")


def failure_of(stack: Deployed, key: str) -> Body:
    """The message that the failures queue keeps for a key."""

    def is_wanted(body: Body) -> bool:
        return stack.key_of(body["requestPayload"]) == key

    return message_of(stack, "failuresQueueUrl", is_wanted, f"the failure of {key}")


def waiting(stack: Deployed, queue: str) -> int:
    """How many messages a queue has, the hidden ones included."""
    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=list(counts))
    return sum(int(found["Attributes"][count]) for count in counts)


def errors(stack: Deployed) -> float:
    """The function's metric Errors. The emulator counts only runs that are invoked and waited for."""
    now = datetime.datetime.now(datetime.UTC)
    hour = datetime.timedelta(hours=1)
    points = stack.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": stack.outputs["functionName"]}],
        StartTime=now - hour,
        EndTime=now + hour,
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points)


def lines_of(stack: Deployed, key: str) -> list[dict]:
    """The log lines of a key."""
    found = []
    for event in stack.log_events():
        try:
            line = json.loads(event)
        except ValueError:
            continue
        if line.get("key") == key:
            found.append(line)
    return found


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
def test_a_refused_photo_is_in_the_refusals_queue_with_its_reason_and_nothing_is_in_b(dev, key, make, reason):
    photo = make(dev.sample)
    put = dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=photo)
    refusal = refusal_of(dev, key)
    sentence, event_time = refusal.pop("sentence"), refusal.pop("eventTime")
    request_id = refusal.pop("requestId")
    assert refusal == {
        "key": key,
        "versionId": put["VersionId"],
        "bytes": len(photo),
        "reason": reason,
        "withdrawn": False,
    }
    assert len(sentence) > 20 and event_time.endswith("Z") and len(request_id) == 36
    assert key not in dev.objects("b")
    print(f"saw the refusal of {key!r}: {reason}, {sentence}")


def test_a_refused_photo_is_tried_once_and_is_no_failure(dev):
    key, failures = "broken/one try.jpg", waiting(dev, "failuresQueueUrl")
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"no photo")
    refusal_of(dev, key)
    # The emulator's second and third try would come after 1 and 2 seconds more.
    time.sleep(5)
    lines = [(line["level"], line["outcome"], line["reason"]) for line in lines_of(dev, key)]
    assert lines == [("WARN", "refused", "NotAJpeg")]
    assert waiting(dev, "failuresQueueUrl") == failures
    before = errors(dev)
    answer = dev.invoke({"Records": [dev.record(key)]})
    assert "FunctionError" not in answer, answer
    assert errors(dev) == before
    assert refusal_of(dev, key)["reason"] == "NotAJpeg", "each run keeps its refusal: at least once"


def test_what_the_function_may_not_do_is_a_failure_after_three_tries(dev):
    key, refusals = "failed/no permission.jpg", waiting(dev, "refusalsQueueUrl")
    with dev.without_put():
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
        failure = failure_of(dev, key)
    assert failure["responsePayload"]["errorType"] == "Store.AccessDenied"
    assert failure["requestContext"]["approximateInvokeCount"] == 3
    assert failure["requestPayload"]["Records"][0]["s3"]["bucket"]["name"] == dev.bucket_a
    assert [line["outcome"] for line in lines_of(dev, key)] == ["failed"] * 3
    assert waiting(dev, "refusalsQueueUrl") == refusals
    assert key not in dev.objects("b")
    print(f"saw the failure of {key!r}: {failure['responsePayload']}")


def test_a_refused_overwrite_withdraws_the_clean_photo_that_was_there(dev):
    key = "broken/later.jpg"
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    wait_for(lambda: dev.photo_in_b(key), key)
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"no photo any more")
    refusal = refusal_of(dev, key)
    assert (refusal["reason"], refusal["withdrawn"]) == ("NotAJpeg", True)
    assert dev.photo_in_b(key) is None
    print(f"saw {key} withdrawn, and its refusal in the queue")


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
    before = errors(dev)
    answer = dev.invoke(event)
    assert answer["FunctionError"]
    assert errors(dev) == before + 1
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

    (line,) = wait_for(lambda: lines_of(dev, key), f"the log line of {key}")
    assert line["outcome"] == "clean"
    assert line["bytesIn"] == len(dev.sample)
    assert {"EXIF", "GPS"} <= set(line["removed"].split(","))
    assert line["bytesOut"] == len(dev.photo_in_b(key)["Body"].read())
    print(f"saw {line}")
