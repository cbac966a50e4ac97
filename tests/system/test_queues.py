"""`ripper failures` and `ripper refusals` on the deployed stack: what they show, and that they leave it there."""

import json

from tests.system.deployed import Deployed, wait_for
from tests.system.test_failures import waiting


def listed(system, command: str, stack: str = "dev") -> list[dict]:
    """The JSON lines of a list that is complete: one is not while another test still reads the queue."""

    def complete():
        run = system.ripper(command, "--stack", stack, "--json")
        assert run.returncode in {0, 3}, run.stderr
        return run if run.returncode == 0 else None

    run = wait_for(complete, f"a complete list of {command}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def visible(stack: Deployed, queue: str) -> int:
    """How many messages of a queue anyone could receive now."""
    name = "ApproximateNumberOfMessages"
    found = stack.client("sqs").get_queue_attributes(QueueUrl=stack.outputs[queue], AttributeNames=[name])
    return int(found["Attributes"][name])


def test_refusals_are_listed_with_their_reasons_and_stay_in_the_queue(system, dev):
    keys = ["queues/empty.jpg", "queues/größe +1.jpg"]
    for key in keys:
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"")

    def both():
        rows = {row["key"]: row for row in listed(system, "refusals")}
        return rows if set(keys) <= set(rows) else None

    rows = wait_for(both, "both refusals")
    assert {rows[key]["reason"] for key in keys} == {"Empty"}
    version = dev.client("s3").head_object(Bucket=dev.bucket_a, Key=keys[0])["VersionId"]
    assert rows[keys[0]]["versionId"] == version and rows[keys[0]]["messages"] == 1
    before = waiting(dev, "refusalsQueueUrl")
    assert visible(dev, "refusalsQueueUrl") == before >= 2, "a list hides nothing after its end"
    table = system.ripper("refusals", "--stack", "dev")
    assert table.returncode == 0 and "Empty" in table.stdout and "queues/größe +1.jpg" in table.stdout
    assert waiting(dev, "refusalsQueueUrl") == before
    print(f"saw {table.stdout}")


def test_a_photo_that_is_refused_twice_is_one_row(system, dev):
    key = "queues/twice.jpg"
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"no photo")
    dev.invoke({"Records": [dev.record(key)]})

    def twice():
        rows = [row for row in listed(system, "refusals") if row["key"] == key]
        return rows if rows and rows[0]["messages"] == 2 else None

    rows = wait_for(twice, "the second message")
    assert len(rows) == 1
    print(f"saw {rows}")


def test_a_failed_event_is_listed_with_its_error(system, dev):
    event = {"Records": [{**dev.record("queues/odd%zz.jpg"), "eventName": "ObjectCreated:Put"}]}
    event["Records"][0]["s3"]["object"]["key"] = "queues/odd%zz.jpg"
    dev.client("lambda").invoke(
        FunctionName=dev.outputs["functionName"], InvocationType="Event", Payload=json.dumps(event).encode()
    )

    def failed():
        rows = [row for row in listed(system, "failures") if row["keys"] == ["queues/odd%zz.jpg"]]
        return rows or None

    (row,) = wait_for(failed, "the failure", seconds=60)
    assert (row["reason"], row["tries"], row["messages"]) == ("Event.BadKey", 3, 1)
    assert visible(dev, "failuresQueueUrl") == waiting(dev, "failuresQueueUrl") >= 1
    print(f"saw {row}")
