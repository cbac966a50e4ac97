"""The function, its retries and who may call it."""

import json
from typing import Any

from local.tests.cases.case import Case, Client, Outputs


def _function(client: Client, out: Outputs) -> dict[str, Any]:
    return client("lambda").get_function_configuration(FunctionName=out["function"]["id"])


CASES = (
    Case(
        "function",
        "aws:lambda:Function",
        {
            "code": {"fn::fileArchive": "../target/lambda/x86_64/bootstrap.zip"},
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
            client("lambda")
            .get_function_concurrency(FunctionName=out["function"]["id"])
            .get("ReservedConcurrentExecutions"),
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
            for statement in json.loads(client("lambda").get_policy(FunctionName=out["function"]["id"])["Policy"])[
                "Statement"
            ]
        ],
        shows=["arn:aws:s3:::another-bucket"],
        by_hand=lambda client, out: client("lambda").remove_permission(
            FunctionName=out["function"]["id"], StatementId=out["permission"]["id"]
        ),
        gone=True,
    ),
)
