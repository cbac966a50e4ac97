"""The operator's policy in docs/operations.md: the commands work with it, and without any of its statements one of them
fails with a sentence that names the permission."""

import json
import re

import pytest

from tests.program.program import ROOT
from tests.system.deployed import Deployed, wait_for
from tests.system.test_deletes import published
from tests.system.test_queues import listed

POLICY = re.search(r"```json\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)[1]
USER = "operator"
# What the emulator asks for where AWS asks for the action without Batch, or with Get; of a path it asks for all
# parameters ("Actions, resources, and condition keys" of Amazon SQS, AWS Lambda and AWS Systems Manager).
EMULATOR_ASKS_FOR = {
    "ReadQueues": "sqs:ChangeMessageVisibilityBatch",
    "DeleteMessages": "sqs:DeleteMessageBatch",
    "ReadFunction": "lambda:PutFunctionConcurrency",
}


def policy(stack: Deployed) -> dict:
    """The policy with the names of a stack."""
    account = stack.client("sts").get_caller_identity()["Account"]
    names = {
        "BUCKET_A": stack.bucket_a,
        "BUCKET_B": stack.bucket_b,
        "FUNCTION": stack.outputs["functionName"],
        "FAILURES_QUEUE": stack.outputs["failuresQueueUrl"].rsplit("/", 1)[-1],
        "REFUSALS_QUEUE": stack.outputs["refusalsQueueUrl"].rsplit("/", 1)[-1],
        "LOG_GROUP": stack.outputs["logGroup"],
        "JOBS_BUCKET": stack.outputs["jobsBucket"],
        "TOPIC_ARN": stack.outputs["alertsTopicArn"],
        "JOBS_ROLE_ARN": stack.outputs["jobsRoleArn"],
        "REGION": stack.client("sts").meta.region_name,
        "ACCOUNT": account,
        "STACK": stack.name,
    }
    text = re.sub(r"\b[A-Z]+(?:_[A-Z]+)*\b", lambda word: names.get(word[0], word[0]), POLICY)
    return json.loads(text)


@pytest.fixture(scope="module")
def stack(system) -> Deployed:
    """A stack of its own."""
    return system.deploy_hurried("operated")


@pytest.fixture(scope="module")
def key(stack) -> tuple[str, str]:
    """The access key of an operator who has no policy yet."""
    iam = stack.client("iam")
    iam.create_user(UserName=USER)
    made = iam.create_access_key(UserName=USER)["AccessKey"]
    return made["AccessKeyId"], made["SecretAccessKey"]


def allow(stack: Deployed, without: str | None = None) -> None:
    """Gives the operator the policy, or all but one of its statements."""
    document = policy(stack)
    for statement in document["Statement"]:
        if statement["Sid"] in EMULATOR_ASKS_FOR:
            actions = statement["Action"]
            statement["Action"] = [*([actions] if isinstance(actions, str) else actions)]
            statement["Action"].append(EMULATOR_ASKS_FOR[statement["Sid"]])
        if statement["Sid"] == "ReadParameters":
            statement["Resource"] = "*"
    document["Statement"] = [statement for statement in document["Statement"] if statement["Sid"] != without]
    stack.client("iam").put_user_policy(UserName=USER, PolicyName=USER, PolicyDocument=json.dumps(document))


def prepare(system, stack: Deployed) -> None:
    """A photo to erase, one without a copy, and a refusal."""
    published(stack, "operated/forget.jpg")
    published(stack, "operated/missing.jpg")
    published(stack, "operated/restore.jpg")
    stack.user_a.delete_object(Bucket=stack.bucket_a, Key="operated/restore.jpg")
    stack.client("s3").delete_object(Bucket=stack.bucket_b, Key="operated/missing.jpg")
    stack.user_a.put_object(Bucket=stack.bucket_a, Key="operated/refused.jpg", Body=b"")
    wait_for(lambda: listed(system, "refusals", stack.name), "the refusal")


COMMANDS = {
    "smoke": [],
    "failures": [],
    "refusals": [],
    "redrive": ["--queue", "refusals"],
    "audit": ["--grace", "0"],
    "backfill": [],
    "restore": ["operated/restore.jpg", "--yes"],
    "forget": ["operated/forget.jpg", "--yes"],
    "dismiss": ["--reason", "*", "--yes"],
}
# Each ends well, or says what is wrong with the photos.
WORKS = {0, 3}


def test_every_command_works_with_the_policy(system, stack, key):
    prepare(system, stack)
    allow(stack)
    for command, arguments in COMMANDS.items():
        run = system.ripper(command, *arguments, "--stack", stack.name, key=key)
        assert run.returncode in WORKS and "do not allow" not in run.stderr and "left in" not in run.stderr, run.stderr
    assert stack.client("logs", key).filter_log_events(logGroupName=stack.outputs["logGroup"])["events"]
    ssm = stack.client("ssm", key)
    assert ssm.get_parameters_by_path(Path=f"/exif-ripper/{stack.name}")["Parameters"]
    print(f"saw {len(COMMANDS)} commands work with {len(policy(stack)['Statement'])} statements")


@pytest.mark.parametrize(
    ("statement", "command", "permission"),
    [
        ("ReadQueues", "failures", "sqs:GetQueueAttributes"),
        ("DeleteMessages", "dismiss", "sqs:DeleteMessage"),
        ("RunFunction", "redrive", "lambda:InvokeFunction"),
        ("ReadFunction", "backfill", "lambda:GetFunctionConfiguration"),
        ("ListBuckets", "audit", "s3:GetBucketNotification"),
        ("ReadPhotos", "audit", "s3:GetObject"),
        ("ErasePhotos", "forget", "s3:DeleteObject"),
        ("RestorePhotos", "restore", "s3:PutObject and s3:GetObjectVersion"),
    ],
)
def test_without_a_statement_the_command_that_needs_it_names_the_permission(
    system, stack, key, statement, command, permission
):
    prepare(system, stack)
    allow(stack, without=statement)
    run = system.ripper(command, *COMMANDS[command], "--stack", stack.name, key=key)
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"your credentials do not allow {permission} on" in run.stderr and "operations.md" in run.stderr, run.stderr
    allow(stack)
    again = system.ripper(command, *COMMANDS[command], "--stack", stack.name, key=key)
    assert again.returncode in WORKS, again.stderr
    print(f"saw without {statement}: {run.stderr}")


RECIPES = {
    "status": [],
    "logs": [],
    "params": [],
    "subscribe": ["operator@example.org"],
    "test-alert": [],
}


def recipe(system, stack, key, command):
    credentials = dict(zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), key, strict=True))
    # An alarm that is set off already tells nobody again.
    alarms = stack.client("cloudwatch")
    for alarm in alarms.describe_alarms(AlarmNamePrefix=f"exif-ripper-{stack.name}-")["MetricAlarms"]:
        alarms.set_alarm_state(AlarmName=alarm["AlarmName"], StateValue="OK", StateReason="test")
    return system.deploy_command(command, stack.name, *RECIPES[command], **credentials)


