"""Who may do what: both users of both stacks and the role on all four buckets, asserted both ways."""

import io
import json
import uuid
import zipfile

import botocore
import botocore.config
import botocore.exceptions
import pytest

from tests.system.deployed import Deployed

# Error codes for a caller without permission; services with a JSON protocol send them with status 400.
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "NotAuthorized"}


def multipart(s3, bucket, key):
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    s3.list_parts(Bucket=bucket, Key=key, UploadId=upload)
    s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)


# Every action on an object or a bucket that somebody could try; each is a valid request on something that exists.
ACTIONS = {
    "list": lambda s3, bucket, key: s3.list_objects_v2(Bucket=bucket),
    "read": lambda s3, bucket, key: s3.get_object(Bucket=bucket, Key=key),
    "head": lambda s3, bucket, key: s3.head_object(Bucket=bucket, Key=key),
    "write": lambda s3, bucket, key: s3.put_object(Bucket=bucket, Key=key + ".probe", Body=b"part"),
    "delete": lambda s3, bucket, key: s3.delete_object(Bucket=bucket, Key=key + ".probe"),
    "delete version": lambda s3, bucket, key: s3.delete_object(Bucket=bucket, Key=key, VersionId="null"),
    "multipart": multipart,
    "list versions": lambda s3, bucket, key: s3.list_object_versions(Bucket=bucket),
    "read policy": lambda s3, bucket, key: s3.get_bucket_policy(Bucket=bucket),
    "drop policy": lambda s3, bucket, key: s3.delete_bucket_policy(Bucket=bucket),
    "tag": lambda s3, bucket, key: s3.put_object_tagging(
        Bucket=bucket, Key=key, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}
    ),
    "suspend versions": lambda s3, bucket, key: s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}
    ),
    "drop bucket": lambda s3, bucket, key: s3.delete_bucket(Bucket=bucket),
}
MAY = {
    "user A": {"a": {"list", "read", "head", "write", "delete", "multipart"}, "b": set()},
    "user B": {"a": set(), "b": {"list", "read", "head"}},
    "role": {"a": {"list", "read", "head"}, "b": {"list", "read", "head", "write", "delete"}},
}


def outcome(action, s3, bucket, key):
    """`allowed`, or `denied` for exactly what S3 answers to a caller without permission."""
    try:
        action(s3, bucket, key)
        return "allowed"
    except botocore.exceptions.ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        # A HEAD has no body, so its 403 has no code.
        assert status == 403 and error.response["Error"]["Code"] in {"AccessDenied", "403"}, error
        return "denied"


@pytest.fixture(scope="module")
def role(dev: Deployed):
    """Credentials of the function's role, as a function that runs with that role has them."""
    bootstrap = b"""#!/usr/bin/env python3
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(api + "next") as event:
        request = event.headers["Lambda-Runtime-Aws-Request-Id"]
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    answer = json.dumps({key: os.environ[key] for key in keys}).encode()
    urllib.request.urlopen(urllib.request.Request(api + request + "/response", data=answer)).close()
"""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, bootstrap)
    functions = dev.client("lambda")
    arn = functions.get_function_configuration(FunctionName=dev.outputs["functionName"])["Role"]
    name = f"probe-{uuid.uuid4().hex[:8]}"
    functions.create_function(
        FunctionName=name,
        Role=arn,
        Runtime="provided.al2023",
        Handler="bootstrap",
        Code={"ZipFile": zipped.getvalue()},
    )
    try:
        answer = json.loads(functions.invoke(FunctionName=name, Payload=b"{}")["Payload"].read())
    finally:
        functions.delete_function(FunctionName=name)
    return lambda service: dev.client(service, tuple(answer.values()))


def probe(who, s3, stacks, may):
    """Tries every action on both buckets of every stack; returns how many were allowed and denied."""
    counts = {"allowed": 0, "denied": 0}
    for stack in stacks:
        for letter, bucket in (("a", stack.bucket_a), ("b", stack.bucket_b)):
            for name, action in ACTIONS.items():
                got = outcome(action, s3, bucket, stack.probe_key)
                expected = "allowed" if name in may(stack, letter) else "denied"
                assert got == expected, f"{who} {name} on bucket {letter} of {stack.name}: {got}, not {expected}"
                counts[got] += 1
    print(f"saw {who}: {counts['allowed']} actions allowed, {counts['denied']} denied")


@pytest.mark.parametrize("name", ["dev", "prod"])
@pytest.mark.parametrize("who", ["user A", "user B"])
def test_a_user_may_do_exactly_this_on_every_bucket_of_every_stack(dev, prod, name, who):
    own = {"dev": dev, "prod": prod}[name]
    s3 = {"user A": own.user_a, "user B": own.user_b}[who]
    probe(f"{who} of {name}", s3, [dev, prod], lambda stack, letter: MAY[who][letter] if stack is own else set())


def test_the_role_may_do_exactly_this_on_every_bucket_of_every_stack(dev, prod, role):
    probe(
        "the role",
        role("s3"),
        [dev, prod],
        lambda stack, letter: MAY["role"][letter] if stack is dev else set(),
    )


