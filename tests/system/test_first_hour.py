"""From an account with nothing in it to a stack whose alarms reach somebody, by the recipes, without a terminal."""

import json
import re

import pytest

from tests.system.deployed import wait_for


@pytest.fixture(scope="module")
def login(system):
    """Makes the place for the state; the URL that the recipe says to log in to, with the emulator's address."""
    first = system.deploy_command("state-bootstrap", "--region", "eu-central-1")
    assert first.returncode == 0, first.stderr
    (url,) = re.findall(r"pulumi login '([^']+)'", first.stdout)
    host = system.aws.emulator.endpoint.removeprefix("https://")
    return first.stdout, f"{url}&endpoint={host}&s3ForcePathStyle=true"


def test_the_state_bucket_is_private_versioned_and_encrypted_and_made_once(system, login):
    printed, _ = login
    before = system.inventory()
    assert system.deploy_command("state-bootstrap", "--region", "eu-central-1").stdout == printed
    assert system.inventory() == before
    (bucket,) = re.findall(r"s3://([^?]+)", printed)
    s3, kms = system.aws.client("s3"), system.aws.client("kms")
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(block, True) and len(block) == 4
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    key = kms.describe_key(KeyId="alias/exif-ripper-state")["KeyMetadata"]["Arn"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    keys = [kms.describe_key(KeyId=entry["KeyId"])["KeyMetadata"] for entry in kms.list_keys()["Keys"]]
    assert [one["Arn"] for one in keys if "state" in one["Description"]] == [key]
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    assert {statement["Sid"] for statement in policy["Statement"]} == {"DenyPlainHttp", "DenyOldTls"}
    print(f"saw {bucket} with {key}")


def test_a_bucket_that_is_no_longer_private_is_set_right_again(system, login):
    (bucket,) = re.findall(r"s3://([^?]+)", login[0])
    s3 = system.aws.client("s3")
    s3.delete_public_access_block(Bucket=bucket)
    own = {
        "Sid": "Own",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteBucket",
        "Resource": f"arn:aws:s3:::{bucket}",
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [own]}))
    system.deploy_command("state-bootstrap", "--region", "eu-central-1")
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"]
    statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert [statement["Sid"] for statement in statements] == ["Own", "DenyPlainHttp", "DenyOldTls"]


def test_without_a_terminal_init_names_what_is_missing_and_writes_nothing(system, login):
    answer = system.deploy_command("init", "fresh", PULUMI_BACKEND_URL=login[1])
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "init: without a terminal the region has to be given: --region\n"
    answer = system.deploy_command("init", "fresh", "--region", "eu-central-1", PULUMI_BACKEND_URL=login[1])
    assert answer.stderr == "init: without a terminal the account has to be given: --account\n"
    answer = system.deploy_command(
        "init", "fresh", "--region", "eu-central-1", "--account", "012345678901", PULUMI_BACKEND_URL=login[1]
    )
    assert "is for the account 012345678901, and these credentials are of 000000000000" in answer.stderr
    assert not (system.aws.project / "Pulumi.fresh.yaml").exists()


def test_an_empty_account_becomes_a_stack_that_cleans_a_photo_and_whose_alarm_reaches_somebody(system, login):
    given = ("--region", "eu-central-1", "--account", "000000000000", "--alerts", "operator@example.org")
    secrets = "awskms://alias/exif-ripper-state?region=eu-central-1"

    def run(*arguments):
        answer = system.deploy_command(*arguments, PULUMI_BACKEND_URL=login[1])
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    said = run("init", "fresh", *given, "--secrets-provider", secrets)
    assert "just subscribe fresh operator@example.org" in said
    file = (system.aws.project / "Pulumi.fresh.yaml").read_text()
    assert '  aws:allowedAccountIds: ["000000000000"]\n' in file
    assert secrets.split("?")[0] in file
    # Again: nothing changes.
    run("init", "fresh", *given)
    assert (system.aws.project / "Pulumi.fresh.yaml").read_text() == file
    run("check", "fresh")
    run("up", "fresh", "--yes", "--skip-preview")

    sns, sqs = system.aws.client("sns"), system.aws.client("sqs")
    assert "operator@example.org" in run("subscribe", "fresh", "operator@example.org")
    assert "is subscribed already" in run("subscribe", "fresh", "operator@example.org")
    (topic,) = [entry["TopicArn"] for entry in sns.list_topics()["Topics"] if "-fresh-" in entry["TopicArn"]]
    arn = "arn:aws:sqs:eu-central-1:000000000000:an-operator"
    send = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**send, "Resource": arn}]}
    queue = sqs.create_queue(QueueName="an-operator", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    run("test-alert", "fresh")
    again = system.deploy_command("test-alert", "fresh", PULUMI_BACKEND_URL=login[1])
    assert again.returncode == 1 and "because it is set off already" in again.stderr
    (message,) = wait_for(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"), "the alarm's message")
    assert "alarmFailureWaits" in message["Body"] and "just test-alert fresh" in message["Body"]
    sqs.delete_queue(QueueUrl=queue)

    # The state is in the bucket, and no secret is in it in clear.
    s3 = system.aws.client("s3")
    (bucket,) = re.findall(r"s3://([^?]+)", login[0])
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    (state,) = [key for key in keys if key.endswith("fresh.json")]
    text = s3.get_object(Bucket=bucket, Key=state)["Body"].read().decode()
    assert "userASecretAccessKey" in text and '"ciphertext"' in text
    run("destroy", "fresh", "--confirm", "fresh")
    print(f"saw {len(keys)} objects of the state, and the message {message['Body'][:80]}")
