"""The function runs the zip that was built for it, and bucket A calls it for every photo."""

import itertools
import struct
import zipfile

from tests.program.program import RESOURCES, ROOT, of_type, only, setting


def test_only_bucket_a_of_this_account_may_call_the_function():
    permission = only("aws:lambda:Permission")
    assert permission["principal"] == "s3.amazonaws.com"
    assert permission["action"] == "lambda:InvokeFunction"
    assert permission["sourceArn"] == "${bucketA.arn}"
    assert permission["sourceAccount"] == "${caller.accountId}"


def test_the_function_knows_the_queue_of_refusals_and_both_queues_keep_messages_as_long_as_sqs_allows():
    queues = of_type("aws:sqs:Queue")
    assert set(queues) == {"failuresQueue", "refusalsQueue"}
    # 14 days ("SetQueueAttributes", Amazon SQS API Reference).
    assert {queue["properties"]["messageRetentionSeconds"] for queue in queues.values()} == {14 * 24 * 3600}
    assert all(queue["properties"]["sqsManagedSseEnabled"] for queue in queues.values())
    variables = only("aws:lambda:Function")["environment"]["variables"]
    assert variables["REFUSALS_QUEUE_URL"] == "${refusalsQueue.url}"
    assert only("aws:lambda:FunctionEventInvokeConfig")["destinationConfig"]["onFailure"] == {
        "destination": "${failuresQueue.arn}"
    }


def test_the_notification_is_set_after_the_permission_and_the_retries():
    dependencies = RESOURCES["bucketAEvents"]["options"]["dependsOn"]
    assert "${bucketACallsRipper}" in dependencies
    assert "${ripperRetries}" in dependencies


def test_the_suffixes_of_the_notification_do_not_overlap():
    targets = RESOURCES["bucketAEvents"]["properties"]["lambdaFunctions"]
    suffixes = [target["filterSuffix"] for target in targets]
    assert sorted(suffixes) == [".JPEG", ".JPG", ".jpeg", ".jpg"]
    pairs = list(itertools.permutations(suffixes, 2))
    assert not [pair for pair in pairs if pair[0].endswith(pair[1])]
    assert {target["filterPrefix"] for target in targets} == {"${prefix}"}
    # Not LifecycleExpiration: what expires in A stays in B.
    events = {"s3:ObjectCreated:*", "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated"}
    assert all(set(target["events"]) == events for target in targets)
    assert {target["lambdaFunctionArn"] for target in targets} == {"${ripper.arn}"}
    print(f"saw {len(suffixes)} suffixes, {len(pairs)} ordered pairs")


def test_the_function_has_the_architecture_that_the_zip_was_built_for():
    wanted = setting("dev", "architecture")
    path = ROOT / "target" / "lambda" / wanted / "bootstrap.zip"
    assert path.exists(), "no zip: run `just build`"
    with zipfile.ZipFile(path) as archive:
        header = archive.read("bootstrap")[:20]
    machine = {62: "x86_64", 183: "arm64"}[struct.unpack_from("<H", header, 18)[0]]
    assert header[:4] == b"\x7fELF"
    assert only("aws:lambda:Function")["architectures"] == ["${architecture}"]
    assert only("aws:lambda:Function")["code"] == {"fn::fileArchive": "../target/lambda/${architecture}/bootstrap.zip"}
    assert machine == wanted
    print(f"saw a zip of {path.stat().st_size} bytes for {machine}")
