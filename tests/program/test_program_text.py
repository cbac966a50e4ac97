"""Rules for the program's text that the emulator does not check."""

import itertools
import json
import re
import struct
import zipfile

import parliament
import pytest
import yaml

from tests.program.program import (
    PROGRAM,
    PROGRAM_PATH,
    PROJECT,
    RESOURCES,
    ROOT,
    STACKS,
    listed,
    of_type,
    policies,
    resolved,
    setting,
    statements,
)

SECRET_OUTPUTS = {"userASecretAccessKey", "userBSecretAccessKey"}
OUTPUTS = SECRET_OUTPUTS | {
    "bucketA", "bucketB", "functionName", "logGroup", "failuresQueueUrl", "alertsTopicArn", "dashboardUrl",
    "userAName", "userAAccessKeyId", "userBName", "userBAccessKeyId",
}  # fmt: skip


def only(kind):
    (resource,) = of_type(kind).values()
    return resource["properties"]


def test_only_bucket_a_of_this_account_may_call_the_function():
    permission = only("aws:lambda:Permission")
    assert permission["principal"] == "s3.amazonaws.com"
    assert permission["action"] == "lambda:InvokeFunction"
    assert permission["sourceArn"] == "${bucketA.arn}"
    assert permission["sourceAccount"] == "${caller.accountId}"


def test_the_permission_and_the_retries_come_before_the_notification():
    dependencies = RESOURCES["bucketAEvents"]["options"]["dependsOn"]
    assert "${bucketACallsRipper}" in dependencies
    assert "${ripperRetries}" in dependencies


def test_the_suffixes_of_the_notification_do_not_overlap():
    targets = RESOURCES["bucketAEvents"]["properties"]["lambdaFunctions"]
    suffixes = [target["filterSuffix"] for target in targets]
    assert sorted(suffixes) == [".JPEG", ".JPG", ".jpeg", ".jpg"]
    pairs = list(itertools.permutations(suffixes, 2))
    assert not [pair for pair in pairs if pair[0].endswith(pair[1])]
    assert {target["filterPrefix"] for target in targets} == {"${keyPrefix}"}
    assert {target["lambdaFunctionArn"] for target in targets} == {"${ripper.arn}"}
    print(f"saw {len(suffixes)} suffixes, {len(pairs)} ordered pairs")


def test_nothing_is_allowed_on_every_resource_or_with_every_action():
    allowed = [(name, s) for name, s in statements() if s["Effect"] == "Allow"]
    for name, statement in allowed:
        for action in listed(statement["Action"]):
            assert "*" not in action, f"{name}: {action}"
        for resource in listed(statement.get("Resource", [])):
            assert resource.startswith("${") and ".arn}" in resource, f"{name}: {resource}"
        assert statement.get("Principal") != "*", name
    print(f"saw {len(allowed)} Allow statements in {len(policies())} policies")


def test_the_role_may_do_exactly_what_the_function_does():
    statements_of_role = policies()["rolePolicy"]["Statement"]
    may = {(action, resource) for s in statements_of_role for action in listed(s["Action"]) for resource in listed(s["Resource"])}
    assert may == {
        ("s3:GetObject", "${bucketA.arn}/${keyPrefix}*"),
        ("s3:GetObject", "${bucketB.arn}/${keyPrefix}*"),
        ("s3:PutObject", "${bucketB.arn}/${keyPrefix}*"),
        ("s3:ListBucket", "${bucketA.arn}"),
        ("s3:ListBucket", "${bucketB.arn}"),
        ("sqs:SendMessage", "${failuresQueue.arn}"),
        ("logs:CreateLogStream", "${logGroup.arn}:*"),
        ("logs:PutLogEvents", "${logGroup.arn}:*"),
    }
    role_policies = [name for name, resource in RESOURCES.items() if "aws:iam:RolePolicy" in resource["type"]]
    assert role_policies == ["rolePolicy"]


def linted(policy):
    """What the policy linter reports, without what it cannot know."""
    document = json.loads(policy)
    for statement in document["Statement"]:
        if statement["Action"] == "sts:AssumeRole":
            # It does not know trust policies, which have a principal and no resource.
            statement["Resource"] = "arn:aws:iam::123456789012:role/exif-ripper"
            statement.pop("Principal")
    findings = parliament.analyze_policy_string(json.dumps(document)).findings
    # It accepts only whole numbers as numeric; TLS versions are 1.2 and the like (Amazon S3 User Guide,
    # "Bucket policy examples using condition keys"), and it lacks the key for some actions of s3:*.
    return {f"{finding.issue}: {finding.detail}" for finding in findings if "s3:TlsVersion" not in str(finding.detail)}


@pytest.mark.parametrize("name", sorted(policies()))
def test_the_policy_linter_finds_nothing_in(name):
    assert not linted(resolved(policies()[name]))


def test_the_policy_linter_would_find_a_wrong_action():
    wrong = json.loads(resolved(policies()["rolePolicy"]))
    wrong["Statement"][0]["Action"] = "s3:GetObjekt"
    assert linted(json.dumps(wrong))


def test_buckets_queue_and_topic_refuse_plain_http():
    refusing = set()
    for name, statement in statements():
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}:
            assert statement["Principal"] == "*", name
            refusing.update(listed(statement["Resource"]))
    everything = {"${bucketA.arn}", "${bucketA.arn}/*", "${bucketB.arn}", "${bucketB.arn}/*"}
    assert refusing == everything | {"${failuresQueue.arn}", "${alertsTopic.arn}"}


