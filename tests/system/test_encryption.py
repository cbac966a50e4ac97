"""A stack whose buckets have a key in KMS."""

import pytest

from tests.system.deployed import wait_for


@pytest.fixture
def key(system) -> str:
    """The ARN of a key in the account."""
    return system.aws.client("kms").create_key(Description="photos")["KeyMetadata"]["Arn"]


def test_a_key_that_is_not_there_is_refused_before_anything_is_built(system, key):
    file = system.aws.project / "Pulumi.wrongkey.yaml"
    dev = (system.aws.root / "Pulumi.dev.yaml").read_text()
    for arn, said in (
        (key.rsplit("/", 1)[0] + "/00000000-0000-0000-0000-000000000000", "there is no key"),
        (key.replace("000000000000", "012345678901"), "is a key of the account 012345678901"),
    ):
        file.write_text(f'{dev}  exif-ripper:encryption: "aws:kms"\n  exif-ripper:kmsKeyArn: {arn}\n')
        answer = system.deploy_command("check", "wrongkey")
        assert answer.returncode == 1 and said in answer.stderr, answer.stderr
        print(f"saw {answer.stderr}")
    file.unlink()


def test_photos_are_encrypted_with_the_key_of_the_stack_in_both_buckets(system, key):
    stack = system.deploy("encrypted", {"encryption": "aws:kms", "kmsKeyArn": key})
    assert system.deploy_command("check", "encrypted").returncode == 0
    encrypted = system.deployed("encrypted")
    encrypted.user_a.put_object(Bucket=encrypted.bucket_a, Key="a.jpg", Body=encrypted.sample)
    photo = wait_for(lambda: encrypted.photo_in_b("a.jpg"), "a.jpg")
    original = encrypted.client("s3").head_object(Bucket=encrypted.bucket_a, Key="a.jpg")
    for head in (original, photo):
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)
    assert stack.preview().changed == 0
    assert stack.refresh().changed == 0
    # Back to S3's own keys: what is there stays readable, and what is new has the other key.
    system.deploy("encrypted", {"encryption": "AES256", "kmsKeyArn": ""})
    encrypted.user_a.put_object(Bucket=encrypted.bucket_a, Key="b.jpg", Body=encrypted.sample)
    assert wait_for(lambda: encrypted.photo_in_b("b.jpg"), "b.jpg")["ServerSideEncryption"] == "AES256"
    assert encrypted.photo_in_b("a.jpg")["SSEKMSKeyId"] == key
    assert stack.preview().changed == 0
    stack.destroy()
    print(f"saw photos under {key}, and under S3's own key after the change")
