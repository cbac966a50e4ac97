"""The function's bounds by name: what exceeds time or memory, what is killed, and what never ran ends as a failure that
says so, with its event kept."""

import json
import signal
import time
import uuid

import pytest

from local.fault_proxy import Fault
from local.game_day.metrics import runs_since
from local.game_day.target import Target
from tests.system.deployed import wait_for

MIB = 1024 * 1024


def the_failure(target: Target) -> dict:
    """The only row of `ripper failures`, once it is there; the queue is empty before and after."""
    wait_for(lambda: target.waiting("failuresQueueUrl"), "the failure", 90)
    (row,) = map(json.loads, target.ripper("failures", "--json").splitlines())
    print(f"saw {row}")
    return row


def redriven(target: Target, key: str) -> None:
    """Sends the event again, now that nothing is in its way; the photo has to come out."""
    since = target.now()
    target.ripper("redrive", "--key", key)
    # The run goes on for a moment after the photo is in B.
    wait_for(lambda: [run for run in runs_since(target, since) if not run.failed], "the end of its run")
    assert target.wrong(key) == [] and target.waiting("failuresQueueUrl") == 0


@pytest.fixture(autouse=True)
def empty_queue(target):
    """What another test has left, messages and processes, must not be in the way."""
    target.client("sqs").purge_queue(QueueUrl=target.outputs["failuresQueueUrl"])
    target.aws.function.send(signal.SIGKILL)
    yield
    # Stopped and limited ones too.
    target.aws.function.send(signal.SIGKILL)


def photo_key() -> str:
    return f"bounds/{uuid.uuid4().hex}.jpg"


def test_a_function_that_is_killed_is_a_failure_with_lambdas_name_for_it(target):
    key = photo_key()
    with target.proxy.fault(Fault.SLOW, "GET") as met:
        target.put(key)
        for tries in (1, 2, 3):
            # In the middle of its work, and not while it starts.
            wait_for(lambda tries=tries: met.requests == tries, f"the first request of try {tries}")
            assert target.aws.function.send(signal.SIGKILL) == 1
    row = the_failure(target)
    assert (row["keys"], row["reason"], row["tries"]) == ([key], "Runtime.ExitError", 3)
    redriven(target, key)


@pytest.fixture
def short_timeout(target):
    """Lambda stops a run after two seconds meanwhile."""
    functions, name = target.client("lambda"), target.outputs["functionName"]
    before = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=2)
    yield
    functions.update_function_configuration(FunctionName=name, Timeout=before)


def test_a_photo_that_takes_too_long_fails_by_the_functions_own_name_just_before_lambda_stops_it(target, short_timeout):
    key = photo_key()
    with target.proxy.fault(Fault.SLOW):
        target.put(key)
        row = the_failure(target)
    assert (row["keys"], row["reason"]) == ([key], "Transient.Deadline")
    redriven(target, key)


def test_a_run_that_lambda_stops_is_a_failure_with_lambdas_name_for_it(target, short_timeout):
    key = photo_key()
    with target.proxy.fault(Fault.SLOW, "GET") as met:
        target.put(key)
        for tries in (1, 2, 3):
            wait_for(lambda tries=tries: met.requests == tries, f"the first request of try {tries}")
            # A process that stands still cannot report that its time is over.
            assert target.aws.function.send(signal.SIGSTOP) >= 1
    row = the_failure(target)
    assert (row["keys"], row["reason"]) == ([key], "Sandbox.Timedout")
    redriven(target, key)


def test_a_photo_that_needs_more_memory_than_there_is_is_a_failure_and_not_a_refusal(target):
    key, refusals = photo_key(), target.waiting("refusalsQueueUrl")
    # 48 MiB of it are after the end of the picture, and the function reads them too.
    target.put(key, target.photo + bytes(48 * MIB))
    limited, deadline = 0, time.monotonic() + 60
    while not target.waiting("failuresQueueUrl"):
        limited += target.aws.function.limit_memory(16 * MIB)
        assert time.monotonic() < deadline, "the failure did not come"
        time.sleep(0.01)
    assert limited == 3, "each of the three tries was limited"
    row = the_failure(target)
    assert (row["keys"], row["reason"], row["tries"]) == ([key], "Runtime.ExitError", 3)
    assert target.waiting("refusalsQueueUrl") == refusals
    assert target.wrong(key) == [key], "nothing was published"
    redriven(target, key)


def test_an_event_that_never_ran_is_a_failure_with_lambdas_condition(target):
    key = photo_key()
    functions, name = target.client("lambda"), target.outputs["functionName"]
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        # Lambda keeps such an event for six hours, and calls it EventAgeExceeded then; the emulator gives up at once.
        target.put(key)
        row = the_failure(target)
        assert (row["keys"], row["reason"]) == ([key], "RetriesExhausted")
    finally:
        functions.delete_function_concurrency(FunctionName=name)
    redriven(target, key)