def require_denied(who, tries):
    """Tries every action, and requires the answer that a service gives to a caller without permission."""
    for what, action in tries.items():
        with pytest.raises(botocore.exceptions.ClientError) as denial:
            action()
        assert denial.value.response["Error"]["Code"] in DENIED, f"{what}: {denial.value}"
    print(f"saw {who} denied {len(tries)} actions in other services")


def test_the_role_may_do_nothing_in_other_services(dev, role):
    queue = dev.outputs["failuresQueueUrl"]
    tries = {
        "receive failures": lambda: role("sqs").receive_message(QueueUrl=queue),
        "purge failures": lambda: role("sqs").purge_queue(QueueUrl=queue),
        "receive refusals": lambda: role("sqs").receive_message(QueueUrl=dev.outputs["refusalsQueueUrl"]),
        "list users": lambda: role("iam").list_users(),
        "make a key": lambda: role("iam").create_access_key(UserName=dev.outputs["userAName"]),
        "read parameters": lambda: role("ssm").get_parameter(Name="/exif-ripper/dev/bucketA"),
        "change itself": lambda: role("lambda").update_function_configuration(
            FunctionName=dev.outputs["functionName"], Timeout=900
        ),
        "drop its log": lambda: role("logs").delete_log_group(logGroupName=dev.outputs["logGroup"]),
        "publish alerts": lambda: role("sns").publish(TopicArn=dev.outputs["alertsTopicArn"], Message="x"),
        "list buckets": lambda: role("s3").list_buckets(),
    }
    require_denied("the role", tries)


@pytest.mark.parametrize("who", ["user A", "user B"])
def test_a_user_may_do_nothing_in_other_services(dev, who):
    letter = who[-1]
    tries = {
        "list buckets": lambda: dev.as_user(letter, "s3").list_buckets(),
        "list users": lambda: dev.as_user(letter, "iam").list_users(),
        "make a key": lambda: dev.as_user(letter, "iam").create_access_key(UserName=dev.outputs[f"user{letter}Name"]),
        "join the others": lambda: dev.as_user(letter, "iam").add_user_to_group(
            GroupName=dev.groups["viewers" if letter == "A" else "uploaders"],
            UserName=dev.outputs[f"user{letter}Name"],
        ),
        "run the function": lambda: dev.as_user(letter, "lambda").invoke(FunctionName=dev.outputs["functionName"]),
        "read failures": lambda: dev.as_user(letter, "sqs").receive_message(QueueUrl=dev.outputs["failuresQueueUrl"]),
        "read refusals": lambda: dev.as_user(letter, "sqs").receive_message(QueueUrl=dev.outputs["refusalsQueueUrl"]),
        "read parameters": lambda: dev.as_user(letter, "ssm").get_parameter(Name="/exif-ripper/dev/bucketA"),
    }
    require_denied(who, tries)


@pytest.mark.parametrize("name", ["dev", "prod"])
@pytest.mark.parametrize("who", ["user A", "user B"])
def test_plain_http_is_refused_for_all_that_is_allowed_over_tls(system, dev, prod, name, who):
    stack = {"dev": dev, "prod": prod}[name]
    key = stack.outputs[f"user{who[-1]}AccessKeyId"], stack.outputs[f"user{who[-1]}SecretAccessKey"]
    plain = system.aws.client("s3", key, endpoint_url=system.aws.emulator.plain_endpoint)
    refused = 0
    for letter, bucket in (("a", stack.bucket_a), ("b", stack.bucket_b)):
        for action in sorted(MAY[who][letter]):
            assert outcome(ACTIONS[action], plain, bucket, stack.probe_key) == "denied", f"{action} on bucket {letter}"
            refused += 1
    with pytest.raises(botocore.exceptions.ClientError, match="explicit deny in a resource-based policy"):
        plain.list_objects_v2(Bucket=stack.bucket_a if who == "user A" else stack.bucket_b)
    print(f"saw {who} of {name} refused {refused} actions over plain HTTP")


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_ripper_access_finds_the_permissions_as_they_should_be(system, name):
    run = system.ripper("access", "--stack", name, "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    print(f"saw {len(run.stdout.splitlines())} rows for {name}")


def test_ripper_access_reports_a_user_who_may_do_too_much(system, dev: Deployed):
    iam = dev.client("iam")
    statement = {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": f"arn:aws:s3:::{dev.bucket_b}/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    user = dev.outputs["userBName"]
    iam.put_user_policy(UserName=user, PolicyName="too-much", PolicyDocument=json.dumps(policy))
    try:
        run = system.ripper("access", "--stack", "dev", "--json")
    finally:
        iam.delete_user_policy(UserName=user, PolicyName="too-much")
    assert run.returncode == 3, run.stdout + run.stderr
    print("saw exit code 3 with user B allowed to delete in bucket B")


def test_a_wrong_secret_is_refused(dev):
    s3 = dev.client("s3", (dev.outputs["userAAccessKeyId"], "x" * 40))
    with pytest.raises(botocore.exceptions.ClientError) as denial:
        s3.list_objects_v2(Bucket=dev.bucket_a)
    assert denial.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_nobody_reads_clean_photos_without_a_key(dev):
    anonymous = dev.client("s3", config=botocore.config.Config(signature_version=botocore.UNSIGNED))
    with pytest.raises(botocore.exceptions.ClientError) as denial:
        anonymous.get_object(Bucket=dev.bucket_b, Key=dev.probe_key)
    assert denial.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
