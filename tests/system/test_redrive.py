"""`ripper redrive` and `ripper dismiss` on the deployed stack: what is run again, what is deleted, and what stays."""

import json
import signal
import uuid

import pytest

from tests.system.deployed import Deployed, wait_for
from tests.system.test_failures import waiting
from tests.system.test_queues import listed


def keys(rows: list[dict]) -> set[str]:
    """The keys of a list's rows."""
    return {key for row in rows for key in row.get("keys", [row.get("key")])}


def wait_until_listed(system, command: str, wanted: set[str]) -> None:
    """Waits until a list has all of these keys."""
    wait_for(lambda: wanted <= keys(listed(system, command)), f"{wanted} in {command}", seconds=90)


def test_failed_events_run_again_once_the_cause_is_gone_and_only_those_that_match(system, dev):
    inside = {"redrive/in/one.jpg", "redrive/in/größe +1.jpg"}
    outside = "redrive/out/other.jpg"
    with dev.without_put():
        for key in [*inside, outside]:
            dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
        wait_until_listed(system, "failures", {*inside, outside})
    before = waiting(dev, "failuresQueueUrl")
    run = system.ripper("redrive", "--stack", "dev", "--key", "redrive/in/*", "--reason", "Store.*", "--json")
    assert run.returncode == 0, run.stderr
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert keys(rows) == inside and {row["outcome"] for row in rows} == {"sent"}
    for key in inside:
        assert wait_for(lambda key=key: dev.photo_in_b(key), key)
    assert dev.photo_in_b(outside) is None
    assert waiting(dev, "failuresQueueUrl") == before - 2
    assert outside in keys(listed(system, "failures")), "what does not match is still there, and visible"
    print(f"saw {run.stdout}")


def test_an_event_that_fails_again_is_in_the_queue_again_and_none_is_lost(system, dev):
    key = "redrive/still forbidden.jpg"
    with dev.without_put():
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
        wait_until_listed(system, "failures", {key})
        run = system.ripper("redrive", "--stack", "dev", "--key", key)
        assert run.returncode == 0 and "1 sent" in run.stdout, run.stdout + run.stderr
        wait_until_listed(system, "failures", {key})
    assert [row["messages"] for row in listed(system, "failures") if row["keys"] == [key]] == [1]
    print(f"saw {run.stdout}")


def failed_photos(dev: Deployed, number: int) -> list[str]:
    """Photos in A that are missing from B, each with a message in the failures queue."""
    sqs, keys = dev.client("sqs"), [f"killed/{uuid.uuid4().hex}.jpg" for _ in range(number)]
    for key in keys:
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=dev.sample)
    wait_for(lambda: set(keys) <= dev.objects("b"), "all photos", seconds=90)
    for key in keys:
        dev.client("s3").delete_object(Bucket=dev.bucket_b, Key=key)
        context = {"requestId": str(uuid.uuid4()), "condition": "RetriesExhausted", "approximateInvokeCount": 3}
        body = {"requestContext": context, "requestPayload": {"Records": [dev.record(key)]}}
        sqs.send_message(QueueUrl=dev.outputs["failuresQueueUrl"], MessageBody=json.dumps(body))
    return keys


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_redrive_that_is_stopped_in_the_middle_loses_nothing(system, dev, how):
    keys = failed_photos(dev, 150)
    before = waiting(dev, "failuresQueueUrl")
    redrive = system.start_ripper("redrive", "--stack", "dev", "--key", "killed/*")
    # Without a pause between the looks: all of them may take only a second.
    while waiting(dev, "failuresQueueUrl") == before:
        assert redrive.poll() is None, "it ended without deleting a message"
    redrive.send_signal(how)
    _, said = redrive.communicate(timeout=60)
    deleted = before - waiting(dev, "failuresQueueUrl")
    assert 0 < deleted < len(keys), "it was stopped in the middle"
    there = wait_for(lambda: len(present := dev.objects("b") & set(keys)) >= deleted and present, "what left the queue")
    if how == signal.SIGINT:
        assert redrive.returncode == 130 and "in the queue" in said, said
        run = system.ripper("redrive", "--stack", "dev", "--key", "killed/*")
        assert run.returncode == 0, run.stderr
        wait_for(lambda: set(keys) <= dev.objects("b"), "all photos")
        left = system.ripper("failures", "--stack", "dev", "--json").stdout
        assert "killed/" not in left, "the other messages were visible at once"
    else:
        # What it had received is hidden for five minutes more, and the lists of other tests would be incomplete.
        dev.client("sqs").purge_queue(QueueUrl=dev.outputs["failuresQueueUrl"])
    print(f"saw {deleted} of {len(keys)} messages deleted by then, and {len(there)} photos in B")


def test_a_refused_photo_that_is_clean_now_leaves_the_queue_and_one_that_is_not_stays_with_a_new_message(system, dev):
    replaced, still = "redrive/replaced.jpg", "redrive/still bad.jpg"
    for key in (replaced, still):
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"no photo")
    wait_until_listed(system, "refusals", {replaced, still})
    request = {row["key"]: row["requestId"] for row in listed(system, "refusals")}[still]
    dev.user_a.put_object(Bucket=dev.bucket_a, Key=replaced, Body=dev.sample)

    run = system.ripper("redrive", "--stack", "dev", "--queue", "refusals", "--key", "redrive/*", "--json")
    assert run.returncode == 3, "one is refused again"
    outcomes = {row["keys"][0]: row["outcome"] for row in map(json.loads, run.stdout.splitlines())}
    assert outcomes == {replaced: "done", still: "refused"}
    assert dev.photo_in_b(replaced) is not None and dev.photo_in_b(still) is None
    rows = {row["key"]: row for row in listed(system, "refusals")}
    assert replaced not in rows
    assert rows[still]["messages"] == 1 and rows[still]["requestId"] != request
    print(f"saw {run.stdout}")


def test_dismiss_deletes_what_it_has_shown_and_only_that(system, dev):
    gone, stays = "dismiss/gone.jpg", "dismiss/stays.jpg"
    for key in (gone, stays):
        dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=b"")
    wait_until_listed(system, "refusals", {gone, stays})
    asked = system.ripper("dismiss", "--stack", "dev", "--key", "dismiss/g*")
    assert asked.returncode == 2 and "--yes" in asked.stderr, "without a terminal nobody can be asked"
    assert gone in asked.stdout and stays not in asked.stdout
    assert {gone, stays} <= keys(listed(system, "refusals"))

    run = system.ripper("dismiss", "--stack", "dev", "--key", "dismiss/g*", "--reason", "Empty", "--yes")
    assert run.returncode == 0 and "1 message deleted" in run.stdout, run.stdout + run.stderr
    left = keys(listed(system, "refusals"))
    assert stays in left and gone not in left
    assert {gone, stays} <= dev.objects("a"), "photos are not touched"
    print(f"saw {run.stdout}")


def test_dismiss_needs_a_reason_or_a_key(system, dev):
    run = system.ripper("dismiss", "--stack", "dev", "--yes")
    assert run.returncode == 2 and "--reason" in run.stderr, run.stderr
