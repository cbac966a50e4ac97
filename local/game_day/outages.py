"""The outages of a game day.

Each is a script in two parts. What is before its `yield` brings the outage about and ends it; what is after it is what
an operator does then, by the runbook. Keys are under the prefix that the script gets.
"""

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from local.fault_proxy import Fault
from local.game_day.metrics import runs_since
from local.game_day.target import Target, wait_until

Script = Callable[[Target, str], Iterator[None]]
PHOTOS = 8


@dataclass(frozen=True)
class Outage:
    """What happens, which alarms tell of it, and what the operator does."""

    name: str
    # One line: what somebody sees who knows the cause.
    title: str
    alarms: frozenset[str]
    # The heading in docs/operations.md that says what to do.
    runbook: str
    # What the operator does, in one line.
    repair: str
    script: Script
    # How many of the keys have no copy in bucket B at the end, because bucket A has something else.
    refused: int = 0


OUTAGES: dict[str, Outage] = {}


def _outage(title: str, alarms: set[str], runbook: str, repair: str, refused: int = 0) -> Callable[[Script], Script]:
    def register(script: Script) -> Script:
        name = script.__name__.replace("_", "-")
        OUTAGES[name] = Outage(name, title, frozenset(alarms), runbook, repair, script, refused)
        return script

    return register


_NOTHING = "nothing: Lambda tries again"
_GIVEN_UP = {"alarmFailureWaits", "alarmErrors"}


@_outage("S3 asks for fewer requests for a moment (503)", set(), "`alarmErrors`", _NOTHING)
def s3_slows_down(target: Target, prefix: str) -> Iterator[None]:
    with target.proxy.fault(Fault.SLOW_DOWN, times=2 * PHOTOS) as met:
        target.put_photos(prefix, PHOTOS)
        wait_until(lambda: met.requests == 2 * PHOTOS, "the answers 503")
    yield


@_outage("S3 answers 500 until every try has failed", _GIVEN_UP, "A photo failed", "just redrive")
def s3_is_down(target: Target, prefix: str) -> Iterator[None]:
    with target.proxy.fault(Fault.INTERNAL_ERROR):
        _fail(target, prefix)
    yield
    _redrive(target, prefix)


@_outage("S3 does not answer", {"alarmSlowRuns"}, "`alarmSlowRuns`", _NOTHING)
def s3_hangs(target: Target, prefix: str) -> Iterator[None]:
    since = target.now()
    # One try takes a minute, so the photo's first try meets this and its second does not.
    with target.proxy.fault(Fault.SLOW):
        target.put_photos(prefix, 1)
        wait_until(lambda: any(run.failed for run in runs_since(target, since)), "the first try's end", 90)
    yield


@_outage("every run is killed in the middle", _GIVEN_UP, "A photo failed", "just redrive")
def function_is_killed(target: Target, prefix: str) -> Iterator[None]:
    # What S3 holds back gives time to kill it.
    with target.proxy.fault(Fault.SLOW):
        _fail(target, prefix, meanwhile=lambda: target.aws.function.send(signal.SIGKILL))
    yield
    _redrive(target, prefix)


@_outage("the function may not write to bucket B", _GIVEN_UP, "A photo failed", "pulumi up --refresh, just redrive")
def permission_is_gone(target: Target, prefix: str) -> Iterator[None]:
    role = target.client("lambda").get_function_configuration(FunctionName=target.outputs["functionName"])["Role"]
    iam, names = target.client("iam"), {"RoleName": role.rsplit("/", 1)[-1]}
    names["PolicyName"] = iam.list_role_policies(**names)["PolicyNames"][0]
    policy = iam.get_role_policy(**names)["PolicyDocument"]
    others = [statement for statement in policy["Statement"] if "s3:PutObject" not in statement["Action"]]
    iam.put_role_policy(**names, PolicyDocument=json.dumps({**policy, "Statement": others}))
    _fail(target, prefix)
    yield
    target.deploy_again()
    _redrive(target, prefix)


@_outage(
    "photos fail, and the failures queue is gone",
    {"alarmFailureWaits", "alarmEventLost", "alarmErrors"},
    "`alarmEventLost`",
    "pulumi up --refresh, just audit, just backfill --from",
)
def failures_queue_is_gone(target: Target, prefix: str) -> Iterator[None]:
    target.client("sqs").delete_queue(QueueUrl=target.outputs["failuresQueueUrl"])
    since = target.now()
    with target.proxy.fault(Fault.INTERNAL_ERROR):
        target.put_photos(prefix, PHOTOS)
        wait_until(lambda: len(runs_since(target, since)) == 3 * PHOTOS, "three tries of each photo")
    yield
    target.deploy_again()
    _audit_and_backfill(target, prefix)


