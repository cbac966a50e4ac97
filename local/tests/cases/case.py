"""What the tests do with one resource of a program."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# A boto3 client of a service, by its name; and a resource's outputs, with its id, by its logical name.
Client = Callable[[str], Any]
Outputs = dict[str, dict[str, Any]]
Act = Callable[[Client, Outputs], Any]

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@dataclass(frozen=True)
class Case:
    """One resource of the program, and what the tests do with it."""

    name: str
    type: str
    properties: dict[str, Any]
    # What the program changes, what the engine then does, how to see it in the emulator, and what should be seen.
    change: dict[str, Any] | None = None
    does: str = "update"
    look: Act | None = None
    shows: Any = None
    # A change made by hand, and whether it deletes the resource, so that it is made again.
    by_hand: Act | None = None
    gone: bool = False


def policy(action: str, resource: str, effect: str = "Allow", principal: Any = None) -> str:
    statement: dict[str, Any] = {"Sid": "One", "Effect": effect, "Action": action, "Resource": resource}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def action(document: Any) -> str:
    document = json.loads(document) if isinstance(document, str) else document
    return document["Statement"][0]["Action"]
