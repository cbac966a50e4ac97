"""The stack's program as data, for tests that read it without running it.

The emulator does not check all that AWS checks (permissions of the caller, overlapping suffixes, architectures), so
these tests check it in the program."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM_PATH = ROOT / "pulumi" / "Main.yaml"
PROGRAM = yaml.safe_load(PROGRAM_PATH.read_text())
PROJECT = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
STACKS = {name: yaml.safe_load((ROOT / f"Pulumi.{name}.yaml").read_text())["config"] for name in ("dev", "prod")}
RESOURCES: dict[str, dict[str, Any]] = PROGRAM["resources"]

# An ARN for each type, from which the policy linter knows which actions fit the resource.
ARNS = {
    "aws:s3:Bucket": "arn:aws:s3:::{name}",
    "aws:sqs:Queue": "arn:aws:sqs:eu-central-1:123456789012:{name}",
    "aws:sns:Topic": "arn:aws:sns:eu-central-1:123456789012:{name}",
    "aws:cloudwatch:LogGroup": "arn:aws:logs:eu-central-1:123456789012:log-group:{name}",
    "aws:lambda:Function": "arn:aws:lambda:eu-central-1:123456789012:function:{name}",
}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type, by logical name."""
    return {name: resource for name, resource in RESOURCES.items() if resource["type"] == kind}


def only(kind: str) -> dict[str, Any]:
    """The properties of the one resource of a type."""
    (resource,) = of_type(kind).values()
    return resource["properties"]


def setting(stack: str, name: str) -> object:
    """A setting's value in a stack: the stack's own, or else the default."""
    return STACKS[stack].get(f"exif-ripper:{name}", PROJECT["config"][name]["default"])


def policies() -> dict[str, dict[str, Any]]:
    """Every policy document of the program, by the logical name of its resource."""
    found = {}
    for name, resource in RESOURCES.items():
        for key in ("policy", "assumeRolePolicy"):
            value = resource.get("properties", {}).get(key)
            if value is not None:
                found[name] = value["fn::toJSON"]
    return found


def statements() -> list[tuple[str, dict[str, Any]]]:
    """Every statement of every policy, with the logical name of its resource."""
    return [(name, statement) for name, policy in policies().items() for statement in policy["Statement"]]


def listed(value: object) -> list[Any]:
    """The value as a list: IAM takes one value or a list of values."""
    return value if isinstance(value, list) else [value]


def resolved(policy: dict[str, Any]) -> str:
    """The policy as JSON, with each reference replaced by a value of the right shape."""

    def value_of(match: re.Match[str]) -> str:
        name, _, attribute = match.group(1).partition(".")
        if attribute == "arn":
            return ARNS[RESOURCES[name]["type"]].format(name=name.lower())
        return {"prefix": "photos/", "caller": "123456789012", "aws:region": "eu-central-1"}[name]

    return re.sub(r"\$\{([^}]+)\}", value_of, json.dumps(policy))
