"""A program with every type of the provider, and for each a change by the program and one by hand."""

from typing import Any

from local.tests.cases import events, function, iam, messaging, monitoring, s3

CASES = (*s3.CASES, *iam.CASES, *function.CASES, *monitoring.CASES, *messaging.CASES, *events.CASES)

VARIABLES = {"caller": {"fn::invoke": {"function": "aws:index:getCallerIdentity", "arguments": {}}}}


def program(changed: bool) -> dict[str, Any]:
    """The resources of the program, before or after the change of every case."""
    return {
        case.name: {"type": case.type, "properties": {**case.properties, **((changed and case.change) or {})}}
        for case in CASES
    }
