"""How the provider replaces, names, hides and empties resources: with the real engine on the emulator."""

import json
import re

import botocore.exceptions
import pytest

from local.tests.project import LAMBDA_TRUST, write_zip


def test_a_replacement_under_the_same_name_deletes_the_old_one_first(run, aws):
    for path in ("/one/", "/two/"):
        properties = {"name": "same-name", "path": path, "assumeRolePolicy": LAMBDA_TRUST}
        answer = run({"role": {"type": "aws:iam:Role", "properties": properties}})
        assert [role["Path"] for role in aws.client("iam").list_roles()["Roles"]] == [path]
    assert answer.steps["role"] == "replace"


def test_a_new_name_makes_a_new_resource_and_deletes_the_old_one(run, aws):
    for name in ("first-name", "second-name"):
        answer = run({"queue": {"type": "aws:sqs:Queue", "properties": {"name": name}}})
        urls = aws.client("sqs").list_queues()["QueueUrls"]
        assert [url.rsplit("/", 1)[-1] for url in urls] == [name]
    assert answer.steps["queue"] == "replace"


def test_names_are_made_in_the_official_style_and_stay(run):
    resources = {
        "photosIn": {"type": "aws:s3:Bucket"},
        "alerts": {"type": "aws:sns:Topic"},
        "role": {"type": "aws:iam:Role", "properties": {"assumeRolePolicy": LAMBDA_TRUST}},
    }
    outputs = {"bucket": "${photosIn.bucket}", "topic": "${alerts.name}", "role": "${role.name}"}
    run(resources, outputs=outputs)
    assert run(resources, outputs=outputs).changed == 0


def test_outputs_name_what_exists(run, aws):
    outputs = {"bucket": "${photosIn.bucket}", "arn": "${photosIn.arn}", "host": "${photosIn.bucketRegionalDomainName}"}
    run({"photosIn": {"type": "aws:s3:Bucket"}}, outputs=outputs)
    outputs = aws.stack("dev").outputs()
    assert re.fullmatch(r"photosin-[0-9a-f]{7}", outputs["bucket"])
    assert outputs["arn"] == f"arn:aws:s3:::{outputs['bucket']}"
    assert outputs["host"] == f"{outputs['bucket']}.s3.eu-central-1.amazonaws.com"
    assert [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]] == [outputs["bucket"]]


def test_a_secret_key_signs_and_is_nowhere_in_clear(run, aws):
    user = {"type": "aws:iam:User"}
    key = {"type": "aws:iam:AccessKey", "properties": {"user": "${user.name}"}}
    answer = run({"user": user, "key": key}, outputs={"id": "${key.id}", "secret": "${key.secret}"})
    outputs = aws.stack("dev").outputs()
    signed = aws.client("sts", (outputs["id"], outputs["secret"])).get_caller_identity()
    assert "/user-" in signed["Arn"]
    for place in (answer.text, json.dumps(aws.stack("dev").export()), (aws.folder / "events-dev.jsonl").read_text()):
        assert outputs["secret"] not in place
    with pytest.raises(botocore.exceptions.ClientError, match=r"SignatureDoesNotMatch|InvalidClientTokenId|403"):
        aws.client("sts", (outputs["id"], "x" * 40)).get_caller_identity()


@pytest.mark.parametrize("force", [True, False])
def test_a_bucket_with_photos_is_deleted_only_by_force(run, aws, force):
    resources = {
        "photos": {"type": "aws:s3:Bucket", "properties": {"forceDestroy": force}},
        "versions": {
            "type": "aws:s3:BucketVersioning",
            "properties": {"bucket": "${photos.bucket}", "versioningConfiguration": {"status": "Enabled"}},
        },
    }
    run(resources, outputs={"bucket": "${photos.bucket}"})
    s3, bucket = aws.client("s3"), aws.stack("dev").outputs()["bucket"]
    for body in (b"one", b"two"):
        s3.put_object(Bucket=bucket, Key="a photo.jpg", Body=body)
    s3.delete_object(Bucket=bucket, Key="a photo.jpg")
    s3.create_multipart_upload(Bucket=bucket, Key="unfinished.jpg")

    destroyed = aws.stack("dev").destroy(check=False)
    assert destroyed.succeeded == force
    left = [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
    if force:
        assert left == []
    else:
        assert "BucketNotEmpty" in destroyed.text
        assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 2
        # For the end of the test: a change of `forceDestroy` counts only after an `up`.
        resources["photos"]["properties"]["forceDestroy"] = True
        run(resources)


def test_new_code_is_uploaded_and_the_same_code_is_not(run, aws):
    resources = {
        "role": {"type": "aws:iam:Role", "properties": {"assumeRolePolicy": LAMBDA_TRUST}},
        "function": {
            "type": "aws:lambda:Function",
            "properties": {
                "code": {"fn::fileArchive": "../target/lambda/x86_64/bootstrap.zip"},
                "runtime": "provided.al2023",
                "handler": "bootstrap",
                "role": "${role.arn}",
            },
        },
    }
    run(resources, outputs={"name": "${function.name}"})
    functions, name = aws.client("lambda"), aws.stack("dev").outputs()["name"]
    first = functions.get_function_configuration(FunctionName=name)["CodeSha256"]

    # The same content in a newer file.
    write_zip(aws.project)
    assert run(resources).changed == 0

    write_zip(aws.project, "#!/bin/sh\nexit 2\n")
    assert run(resources).steps == {"function": "update"}
    second = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
    assert second != first

    # Code that was changed by hand is drift.
    write_zip(aws.folder / "by-hand", "#!/bin/sh\nexit 3\n")
    by_hand = (aws.folder / "by-hand" / "target/lambda/x86_64/bootstrap.zip").read_bytes()
    functions.update_function_code(FunctionName=name, ZipFile=by_hand)
    stack = aws.stack("dev")
    assert stack.refresh().steps == {"function": "update"}
    assert stack.up().steps == {"function": "update"}
    assert functions.get_function_configuration(FunctionName=name)["CodeSha256"] == second


def test_default_tags_reach_resources_and_can_change(run, aws):
    def tagged(**tags):
        provider = {
            "type": "pulumi:providers:aws",
            "defaultProvider": True,
            "properties": {"region": "eu-central-1", "defaultTags": {"tags": tags}},
        }
        return {"aws": provider, "topic": {"type": "aws:sns:Topic", "properties": {"tags": {"own": "kept"}}}}

    def actual():
        topic = aws.client("sns").list_topics()["Topics"][0]["TopicArn"]
        tags = aws.client("sns").list_tags_for_resource(ResourceArn=topic)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in tags}

    run(tagged(stack="one", gone="soon"))
    assert actual() == {"own": "kept", "stack": "one", "gone": "soon"}
    assert run(tagged(stack="one", gone="soon")).changed == 0
    assert run(tagged(stack="two")).steps["topic"] == "update"
    assert actual() == {"own": "kept", "stack": "two"}
