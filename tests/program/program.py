"""The stack's program as data, for the tests that check its text.

The emulator does not check everything that AWS checks (the caller's permissions, overlapping suffixes, architectures),
so tests check those rules in the program itself.
"""

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

# An ARN of each type, so that a policy linter knows which actions fit it.
ARNS = {
    "aws:s3:Bucket": "arn:aws:s3:::{name}",
    "aws:sqs:Queue": "arn:aws:sqs:eu-central-1:123456789012:{name}",
    "aws:sns:Topic": "arn:aws:sns:eu-central-1:123456789012:{name}",
    "aws:cloudwatch:LogGroup": "arn:aws:logs:eu-central-1:123456789012:log-group:{name}",
}


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type, by logical name."""
    return {name: resource for name, resource in RESOURCES.items() if resource["type"] == kind}


def setting(stack: str, name: str) -> object:
    """A config value as the stack sees it: its own, else the project's default."""
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
    """IAM takes one value or a list; this is always a list."""
    return value if isinstance(value, list) else [value]


def resolved(policy: dict[str, Any]) -> str:
    """The policy as JSON, with each reference replaced by a value of the right shape."""

    def value_of(match: re.Match[str]) -> str:
        name, _, attribute = match.group(1).partition(".")
        if attribute == "arn":
            return ARNS[RESOURCES[name]["type"]].format(name=name.lower())
        return {"keyPrefix": "photos/", "caller": "123456789012"}[name]

    return re.sub(r"\$\{([^}]+)\}", value_of, json.dumps(policy))