def test_every_recipe_works_with_the_policy(system, stack, key):
    allow(stack)
    for command in RECIPES:
        run = recipe(system, stack, key, command)
        assert run.returncode == 0, run.stderr
    print(f"saw {', '.join(RECIPES)}")


@pytest.mark.parametrize(
    ("statement", "command", "permission"),
    [
        ("ReadAlarms", "status", "lambda:ListVersionsByFunction"),
        ("TestAlarms", "test-alert", "cloudwatch:SetAlarmState"),
        ("Subscribe", "subscribe", "sns:ListSubscriptionsByTopic"),
        ("ReadLog", "logs", "logs:FilterLogEvents"),
        ("ReadParameters", "params", "ssm:GetParameters"),
    ],
)
def test_without_a_statement_the_recipe_that_needs_it_names_the_permission(
    system, stack, key, statement, command, permission
):
    allow(stack, without=statement)
    run = recipe(system, stack, key, command)
    assert run.returncode == 1 and len(run.stderr.splitlines()) == 1, run.stderr
    assert permission in run.stderr
    print(f"saw without {statement}: {run.stderr}")


def test_the_policy_has_no_statement_that_no_test_drops():
    # The local AWS has no S3 Batch Operations: ops/tests/backfill_job.rs has what is said without the first three.
    jobs = {"MakeJobs", "PassJobsRole", "UploadLists", "SeeAndCancelJobs", "ReadReports"}
    tests = (
        test_without_a_statement_the_command_that_needs_it_names_the_permission,
        test_without_a_statement_the_recipe_that_needs_it_names_the_permission,
    )
    tested = jobs | {case[0] for test in tests for mark in test.pytestmark for case in mark.args[1]}
    assert {statement["Sid"] for statement in json.loads(POLICY)["Statement"]} == tested
