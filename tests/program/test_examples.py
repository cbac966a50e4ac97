"""The program among the examples keeps the rules of the stack's own program."""

import json

import yaml

from tests.program.program import ROOT

TEXT = (ROOT / "examples" / "after-b" / "Pulumi.yaml").read_text()
EXAMPLE = yaml.safe_load(TEXT)
VERSION = json.loads((ROOT / "local" / "provider" / "schema.json").read_text())["version"]


def test_it_has_no_key_that_pulumi_would_silently_ignore():
    assert set(EXAMPLE) == {"name", "description", "runtime", "variables", "resources", "outputs"}
    for name, resource in EXAMPLE["resources"].items():
        assert set(resource) == {"type", "properties", "options"}, name
        assert set(resource["options"]) <= {"version", "dependsOn"}, name


def test_every_resource_pins_the_plugin_and_has_a_comment():
    lines = TEXT.splitlines()
    for name, resource in EXAMPLE["resources"].items():
        assert resource["options"]["version"] == VERSION, name
        assert lines[lines.index(f"  {name}:") - 1].startswith("  # "), f"{name} has no comment above it"
    assert EXAMPLE["variables"]["bucketB"]["fn::invoke"]["options"] == {"version": VERSION}
    print(f"saw {len(EXAMPLE['resources'])} resources")


def test_its_function_writes_to_its_own_index_and_only_reads_bucket_b():
    statements = EXAMPLE["resources"]["rolePolicy"]["properties"]["policy"]["fn::toJSON"]["Statement"]
    allowed = {}
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        allowed.setdefault(statement["Resource"], set()).update(actions)
    assert allowed == {
        "arn:aws:s3:::${bucketB.insecureValue}/*": {"s3:GetObject"},
        "arn:aws:s3:::${bucketB.insecureValue}": {"s3:ListBucket"},
        "${index.arn}/*": {"s3:PutObject", "s3:DeleteObject"},
        "${logGroup.arn}:*": {"logs:CreateLogStream", "logs:PutLogEvents"},
    }
