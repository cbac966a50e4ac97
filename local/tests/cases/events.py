"""Rules of EventBridge and their targets."""

import json
from typing import Any

from local.tests.cases.case import Case, Client, Outputs


def _pattern(detail_type: str) -> str:
    return json.dumps({"source": ["aws.s3"], "detail-type": [detail_type]})


def _rule(client: Client, out: Outputs) -> dict[str, Any]:
    return client("events").describe_rule(Name=out["rule"]["id"])


def _targets(client: Client, out: Outputs) -> list[dict[str, Any]]:
    return client("events").list_targets_by_rule(Rule=out["rule"]["id"])["Targets"]


CASES = (
    Case(
        "rule",
        "aws:cloudwatch:EventRule",
        {"description": "One", "eventPattern": _pattern("Object Created"), "tags": {"colour": "red"}},
        {"eventPattern": _pattern("Object Deleted"), "state": "DISABLED", "tags": {"colour": "blue"}},
        look=lambda client, out: (json.loads(_rule(client, out)["EventPattern"])["detail-type"], out["rule"]["state"]),
        shows=(["Object Deleted"], "DISABLED"),
        by_hand=lambda client, out: client("events").enable_rule(Name=out["rule"]["id"]),
    ),
    Case(
        "target",
        "aws:cloudwatch:EventTarget",
        {"rule": "${rule.name}", "targetId": "one", "arn": "${function.arn}"},
        {"arn": "${queue.arn}"},
        look=lambda client, out: [target["Arn"].split(":")[2] for target in _targets(client, out)],
        shows=["sqs"],
        by_hand=lambda client, out: client("events").remove_targets(Rule=out["rule"]["id"], Ids=["one"]),
        gone=True,
    ),
)
