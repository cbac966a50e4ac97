"""What the provider refuses, and what is left of a deployment that fails: with the real engine on the emulator."""

import pytest

from local.tests.project import LAMBDA_TRUST


@pytest.mark.parametrize(
    ("type", "properties", "named"),
    [
        ("aws:s3:Bucket", {"bucketPrefix": "photos-"}, "bucketPrefix"),
        ("aws:s3:Bucket", {"objectLockEnabled": True}, "objectLockEnabled"),
        ("aws:iam:Role", {"assumeRolePolicy": LAMBDA_TRUST, "permissionsBoundary": "arn:x"}, "permissionsBoundary"),
        ("aws:sqs:Queue", {"fifoQueue": True}, "fifoQueue"),
        (
            "aws:s3:BucketLifecycleConfiguration",
            {
                "bucket": "b",
                "rules": [{"id": "x", "status": "Enabled", "transitions": [{"days": 1, "storageClass": "GLACIER"}]}],
            },
            "rules.transitions",
        ),
    ],
)
def test_an_input_that_is_not_supported_is_an_error(run, type, properties, named):
    answer = run({"thing": {"type": type, "properties": properties}}, check=False)
    assert not answer.succeeded
    assert f"{named} the local provider does not support it" in answer.text
    assert answer.steps.get("thing") != "create"
    print(f"saw: {answer.diagnostics[0].splitlines()[0]}")


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"metricName": "Errors", "period": 60}, "has no metricName, period of its own"),
        ({"metricQueries": [{"id": "a", "expression": "1"}, {"id": "b", "expression": "2"}]}, "has to have returnData"),
    ],
)
def test_an_alarm_on_several_metrics_that_aws_would_not_take_is_an_error(run, more, named):
    queries = [{"id": "one", "expression": "1", "returnData": True}]
    alarm = {"metricQueries": queries, "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, **more}
    answer = run({"alarm": {"type": "aws:cloudwatch:MetricAlarm", "properties": alarm}}, check=False)
    assert not answer.succeeded
    assert named in answer.text
    assert answer.steps.get("alarm") != "create"


def test_a_type_that_is_not_known_is_an_error(run):
    answer = run({"thing": {"type": "aws:s3:BucketObject", "properties": {"bucket": "b"}}}, check=False)
    assert not answer.succeeded
    assert "aws:s3:BucketObject" in answer.text


def test_a_setting_of_the_provider_that_is_not_supported_is_an_error(run):
    provider = {"type": "pulumi:providers:aws", "properties": {"region": "eu-central-1", "maxRetries": 3}}
    answer = run({"aws": provider}, check=False)
    assert not answer.succeeded
    assert "maxRetries the local provider does not support it" in answer.text


def test_an_argument_of_a_function_that_is_not_supported_is_an_error(run):
    variables = {
        "caller": {"fn::invoke": {"function": "aws:index:getCallerIdentity", "arguments": {"region": "us-west-2"}}}
    }
    answer = run(
        {"group": {"type": "aws:iam:Group"}}, check=False, variables=variables, outputs={"id": "${caller.accountId}"}
    )
    assert not answer.succeeded
    assert "region the local provider does not support it" in answer.text


def test_a_renamed_user_is_refused_and_stays(run, aws):
    run({"user": {"type": "aws:iam:User", "properties": {"name": "one"}}})
    answer = run({"user": {"type": "aws:iam:User", "properties": {"name": "two"}}}, check=False)
    assert not answer.succeeded
    assert "does not change name in place" in answer.text
    assert [user["UserName"] for user in aws.client("iam").list_users()["Users"]] == ["one"]


def test_a_resource_that_fails_halfway_is_deleted(run, aws):
    # CloudWatch has no retention of 8 days: the log group exists by then.
    answer = run({"log": {"type": "aws:cloudwatch:LogGroup", "properties": {"retentionInDays": 8}}}, check=False)
    assert not answer.succeeded
    assert "retentionInDays" in answer.text
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_a_group_with_a_user_who_is_not_there_is_left_empty(run, aws):
    group = {"type": "aws:iam:Group", "properties": {"name": "team"}}
    user = {"type": "aws:iam:User", "properties": {"name": "anna"}}
    members = {"group": "${team.name}", "users": ["${anna.name}", "nobody"]}
    answer = run(
        {"team": group, "anna": user, "members": {"type": "aws:iam:GroupMembership", "properties": members}},
        check=False,
    )
    assert not answer.succeeded
    assert "nobody" in answer.text
    assert aws.client("iam").get_group(GroupName="team")["Users"] == []


def test_a_name_that_is_too_long_for_its_service_is_an_error(run):
    answer = run({"a" * 60: {"type": "aws:s3:Bucket"}}, check=False)
    assert not answer.succeeded
    assert "longer than 63 characters" in answer.text


def test_a_zip_that_does_not_exist_is_an_error_that_names_it(run):
    code = {"fn::fileArchive": "../target/lambda/x86_64/not-there.zip"}
    properties = {"code": code, "runtime": "provided.al2023", "handler": "bootstrap", "role": "arn:aws:iam::1:role/x"}
    answer = run({"function": {"type": "aws:lambda:Function", "properties": properties}}, check=False)
    assert not answer.succeeded
    assert "not-there.zip: no such file" in answer.text
