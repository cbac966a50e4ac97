"""Queues, topics and parameters."""

from local.tests.cases.case import Case, Client, Outputs, action, policy


def _queue(client: Client, out: Outputs, name: str) -> str:
    found = client("sqs").get_queue_attributes(QueueUrl=out["queue"]["id"], AttributeNames=["All"])["Attributes"]
    return found[name]


CASES = (
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
        {"queueUrl": "${queue.url}", "policy": policy("sqs:SendMessage", "${queue.arn}", "Deny", "*")},
        {"policy": policy("sqs:DeleteMessage", "${queue.arn}", "Deny", "*")},
        look=lambda client, out: action(_queue(client, out, "Policy")),
        shows="sqs:DeleteMessage",
        by_hand=lambda client, out: client("sqs").set_queue_attributes(
            QueueUrl=out["queue"]["id"], Attributes={"Policy": policy("sqs:*", out["queue"]["arn"], "Allow", "*")}
        ),
    ),
    Case(
        "topic",
        "aws:sns:Topic",
        {"displayName": "one", "tags": {"colour": "red"}},
        {"displayName": "two"},
        look=lambda client, out: client("sns").get_topic_attributes(TopicArn=out["topic"]["id"])["Attributes"][
            "DisplayName"
        ],
        shows="two",
        by_hand=lambda client, out: client("sns").set_topic_attributes(
            TopicArn=out["topic"]["id"], AttributeName="DisplayName", AttributeValue="three"
        ),
    ),
    Case(
        "topicPolicy",
        "aws:sns:TopicPolicy",
        {"arn": "${topic.arn}", "policy": policy("sns:Publish", "${topic.arn}", "Deny", "*")},
        {"policy": policy("sns:Subscribe", "${topic.arn}", "Deny", "*")},
        look=lambda client, out: action(
            client("sns").get_topic_attributes(TopicArn=out["topic"]["id"])["Attributes"]["Policy"]
        ),
        shows="sns:Subscribe",
        by_hand=lambda client, out: client("sns").set_topic_attributes(
            TopicArn=out["topic"]["id"],
            AttributeName="Policy",
            AttributeValue=policy("sns:Publish", out["topic"]["id"], "Allow", "*"),
        ),
    ),
    Case(
        "parameter",
        "aws:ssm:Parameter",
        {"name": "/trial/one", "type": "String", "value": "one", "tags": {"colour": "red"}},
        {"value": "two", "description": "now described"},
        look=lambda client, _: client("ssm").get_parameter(Name="/trial/one")["Parameter"]["Value"],
        shows="two",
        by_hand=lambda client, _: client("ssm").put_parameter(
            Name="/trial/one", Value="three", Type="String", Overwrite=True
        ),
    ),
)
