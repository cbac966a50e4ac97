"""A stack is taken down whole, or not at all; and no bucket that stays is left open."""

import re

import pytest

from tests.system.deployed import wait_for
from tests.system.inventory import inventory


@pytest.fixture
def passing(system):
    """A stack that is neither protected nor may delete its photos, with a photo in both buckets."""
    stack = system.deploy("passing", {"forceDestroy": "false", "protectBuckets": "false"})
    deployed = system.deployed("passing")
    deployed.user_a.put_object(Bucket=deployed.bucket_a, Key="kept.jpg", Body=deployed.sample)
    wait_for(lambda: deployed.photo_in_b("kept.jpg"), "kept.jpg")
    yield deployed
    system.deploy("passing", {"forceDestroy": "true", "protectBuckets": "false"})
    assert stack.destroy().succeeded


def guards(s3, bucket):
    """What keeps a bucket closed and its versions kept, as S3 has it."""
    return {
        "block": s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
        "policy": s3.get_bucket_policy(Bucket=bucket)["Policy"],
        "ownership": s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"],
        "encryption": s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"],
        "versioning": s3.get_bucket_versioning(Bucket=bucket)["Status"],
        "lifecycle": s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"],
    }


def refused(system, said, *arguments, **options):
    """Runs the recipe, which must say this and change nothing."""
    before = inventory(system.aws.client)
    answer = system.deploy_command("destroy", *arguments, **options)
    assert answer.returncode == 1
    assert re.search(said, answer.stderr), answer.stderr
    assert inventory(system.aws.client) == before
    print(f"saw {answer.stderr.splitlines()[-1]}, and {len(before)} things in the account before and after")


def test_the_recipe_refuses_a_protected_stack(system, prod):
    refused(system, r"prod is protected \(bucketA, bucketB\), so nothing was deleted", "prod", "--confirm", "prod")


def test_the_engine_refuses_a_protected_stack_in_its_preview(system, prod):
    before = system.inventory()
    run = system.stacks["prod"].destroy(check=False)
    assert not run.succeeded and "protect" in run.text
    assert system.inventory() == before


def test_the_recipe_refuses_a_stack_whose_photos_may_not_be_deleted_and_counts_them(system, passing):
    said = rf"{passing.bucket_a} \(1 objects, 1 versions, 0\.\d MB\), {passing.bucket_b} \(1 objects"
    refused(system, said, "passing", "--confirm", "passing")


def test_the_recipe_wants_the_name_of_the_stack(system, dev):
    refused(system, "without a terminal .* --confirm dev", "dev")
    refused(system, "that is not the stack's name", "dev", "--confirm", "prod")


def test_the_recipe_finds_an_access_key_that_was_made_by_hand(system):
    stack = system.deploy("keyed", {"forceDestroy": "false"})
    iam, user = system.aws.client("iam"), stack.outputs()["userAName"]
    key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    refused(
        system, f"aws iam delete-access-key --user-name {user} --access-key-id {key}", "keyed", "--confirm", "keyed"
    )
    iam.delete_access_key(UserName=user, AccessKeyId=key)
    assert system.deploy_command("destroy", "keyed", "--confirm", "keyed").returncode == 0


def test_the_recipe_takes_a_stack_down_whole_after_showing_what_is_in_it(system):
    before = system.inventory()
    system.deploy("gone", {"forceDestroy": "true"})
    gone = system.deployed("gone")
    gone.user_a.put_object(Bucket=gone.bucket_a, Key="a.jpg", Body=gone.sample)
    wait_for(lambda: gone.photo_in_b("a.jpg"), "a.jpg")
    answer = system.deploy_command("destroy", "gone", "--confirm", "gone")
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"gone: \d\d things in AWS will be deleted for good", answer.stderr)
    assert re.search(rf"{gone.bucket_b} +1 objects, 1 versions", answer.stderr)
    assert system.inventory() == before


def test_buckets_that_the_engine_cannot_delete_are_not_left_open(system, passing):
    s3 = system.aws.client("s3")
    before = {bucket: guards(s3, bucket) for bucket in (passing.bucket_a, passing.bucket_b)}
    assert not system.stacks["passing"].destroy(check=False).succeeded
    assert s3.head_object(Bucket=passing.bucket_a, Key="kept.jpg")["ContentLength"] == len(passing.sample)
    assert {bucket: guards(s3, bucket) for bucket in before} == before
    print(f"saw {len(before)} buckets with {', '.join(before[passing.bucket_a])} as before")


def test_a_protected_stack_whose_destroy_skips_the_preview_leaves_no_bucket_open(system, passing):
    s3, stack = system.aws.client("s3"), system.deploy("passing", {"protectBuckets": "true"})
    before = {bucket: guards(s3, bucket) for bucket in (passing.bucket_a, passing.bucket_b)}
    assert not stack.destroy_without_preview().succeeded
    assert {bucket: guards(s3, bucket) for bucket in before} == before
    # And it can be deployed again as it was.
    stack.up()
    assert {bucket: guards(s3, bucket) for bucket in before} == before
    wait_for(lambda: system.deployed("passing").photo_in_b("kept.jpg"), "kept.jpg")