@pytest.mark.parametrize("bucket", ["bucketA", "bucketB"])
def test_each_bucket_is_private_encrypted_versioned_and_owned_by_policies_alone(bucket):
    guards = {
        resource["type"]: resource["properties"]
        for resource in RESOURCES.values()
        if resource.get("properties", {}).get("bucket") == f"${{{bucket}.bucket}}"
    }
    access = guards["aws:s3:BucketPublicAccessBlock"]
    assert all(access[key] is True for key in access if key != "bucket") and len(access) == 5
    assert guards["aws:s3:BucketOwnershipControls"]["rule"]["objectOwnership"] == "BucketOwnerEnforced"
    assert guards["aws:s3:BucketServerSideEncryptionConfiguration"]["rules"]
    assert guards["aws:s3:BucketVersioning"]["versioningConfiguration"]["status"] == "Enabled"
    assert "aws:s3:BucketLifecycleConfiguration" in guards
    assert RESOURCES[bucket]["options"] == {"protect": "${protectBuckets}"}


def test_prod_protects_its_buckets_and_dev_does_not():
    assert setting("prod", "protectBuckets") is True
    assert setting("prod", "forceDestroy") is False
    assert setting("dev", "protectBuckets") is False
    assert setting("prod", "logRetentionDays") > setting("dev", "logRetentionDays")


def test_stacks_set_only_what_the_project_declares():
    declared = {f"exif-ripper:{name}" for name in PROJECT["config"]} | {"aws:region"}
    for stack, config in STACKS.items():
        assert set(config) <= declared, f"{stack}: {sorted(set(config) - declared)}"
    settings = set(PROJECT["config"])
    text = PROGRAM_PATH.read_text()
    used = {name for name in settings if f"${{{name}}}" in text}
    assert used == settings, f"declared, but not used: {sorted(settings - used)}"
    # Such a resource would hide the setting without a warning.
    assert not settings & (set(RESOURCES) | set(PROGRAM["variables"]))


def test_no_key_is_misspelt_since_pulumi_ignores_unknown_ones_silently():
    assert set(PROGRAM) == {"variables", "resources", "outputs"}
    assert set(PROJECT) == {"name", "description", "license", "main", "runtime", "config"}
    for name, resource in RESOURCES.items():
        assert set(resource) <= {"type", "properties", "options", "defaultProvider"}, name
        assert set(resource.get("options", {})) <= {"protect", "dependsOn", "version"}, name


def test_the_plugin_is_pinned_to_the_version_of_the_schema_it_was_tested_with():
    version = RESOURCES["aws"]["options"]["version"]
    schema = json.loads((ROOT / "local" / "provider" / "schema.json").read_text())
    assert schema["version"] == version


def test_the_outputs_are_the_documented_ones_and_the_keys_are_secret():
    outputs = PROGRAM["outputs"]
    assert set(outputs) == OUTPUTS
    assert {name for name, value in outputs.items() if isinstance(value, dict) and "fn::secret" in value} == SECRET_OUTPUTS


def test_every_alarm_reaches_the_topic_and_is_on_the_dashboard():
    alarms = of_type("aws:cloudwatch:MetricAlarm")
    widgets = RESOURCES["dashboard"]["properties"]["dashboardBody"]["fn::toJSON"]["widgets"]
    shown = {arn for widget in widgets for arn in widget["properties"].get("alarms", [])}
    assert shown == {f"${{{name}.arn}}" for name in alarms}
    for name, alarm in alarms.items():
        assert alarm["properties"]["alarmActions"] == ["${alertsTopic.arn}"], name
        assert alarm["properties"]["treatMissingData"] == "notBreaching", name
        assert len(alarm["properties"]["alarmDescription"]) > 40, f"{name} does not say what the operator should do"
    print(f"saw {len(alarms)} alarms")


def test_the_alarm_on_slow_runs_is_at_80_percent_of_the_time_limit():
    limit_ms = only("aws:lambda:Function")["timeout"] * 1000
    assert RESOURCES["alarmSlowRuns"]["properties"]["threshold"] == limit_ms * 0.8


def test_the_function_runs_what_the_zip_was_built_for():
    path = ROOT / "target" / "lambda" / "exif-ripper" / "bootstrap.zip"
    assert path.exists(), "no zip: run `just build`"
    with zipfile.ZipFile(path) as archive:
        header = archive.read("bootstrap")[:20]
    machine = {62: "x86_64", 183: "arm64"}[struct.unpack_from("<H", header, 18)[0]]
    assert header[:4] == b"\x7fELF"
    assert only("aws:lambda:Function")["architectures"] == ["${architecture}"]
    assert only("aws:lambda:Function")["code"] == {"fn::fileArchive": "../" + str(path.relative_to(ROOT))}
    assert machine == setting("dev", "architecture")
    print(f"saw a zip of {path.stat().st_size} bytes for {machine}")


def test_every_resource_has_a_comment_that_says_why():
    lines = PROGRAM_PATH.read_text().splitlines()
    for name in RESOURCES:
        (at,) = [i for i, line in enumerate(lines) if line == f"  {name}:"]
        assert lines[at - 1].startswith("  # "), f"{name} has no comment above it"
    print(f"saw {len(RESOURCES)} resources")


def test_no_recipe_skips_the_preview_of_a_destroy():
    # Without the preview, a protected stack loses everything but its buckets before Pulumi notices.
    recipes = (ROOT / "justfile").read_text()
    destroys = [line for line in recipes.splitlines() if "pulumi destroy" in line]
    assert destroys
    assert not [line for line in destroys if re.search(r"--skip-preview|\s-f\b", line)]


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
