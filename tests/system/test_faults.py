"""Faults between the function and S3, for real: the function goes through a proxy that makes requests fail. Afterwards
nothing is lost, and nothing wrong is in bucket B."""

import json
import time
import uuid

import pytest

from local.fault_proxy import Fault
from local.game_day.outages import OUTAGES
from local.game_day.play import play_one
from local.game_day.target import Target
from tests.system.deployed import Deployed, forbidden_markers, wait_for

# `SLOW` takes a minute for each try: the game day has it.
QUICK = [fault for fault in Fault if fault is not Fault.SLOW]


def deployed(target: Target) -> Deployed:
    """The target as the tests see a stack."""
    return Deployed("dev", target.outputs, target.aws.client, target.photo)


def require_clean(stack: Deployed, prefix: str) -> int:
    """Every photo under a prefix of bucket A is in B, clean, and made from what A has now; B has no other."""
    keys = {key for key in stack.objects("a") if key.startswith(prefix)}
    assert {key for key in stack.objects("b") if key.startswith(prefix)} == keys
    for key in keys:
        clean, original = stack.photo_in_b(key), stack.user_a.head_object(Bucket=stack.bucket_a, Key=key)
        assert clean is not None and clean["Metadata"]["source-version"] == original["VersionId"], key
        assert forbidden_markers(clean["Body"].read()) == [], key
    return len(keys)


# Each fault at each request of an overwrite, but for the bodies of answers that have none.
ANSWERS_WITHOUT_BODY = {(fault, method) for fault in (Fault.CUT, Fault.DAMAGED) for method in ("PUT", "HEAD")}
PASSING = [
    (fault, method)
    for fault in QUICK
    for method in ("GET", "PUT", "HEAD")
    if (fault, method) not in ANSWERS_WITHOUT_BODY
]


@pytest.fixture(autouse=True)
def empty_queue(target):
    """What a test that failed has left must not be in the next one's way."""
    target.client("sqs").purge_queue(QueueUrl=target.outputs["failuresQueueUrl"])


@pytest.mark.parametrize(("fault", "method"), PASSING)
def test_a_fault_that_passes_costs_nothing_but_time(target, fault, method):
    stack, prefix = deployed(target), f"passing/{uuid.uuid4().hex}/"
    overwritten = f"{prefix}overwritten.jpg"
    target.put(overwritten)
    wait_for(lambda: stack.photo_in_b(overwritten), overwritten)
    # An overwrite takes a HEAD of B and a second PUT.
    started = time.monotonic()
    with target.proxy.fault(fault, method, times=1) as met:
        target.put(overwritten)
        target.put(f"{prefix}new.jpg")
        wait_for(lambda: target.wrong(prefix) == [], "both photos")
        assert met.requests == 1, "no request met the fault"
    assert require_clean(stack, prefix) == 2
    print(f"saw {fault.value} at one {method}: both right after {time.monotonic() - started:.1f} s")


@pytest.mark.parametrize(
    ("fault", "method", "reason"),
    [
        (Fault.RESET, "GET", "Transient.Connection"),
        (Fault.RESET, "PUT", "Transient.Connection"),
        (Fault.CUT, "GET", "Transient.CutOff"),
        (Fault.DAMAGED, "GET", "Transient.CutOff"),
        (Fault.INTERNAL_ERROR, "PUT", "Transient.InternalError"),
        (Fault.SLOW_DOWN, "GET", "Transient.SlowDown"),
        (Fault.REDIRECT, "GET", "Transient.TemporaryRedirect"),
        (Fault.REDIRECT, "PUT", "Transient.TemporaryRedirect"),
    ],
)
def test_a_fault_that_stays_is_a_failure_with_its_name_and_the_event_is_kept(target, fault, method, reason):
    stack, prefix = deployed(target), f"staying/{uuid.uuid4().hex}/"
    key = f"{prefix}photo.jpg"
    with target.proxy.fault(fault, method) as met:
        target.put(key)
        wait_for(lambda: target.waiting("failuresQueueUrl"), "the failure")
    assert stack.photo_in_b(key) is None, "nothing unverified is published"
    (row,) = map(json.loads, target.ripper("failures", "--json").splitlines())
    assert (row["keys"], row["reason"], row["tries"]) == ([key], reason, 3)
    target.ripper("redrive", "--key", key)
    wait_for(lambda: target.wrong(prefix) == [], key)
    assert require_clean(stack, prefix) == 1
    print(f"saw {met.requests} times {fault.value}: {row['reason']}, {row['sentence']}")


def test_a_put_whose_answer_is_always_lost_leaves_the_right_photo(target):
    stack, prefix = deployed(target), f"lost answers/{uuid.uuid4().hex}/"
    key = f"{prefix}photo.jpg"
    with target.proxy.fault(Fault.LOST_ANSWER, "PUT") as met:
        target.put(key)
        wait_for(lambda: stack.photo_in_b(key), key)
        wait_for(lambda: met.requests >= 1, "the fault")
    assert require_clean(stack, prefix) == 1
    print(f"saw {met.requests} lost answers, and the photo in B")


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_an_outage_of_the_game_day_fires_its_alarms_and_loses_nothing(target, outage):
    prefix = f"outage/{outage.name}/"
    played = play_one(target, outage, prefix)
    assert played.alarms == outage.alarms
    assert played.lost == 0 and played.photos > 0
    stack = deployed(target)
    if outage.refused:
        assert not [key for key in stack.objects("b") if key.startswith(prefix)]
    else:
        assert require_clean(stack, prefix) == played.photos
    assert target.waiting("failuresQueueUrl") == 0, "what failed was sent again"
    print(f"saw {sorted(played.alarms)}, {played.photos} photos right after {played.seconds:.1f} s")
