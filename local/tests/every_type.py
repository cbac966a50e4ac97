"""A program with every type of the provider, and for each a change by the program and one by hand."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# A boto3 client of a service, by its name; and a resource's outputs, with its id, by its logical name.
Client = Callable[[str], Any]
Outputs = dict[str, dict[str, Any]]
Act = Callable[[Client, Outputs], Any]


def _policy(action: str, resource: str, effect: str = "Allow", principal: Any = None) -> str:
    statement: dict[str, Any] = {"Sid": "One", "Effect": effect, "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


@dataclass(frozen=True)
class Case:
    """One resource of the program, and what the tests do with it."""

    name: str
    type: str
    properties: dict[str, Any]
    # What the program changes, what the engine then does, how to see it in the cloud, and what should be seen.
    change: dict[str, Any] | None = None
    does: str = "update"
    look: Act | None = None
    shows: Any = None
    # A change made by hand, and whether it deletes the resource, so that it is made again.
    by_hand: Act | None = None
    gone: bool = False


def _tag(case: str, key: str) -> Act:
    """Looks at a tag of a role."""

    def look(client: Client, out: Outputs) -> str | None:
        tags = client("iam").list_role_tags(RoleName=out[case]["id"])["Tags"]
        return {tag["Key"]: tag["Value"] for tag in tags}.get(key)

    return look


def _rule(days: int) -> dict[str, Any]:
    return {
        "id": "old",
        "status": "Enabled",
        "filter": {"prefix": "a/"},
        "expiration": {"days": days},
        "noncurrentVersionExpiration": {"noncurrentDays": 3},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 2},
    }


def _notification(suffix: str) -> dict[str, Any]:
    return {
        "lambdaFunctions": [
            {"id": "one", "lambdaFunctionArn": "${function.arn}", "events": ["s3:ObjectCreated:*"], "filterSuffix": suffix},
            {"id": "two", "lambdaFunctionArn": "${function.arn}", "events": ["s3:ObjectRemoved:*"], "filterPrefix": "x/"},
        ]
    }


def _function(client: Client, out: Outputs) -> dict[str, Any]:
    return client("lambda").get_function_configuration(FunctionName=out["function"]["id"])


def _alarm(client: Client, out: Outputs) -> dict[str, Any]:
    return client("cloudwatch").describe_alarms(AlarmNames=[out["alarm"]["id"]])["MetricAlarms"][0]


def _filter(client: Client, out: Outputs) -> dict[str, Any]:
    return client("logs").describe_metric_filters(logGroupName=out["logGroup"]["id"])["metricFilters"][0]


def _queue(client: Client, out: Outputs, name: str) -> str:
    found = client("sqs").get_queue_attributes(QueueUrl=out["queue"]["id"], AttributeNames=["All"])["Attributes"]
    return found[name]


def _members(client: Client, out: Outputs) -> list[str]:
    group = client("iam").get_group(GroupName=out["group"]["id"])
    return sorted(user["UserName"].rsplit("-", 1)[0] for user in group["Users"])


def _action(document: Any) -> str:
    document = json.loads(document) if isinstance(document, str) else document
    return document["Statement"][0]["Action"]


CASES = (
    Case(
        "bucket",
        "aws:s3:Bucket",
        {"forceDestroy": True, "tags": {"colour": "red"}},
        {"tags": {"colour": "blue"}},
        look=lambda client, out: client("s3").get_bucket_tagging(Bucket=out["bucket"]["id"])["TagSet"],
        shows=[{"Key": "colour", "Value": "blue"}],
        by_hand=lambda client, out: client("s3").put_bucket_tagging(
            Bucket=out["bucket"]["id"], Tagging={"TagSet": [{"Key": "colour", "Value": "green"}]}
        ),
    ),
    Case(
        "block",
        "aws:s3:BucketPublicAccessBlock",
        {"bucket": "${bucket.bucket}", "blockPublicAcls": True, "ignorePublicAcls": True, "restrictPublicBuckets": False},
        {"restrictPublicBuckets": True},
        look=lambda client, out: client("s3").get_public_access_block(Bucket=out["bucket"]["id"])[
            "PublicAccessBlockConfiguration"
        ],
        shows={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": False,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        by_hand=lambda client, out: client("s3").delete_public_access_block(Bucket=out["bucket"]["id"]),
        gone=True,
    ),
    Case(
        "ownership",
        "aws:s3:BucketOwnershipControls",
        {"bucket": "${bucket.bucket}", "rule": {"objectOwnership": "BucketOwnerPreferred"}},
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        look=lambda client, out: client("s3").get_bucket_ownership_controls(Bucket=out["bucket"]["id"])["OwnershipControls"][
            "Rules"
        ],
        shows=[{"ObjectOwnership": "BucketOwnerEnforced"}],
        by_hand=lambda client, out: client("s3").put_bucket_ownership_controls(
            Bucket=out["bucket"]["id"], OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        ),
    ),
    Case(
        "encryption",
        "aws:s3:BucketServerSideEncryptionConfiguration",
        {
            "bucket": "${bucket.bucket}",
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        },
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]},
        look=lambda client, out: client("s3").get_bucket_encryption(Bucket=out["bucket"]["id"])[
            "ServerSideEncryptionConfiguration"
        ]["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        shows="aws:kms",
        by_hand=lambda client, out: client("s3").put_bucket_encryption(
            Bucket=out["bucket"]["id"],
            ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
        ),
    ),
    Case(
        "versioning",
        "aws:s3:BucketVersioning",
        {"bucket": "${bucket.bucket}", "versioningConfiguration": {"status": "Suspended"}},
        {"versioningConfiguration": {"status": "Enabled"}},
        look=lambda client, out: client("s3").get_bucket_versioning(Bucket=out["bucket"]["id"])["Status"],
        shows="Enabled",
        by_hand=lambda client, out: client("s3").put_bucket_versioning(
            Bucket=out["bucket"]["id"], VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
    Case(
        "lifecycle",
        "aws:s3:BucketLifecycleConfiguration",
        {"bucket": "${bucket.bucket}", "rules": [_rule(5), {**_rule(6), "id": "older", "status": "Disabled"}]},
        {"rules": [_rule(7)]},
        look=lambda client, out: [
            (rule["ID"], rule["Expiration"]["Days"], rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
            for rule in client("s3").get_bucket_lifecycle_configuration(Bucket=out["bucket"]["id"])["Rules"]
        ],
        shows=[("old", 7, 3)],
        by_hand=lambda client, out: client("s3").put_bucket_lifecycle_configuration(
            Bucket=out["bucket"]["id"],
            LifecycleConfiguration={
                "Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 99}}]
            },
        ),
    ),
    Case(
        "bucketPolicy",
        "aws:s3:BucketPolicy",
        {"bucket": "${bucket.bucket}", "policy": _policy("s3:DeleteObject", "${bucket.arn}/*", "Deny", "*")},
        {"policy": _policy("s3:PutObjectAcl", "${bucket.arn}/*", "Deny", "*")},
        look=lambda client, out: _action(client("s3").get_bucket_policy(Bucket=out["bucket"]["id"])["Policy"]),
        shows="s3:PutObjectAcl",
        by_hand=lambda client, out: client("s3").delete_bucket_policy(Bucket=out["bucket"]["id"]),
        gone=True,
    ),
    Case(
        "notification",
        "aws:s3:BucketNotification",
        {"bucket": "${bucket.bucket}", **_notification(".jpg")},
        {**_notification(".jpeg"), "eventbridge": True},
        look=lambda client, out: sorted(
            json.dumps(entry["Filter"]["Key"]["FilterRules"][0]["Value"])
            for entry in client("s3").get_bucket_notification_configuration(Bucket=out["bucket"]["id"])[
                "LambdaFunctionConfigurations"
            ]
        ),
        shows=['".jpeg"', '"x/"'],
        by_hand=lambda client, out: client("s3").put_bucket_notification_configuration(
            Bucket=out["bucket"]["id"], NotificationConfiguration={"EventBridgeConfiguration": {}}
        ),
    ),
    Case(
        "role",
        "aws:iam:Role",
        {"assumeRolePolicy": _TRUST, "path": "/trial/", "tags": {"colour": "red"}},
        {"description": "now described", "maxSessionDuration": 7200, "tags": {"colour": "blue"}},
        look=lambda client, out: (
            client("iam").get_role(RoleName=out["role"]["id"])["Role"]["Description"],
            client("iam").get_role(RoleName=out["role"]["id"])["Role"]["MaxSessionDuration"],
            _tag("role", "colour")(client, out),
        ),
        shows=("now described", 7200, "blue"),
        by_hand=lambda client, out: client("iam").update_assume_role_policy(
            RoleName=out["role"]["id"], PolicyDocument=_TRUST.replace("lambda", "ec2")
        ),
    ),
    Case(
        "rolePolicy",
        "aws:iam:RolePolicy",
        {"role": "${role.name}", "policy": _policy("s3:GetObject", "${bucket.arn}/*")},
        {"policy": _policy("s3:PutObject", "${bucket.arn}/*")},
        look=lambda client, out: _action(
            client("iam").get_role_policy(RoleName=out["role"]["id"], PolicyName=out["rolePolicy"]["name"])["PolicyDocument"]
        ),
        shows="s3:PutObject",
        by_hand=lambda client, out: client("iam").delete_role_policy(
            RoleName=out["role"]["id"], PolicyName=out["rolePolicy"]["name"]
        ),
        gone=True,
    ),
    Case("group", "aws:iam:Group", {"path": "/trial/"}),
    Case(
        "groupPolicy",
        "aws:iam:GroupPolicy",
        {"group": "${group.name}", "policy": _policy("s3:GetObject", "${bucket.arn}/*")},
        {"policy": _policy("s3:PutObject", "${bucket.arn}/*")},
        look=lambda client, out: _action(
            client("iam").get_group_policy(GroupName=out["group"]["id"], PolicyName=out["groupPolicy"]["name"])["PolicyDocument"]
        ),
        shows="s3:PutObject",
        by_hand=lambda client, out: client("iam").put_group_policy(
            GroupName=out["group"]["id"],
            PolicyName=out["groupPolicy"]["name"],
            PolicyDocument=_policy("s3:*", "*"),
        ),
    ),
    Case(
        "userOne",
        "aws:iam:User",
        {"path": "/trial/", "forceDestroy": True},
        {"tags": {"colour": "blue"}},
        look=lambda client, out: client("iam").list_user_tags(UserName=out["userOne"]["id"])["Tags"],
        shows=[{"Key": "colour", "Value": "blue"}],
        by_hand=lambda client, out: client("iam").untag_user(UserName=out["userOne"]["id"], TagKeys=["colour"]),
    ),
    Case("userTwo", "aws:iam:User", {"forceDestroy": True}),
    Case(
        "members",
        "aws:iam:GroupMembership",
        {"group": "${group.name}", "users": ["${userOne.name}"]},
        {"users": ["${userTwo.name}"]},
        look=_members,
        shows=["userTwo"],
        by_hand=lambda client, out: client("iam").add_user_to_group(GroupName=out["group"]["id"], UserName=out["userOne"]["id"]),
    ),
    Case(
        "key",
        "aws:iam:AccessKey",
        {"user": "${userTwo.name}"},
        {"status": "Inactive"},
        look=lambda client, out: client("iam").list_access_keys(UserName=out["userTwo"]["id"])["AccessKeyMetadata"][0]["Status"],
        shows="Inactive",
        by_hand=lambda client, out: client("iam").update_access_key(
            UserName=out["userTwo"]["id"], AccessKeyId=out["key"]["id"], Status="Active"
        ),
    ),
    Case(
        "function",
        "aws:lambda:Function",
        {
            "code": {"fn::fileArchive": "../target/lambda/exif-ripper/bootstrap.zip"},
            "runtime": "provided.al2023",
            "handler": "bootstrap",
            "architectures": ["arm64"],
            "role": "${role.arn}",
            "environment": {"variables": {"KEPT": "1", "GONE": "1"}},
            "reservedConcurrentExecutions": 2,
            "loggingConfig": {"logFormat": "JSON", "logGroup": "${logGroup.name}"},
            "tags": {"colour": "red"},
        },
        {
            "memorySize": 256,
            "timeout": 30,
            "environment": {"variables": {"KEPT": "2"}},
            "reservedConcurrentExecutions": -1,
            "tracingConfig": {"mode": "Active"},
        },
        look=lambda client, out: (
            _function(client, out)["MemorySize"],
            _function(client, out)["Timeout"],
            _function(client, out)["Environment"]["Variables"],
            _function(client, out)["TracingConfig"]["Mode"],
            client("lambda").get_function_concurrency(FunctionName=out["function"]["id"]).get("ReservedConcurrentExecutions"),
        ),
        shows=(256, 30, {"KEPT": "2"}, "Active", None),
        by_hand=lambda client, out: client("lambda").update_function_configuration(
            FunctionName=out["function"]["id"], Environment={"Variables": {"KEPT": "2", "ADDED": "by hand"}}
        ),
    ),
    Case(
        "retries",
        "aws:lambda:FunctionEventInvokeConfig",
        {
            "functionName": "${function.name}",
            "maximumRetryAttempts": 1,
            "maximumEventAgeInSeconds": 600,
            "destinationConfig": {"onFailure": {"destination": "${queue.arn}"}},
        },
        {"maximumRetryAttempts": 0, "maximumEventAgeInSeconds": 700},
        look=lambda client, out: (
            (found := client("lambda").get_function_event_invoke_config(FunctionName=out["function"]["id"]))[
                "MaximumRetryAttempts"
            ],
            found["MaximumEventAgeInSeconds"],
            found["DestinationConfig"]["OnFailure"]["Destination"] == out["queue"]["arn"],
        ),
        shows=(0, 700, True),
        by_hand=lambda client, out: client("lambda").put_function_event_invoke_config(
            FunctionName=out["function"]["id"], MaximumRetryAttempts=2
        ),
    ),
    Case(
        "permission",
        "aws:lambda:Permission",
        {
            "function": "${function.name}",
            "action": "lambda:InvokeFunction",
            "principal": "s3.amazonaws.com",
            "sourceArn": "${bucket.arn}",
            "sourceAccount": "${caller.accountId}",
        },
        {"sourceArn": "arn:aws:s3:::another-bucket"},
        does="replace",
        look=lambda client, out: [
            statement["Condition"]["ArnLike"]["AWS:SourceArn"]
            for statement in json.loads(client("lambda").get_policy(FunctionName=out["function"]["id"])["Policy"])["Statement"]
        ],
        shows=["arn:aws:s3:::another-bucket"],
        by_hand=lambda client, out: client("lambda").remove_permission(
            FunctionName=out["function"]["id"], StatementId=out["permission"]["id"]
        ),
        gone=True,
    ),
    Case(
        "logGroup",
        "aws:cloudwatch:LogGroup",
        {"retentionInDays": 7, "tags": {"colour": "red"}},
        {"retentionInDays": 30},
        look=lambda client, out: client("logs").describe_log_groups(logGroupNamePrefix=out["logGroup"]["id"])["logGroups"][0][
            "retentionInDays"
        ],
        shows=30,
        by_hand=lambda client, out: client("logs").delete_retention_policy(logGroupName=out["logGroup"]["id"]),
    ),
    Case(
        "metric",
        "aws:cloudwatch:LogMetricFilter",
        {
            "logGroupName": "${logGroup.name}",
            "pattern": "{ $.a = 1 }",
            "metricTransformation": {"name": "A", "namespace": "Trial", "value": "$.ms", "unit": "Milliseconds"},
        },
        {
            "pattern": "{ $.a = 2 }",
            "metricTransformation": {"name": "A", "namespace": "Trial", "value": "1", "defaultValue": 0},
        },
        look=lambda client, out: (_filter(client, out)["filterPattern"], _filter(client, out)["metricTransformations"]),
        shows=(
            "{ $.a = 2 }",
            [{"metricName": "A", "metricNamespace": "Trial", "metricValue": "1", "defaultValue": 0.0, "unit": "None"}],
        ),
        by_hand=lambda client, out: client("logs").delete_metric_filter(
            logGroupName=out["logGroup"]["id"], filterName=out["metric"]["id"]
        ),
        gone=True,
    ),
    Case(
        "alarm",
        "aws:cloudwatch:MetricAlarm",
        {
            "namespace": "AWS/Lambda",
            "metricName": "Errors",
            "dimensions": {"FunctionName": "${function.name}"},
            "statistic": "Sum",
            "period": 300,
            "evaluationPeriods": 1,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 0,
            "treatMissingData": "notBreaching",
            "alarmActions": ["${topic.arn}"],
            "okActions": ["${topic.arn}"],
            "tags": {"colour": "red"},
        },
        {"threshold": 2.5, "evaluationPeriods": 3, "okActions": [], "alarmDescription": "now described"},
        look=lambda client, out: tuple(
            _alarm(client, out)[name] for name in ("Threshold", "EvaluationPeriods", "OKActions", "AlarmDescription")
        ),
        shows=(2.5, 3, [], "now described"),
        by_hand=lambda client, out: client("cloudwatch").disable_alarm_actions(AlarmNames=[out["alarm"]["id"]]),
    ),
    Case(
        "dashboard",
        "aws:cloudwatch:Dashboard",
        {"dashboardName": "trial", "dashboardBody": json.dumps({"widgets": []})},
        {"dashboardBody": json.dumps({"widgets": [_WIDGET := {"type": "text", "properties": {"markdown": "here"}}]})},
        look=lambda client, _: json.loads(client("cloudwatch").get_dashboard(DashboardName="trial")["DashboardBody"]),
        shows={"widgets": [_WIDGET]},
        by_hand=lambda client, _: client("cloudwatch").put_dashboard(
            DashboardName="trial", DashboardBody=json.dumps({"widgets": [_WIDGET, _WIDGET]})
        ),
    ),
    Case(
        "queue",
        "aws:sqs:Queue",
        {"messageRetentionSeconds": 1209600, "visibilityTimeoutSeconds": 60, "tags": {"colour": "red"}},
        {"visibilityTimeoutSeconds": 90, "sqsManagedSseEnabled": False},
        look=lambda client, out: (
            _queue(client, out, "VisibilityTimeout"),
            _queue(client, out, "SqsManagedSseEnabled"),
            _queue(client, out, "MessageRetentionPeriod"),
        ),
        shows=("90", "false", "1209600"),
        by_hand=lambda client, out: client("sqs").set_queue_attributes(
            QueueUrl=out["queue"]["id"], Attributes={"MessageRetentionPeriod": "60"}
        ),
    ),
    Case(
        "queuePolicy",
        "aws:sqs:QueuePolicy",
        {"queueUrl": "${queue.url}", "policy": _policy("sqs:SendMessage", "${queue.arn}", "Deny", "*")},
        {"policy": _policy("sqs:DeleteMessage", "${queue.arn}", "Deny", "*")},
        look=lambda client, out: _action(_queue(client, out, "Policy")),
        shows="sqs:DeleteMessage",
        by_hand=lambda client, out: client("sqs").set_queue_attributes(
            QueueUrl=out["queue"]["id"], Attributes={"Policy": _policy("sqs:*", out["queue"]["arn"], "Allow", "*")}
        ),
    ),
    Case(
        "topic",
        "aws:sns:Topic",
        {"displayName": "one", "tags": {"colour": "red"}},
        {"displayName": "two"},
        look=lambda client, out: client("sns").get_topic_attributes(TopicArn=out["topic"]["id"])["Attributes"]["DisplayName"],
        shows="two",
        by_hand=lambda client, out: client("sns").set_topic_attributes(
            TopicArn=out["topic"]["id"], AttributeName="DisplayName", AttributeValue="three"
        ),
    ),
    Case(
        "topicPolicy",
        "aws:sns:TopicPolicy",
        {"arn": "${topic.arn}", "policy": _policy("sns:Publish", "${topic.arn}", "Deny", "*")},
        {"policy": _policy("sns:Subscribe", "${topic.arn}", "Deny", "*")},
        look=lambda client, out: _action(client("sns").get_topic_attributes(TopicArn=out["topic"]["id"])["Attributes"]["Policy"]),
        shows="sns:Subscribe",
        by_hand=lambda client, out: client("sns").set_topic_attributes(
            TopicArn=out["topic"]["id"],
            AttributeName="Policy",
            AttributeValue=_policy("sns:Publish", out["topic"]["id"], "Allow", "*"),
        ),
    ),
    Case(
        "parameter",
        "aws:ssm:Parameter",
        {"name": "/trial/one", "type": "String", "value": "one", "tags": {"colour": "red"}},
        {"value": "two", "description": "now described"},
        look=lambda client, _: client("ssm").get_parameter(Name="/trial/one")["Parameter"]["Value"],
        shows="two",
        by_hand=lambda client, _: client("ssm").put_parameter(Name="/trial/one", Value="three", Type="String", Overwrite=True),
    ),
)

VARIABLES = {"caller": {"fn::invoke": {"function": "aws:index:getCallerIdentity", "arguments": {}}}}


def program(changed: bool) -> dict[str, Any]:
    """The resources of the program, before or after the change of every case."""
    return {
        case.name: {"type": case.type, "properties": {**case.properties, **((changed and case.change) or {})}} for case in CASES
    }
