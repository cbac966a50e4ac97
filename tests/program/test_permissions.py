"""Policies allow what is needed and nothing else, and the policy linter finds no mistake in them."""

import json

import parliament
import pytest

from tests.program.program import RESOURCES, listed, policies, resolved, statements

KEYS = "arn:aws:kms:${aws:region}:${caller.accountId}:key/*"


def test_nothing_is_allowed_on_every_resource_or_with_every_action():
    allowed = [(name, s) for name, s in statements() if s["Effect"] == "Allow"]
    for name, statement in allowed:
        for action in listed(statement["Action"]):
            assert "*" not in action, f"{name}: {action}"
        if statement.get("Sid") == "UseKeyOfTheBuckets":
            # Which key is the stack's business; through S3 alone, and only for photos of the buckets.
            assert statement["Condition"]["StringEquals"] == {"kms:ViaService": "s3.${aws:region}.amazonaws.com"}
            (arns,) = statement["Condition"]["StringLike"].values()
            assert all(arn.startswith("${bucket") for arn in arns)
            continue
        for resource in listed(statement.get("Resource", [])):
            assert resource.startswith("${") and ".arn}" in resource, f"{name}: {resource}"
        assert statement.get("Principal") != "*", name
    print(f"saw {len(allowed)} Allow statements in {len(policies())} policies")


def test_the_role_may_do_exactly_what_the_function_does():
    assert allowed_by("rolePolicy") == {
        ("s3:GetObject", "${bucketA.arn}/${prefix}*"),
        ("s3:GetObject", "${bucketB.arn}/${prefix}*"),
        ("s3:PutObject", "${bucketB.arn}/${prefix}*"),
        # Never s3:DeleteObjectVersion: what is deleted can be restored.
        ("s3:DeleteObject", "${bucketB.arn}/${prefix}*"),
        ("s3:ListBucket", "${bucketA.arn}"),
        ("s3:ListBucket", "${bucketB.arn}"),
        ("kms:Decrypt", KEYS),
        ("kms:GenerateDataKey", KEYS),
        ("sqs:SendMessage", "${failuresQueue.arn}"),
        ("sqs:SendMessage", "${refusalsQueue.arn}"),
        ("logs:CreateLogStream", "${logGroup.arn}:*"),
        ("logs:PutLogEvents", "${logGroup.arn}:*"),
    }
    role_policies = [name for name, resource in RESOURCES.items() if "aws:iam:RolePolicy" in resource["type"]]
    assert role_policies == ["rolePolicy", "jobsRolePolicy"]


def test_a_job_may_run_the_function_read_its_list_and_write_its_report_and_nothing_of_the_photos():
    assert allowed_by("jobsRolePolicy") == {
        ("lambda:InvokeFunction", "${ripper.arn}"),
        ("s3:GetObject", "${jobsBucket.arn}/manifests/*"),
        ("s3:PutObject", "${jobsBucket.arn}/reports/*"),
    }
    (trust,) = RESOURCES["jobsRole"]["properties"]["assumeRolePolicy"]["fn::toJSON"]["Statement"]
    assert trust["Principal"] == {"Service": "batchoperations.s3.amazonaws.com"}


def allowed_by(policy: str) -> set[tuple[str, str]]:
    """What a policy allows: actions, and on what."""
    return {
        (action, resource)
        for statement in policies()[policy]["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def linted(policy):
    """The findings of the policy linter, without its false ones."""
    document = json.loads(policy)
    for statement in document["Statement"]:
        if statement["Action"] == "sts:AssumeRole":
            # The linter does not know trust policies, which have a principal and no resource.
            statement["Resource"] = "arn:aws:iam::123456789012:role/exif-ripper"
            statement.pop("Principal")
    findings = parliament.analyze_policy_string(json.dumps(document)).findings
    # The linter accepts only whole numbers as numeric, but TLS versions are numbers such as 1.2 (Amazon S3 User Guide,
    # "Bucket policy examples using condition keys"). It also lacks this key for some actions of s3:*.
    return {f"{finding.issue}: {finding.detail}" for finding in findings if "s3:TlsVersion" not in str(finding.detail)}


@pytest.mark.parametrize("name", sorted(policies()))
def test_the_policy_linter_finds_nothing_in(name):
    assert not linted(resolved(policies()[name]))


def test_the_policy_linter_would_find_a_wrong_action():
    wrong = json.loads(resolved(policies()["rolePolicy"]))
    wrong["Statement"][0]["Action"] = "s3:GetObjekt"
    assert linted(json.dumps(wrong))


def test_buckets_queues_and_topic_refuse_plain_http():
    refusing = set()
    for name, statement in statements():
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}:
            assert statement["Principal"] == "*", name
            refusing.update(listed(statement["Resource"]))
    buckets = ("bucketA", "bucketB", "jobsBucket")
    everything = {f"${{{bucket}.arn}}{objects}" for bucket in buckets for objects in ("", "/*")}
    assert refusing == everything | {"${failuresQueue.arn}", "${refusalsQueue.arn}", "${alertsTopic.arn}"}
