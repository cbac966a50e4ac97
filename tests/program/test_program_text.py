"""The program's text: nothing that Pulumi would silently ignore, and a comment for every resource."""

import json

import yaml

from tests.program.program import PROGRAM, PROGRAM_PATH, PROJECT, RESOURCES, ROOT

SECRET_OUTPUTS = {"userASecretAccessKey", "userBSecretAccessKey"}
OUTPUTS = SECRET_OUTPUTS | {
    "logRetentionDays",
    "bucketA", "bucketB", "functionName", "logGroup", "failuresQueueUrl", "refusalsQueueUrl", "alertsTopicArn",
    "jobsBucket", "jobsRoleArn", "dashboardUrl", "userAName", "userAAccessKeyId", "userBName", "userBAccessKeyId",
}  # fmt: skip


def test_no_key_is_misspelt_because_pulumi_silently_ignores_unknown_keys():
    assert set(PROGRAM) == {"config", "variables", "resources", "outputs"}
    assert set(PROJECT) == {"name", "description", "license", "main", "runtime", "config"}
    for name, resource in RESOURCES.items():
        assert set(resource) <= {"type", "properties", "options", "defaultProvider"}, name
        assert set(resource.get("options", {})) <= {
            "protect",
            "dependsOn",
            "version",
            "retainOnDelete",
            "replacementTrigger",
            "deleteBeforeReplace",
        }  # fmt: skip, name


def test_every_resource_pins_the_plugin_to_the_version_of_the_schema_that_the_tests_use():
    version = json.loads((ROOT / "local" / "provider" / "schema.json").read_text())["version"]
    others = {name for name, resource in RESOURCES.items() if resource.get("options", {}).get("version") != version}
    assert not others
    assert PROGRAM["variables"]["caller"]["fn::invoke"]["options"] == {"version": version}
    print(f"saw {len(RESOURCES)} resources with {version}")


def test_no_provider_is_made_as_one_would_ignore_the_accounts_that_a_stack_allows():
    assert not [name for name, resource in RESOURCES.items() if resource["type"].startswith("pulumi:providers")]


def test_a_prefix_of_digits_is_text():
    assert PROGRAM["config"] == {"prefix": {"name": "keyPrefix", "type": "string"}}
    assert "keyPrefix" in PROJECT["config"]


def test_every_stack_tags_what_it_makes_with_its_own_name():
    for file in ROOT.glob("Pulumi.*.yaml"):
        tags = yaml.safe_load(file.read_text())["config"]["aws:defaultTags"]["tags"]
        assert tags == {"project": PROJECT["name"], "stack": file.name.split(".")[1]}


def test_the_outputs_are_the_documented_ones_and_the_keys_are_secret():
    outputs = PROGRAM["outputs"]
    assert set(outputs) == OUTPUTS
    assert {
        name for name, value in outputs.items() if isinstance(value, dict) and "fn::secret" in value
    } == SECRET_OUTPUTS


def test_every_resource_has_a_comment_that_says_why():
    lines = PROGRAM_PATH.read_text().splitlines()
    for name in RESOURCES:
        (at,) = [i for i, line in enumerate(lines) if line == f"  {name}:"]
        assert lines[at - 1].startswith("  # "), f"{name} has no comment above it"
    print(f"saw {len(RESOURCES)} resources")


def test_no_recipe_skips_the_preview_of_a_destroy():
    # Without the preview, Pulumi deletes everything else in a protected stack before it comes to the buckets.
    destroys = [line for line in (ROOT / "deploy" / "destroy.py").read_text().splitlines() if 'run("destroy"' in line]
    assert [line.strip() for line in destroys] == ['return pulumi.run("destroy", "--yes")']
    assert "pulumi destroy" not in (ROOT / "justfile").read_text()


def test_what_guards_a_bucket_goes_only_with_the_bucket():
    # CORS opens a bucket to pages, so it must not stay either.
    others = ("aws:s3:Bucket", "aws:s3:BucketNotification", "aws:s3:BucketCorsConfiguration")
    of_buckets = {name: resource["type"] for name, resource in RESOURCES.items() if "aws:s3:" in resource["type"]}
    guards = {name for name, kind in of_buckets.items() if kind not in others}
    retained = {name for name, resource in RESOURCES.items() if resource["options"].get("retainOnDelete")}
    assert retained == guards
    assert len(guards) >= 12
    print(f"saw {len(guards)} guards")


def test_the_program_is_valid_yaml_without_duplicate_keys():
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"duplicate key near {node.start_mark}"
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    for path in [PROGRAM_PATH, *ROOT.glob("Pulumi*.yaml")]:
        yaml.load(path.read_text(), Loader=Strict)