@_outage(
    "a broken photo is uploaded, and the refusals queue is gone",
    {"alarmFailureWaits"},
    "A photo failed",
    "pulumi up --refresh, just redrive",
    refused=1,
)
def refusals_queue_is_gone(target: Target, prefix: str) -> Iterator[None]:
    target.client("sqs").delete_queue(QueueUrl=target.outputs["refusalsQueueUrl"])
    before = target.waiting("failuresQueueUrl")
    target.put(f"{prefix}broken.jpg", b"no photo")
    wait_until(lambda: target.waiting("failuresQueueUrl") > before, "the failure")
    yield
    target.deploy_again()
    _redrive(target, prefix)
    wait_until(lambda: target.waiting("refusalsQueueUrl") == 1, "the refusal")


@_outage("a client uploads broken photos", {"alarmRefusals"}, "A photo was refused", "good photos, just dismiss")
def uploads_are_broken(target: Target, prefix: str) -> Iterator[None]:
    before = target.waiting("refusalsQueueUrl")
    for number in range(12):
        target.put(f"{prefix}{number:03}.jpg", target.photo[: len(target.photo) // 2])
    wait_until(lambda: target.waiting("refusalsQueueUrl") >= before + 12, "the refusals")
    yield
    target.put_photos(prefix, 12)
    target.ripper("dismiss", "--key", f"{prefix}*", "--yes")


@_outage("somebody deletes the photos of bucket A", {"alarmDeletes"}, "Deletes", "the delete markers are removed")
def photos_are_deleted(target: Target, prefix: str) -> Iterator[None]:
    number = 101
    target.put_photos(prefix, number)
    wait_until(lambda: not target.wrong(prefix), "all photos")
    s3, bucket = target.client("s3"), target.outputs["bucketA"]
    keys = [f"{prefix}{count:03}.jpg" for count in range(number)]
    markers = [s3.delete_object(Bucket=bucket, Key=key)["VersionId"] for key in keys]
    wait_until(lambda: not target.wrong(prefix), "the deletes in bucket B")
    yield
    for key, marker in zip(keys, markers, strict=True):
        s3.delete_object(Bucket=bucket, Key=key, VersionId=marker)


@_outage(
    "somebody switches the trigger off", set(), "Every night", "just audit, pulumi up --refresh, just backfill --from"
)
def trigger_is_off(target: Target, prefix: str) -> Iterator[None]:
    target.client("s3").put_bucket_notification_configuration(
        Bucket=target.outputs["bucketA"], NotificationConfiguration={}
    )
    target.put_photos(prefix, PHOTOS)
    yield
    target.deploy_again()
    _audit_and_backfill(target, prefix)


@_outage("AWS forgets events in flight", set(), "Every night", "just audit, just backfill --from")
def events_are_forgotten(target: Target, prefix: str) -> Iterator[None]:
    with target.proxy.fault(Fault.SLOW) as met:
        target.put_photos(prefix, PHOTOS)
        wait_until(lambda: met.requests >= PHOTOS, "the requests of all runs")
        target.aws.restart()
    yield
    _audit_and_backfill(target, prefix)


def _fail(target: Target, prefix: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Uploads photos, and waits until Lambda has given up each; calls `meanwhile` all the time."""
    before = target.waiting("failuresQueueUrl")
    target.put_photos(prefix, PHOTOS)

    def given_up() -> bool:
        meanwhile()
        return target.waiting("failuresQueueUrl") >= before + PHOTOS

    wait_until(given_up, f"the failures of {PHOTOS} photos", 90)


def _redrive(target: Target, prefix: str) -> None:
    target.ripper("redrive", "--key", f"{prefix}*")


def _audit_and_backfill(target: Target, prefix: str) -> None:
    """`audit` has to find what is wrong (exit code 3), and `backfill` repairs it."""
    found = target.ripper("audit", "--prefix", prefix, "--grace", "0", "--json", code=3)
    file = target.aws.folder / "audit.jsonl"
    file.write_text(found)
    target.ripper("backfill", "--from", str(file))
