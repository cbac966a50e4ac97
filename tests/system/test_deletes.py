"""What happens to a clean photo in bucket B when its original is deleted or restored in bucket A."""

from tests.system.deployed import Deployed, wait_for


def gone_from_b(stack: Deployed, key: str) -> None:
    wait_for(lambda: stack.photo_in_b(key) is None, f"the delete of {key} in bucket B")


def published(stack: Deployed, key: str) -> dict:
    stack.user_a.put_object(Bucket=stack.bucket_a, Key=key, Body=stack.sample)
    return wait_for(lambda: stack.photo_in_b(key), key)


def versions(stack: Deployed, bucket: str, key: str) -> dict:
    return stack.client("s3").list_object_versions(Bucket=bucket, Prefix=key)


def test_a_photo_that_user_a_deletes_disappears_from_b_and_comes_back_with_it(dev):
    key = "deletes/by user A.jpg"
    clean = published(dev, key)
    marker = dev.user_a.delete_object(Bucket=dev.bucket_a, Key=key)
    gone_from_b(dev, key)
    kept = versions(dev, dev.bucket_b, key)
    assert [version["ETag"] for version in kept["Versions"]] == [clean["ETag"]], "B keeps what was deleted"
    # The marker is removed, so the photo is back in A.
    dev.client("s3").delete_object(Bucket=dev.bucket_a, Key=key, VersionId=marker["VersionId"])
    again = wait_for(lambda: dev.photo_in_b(key), f"{key} again")
    assert again["ETag"] == clean["ETag"]
    print(f"saw {key} deleted with {len(kept['DeleteMarkers'])} marker in B, and back with {again['ETag']}")


def test_a_photo_that_is_removed_for_good_disappears_from_b(dev):
    key = "deletes/for good.jpg"
    published(dev, key)
    version = dev.client("s3").head_object(Bucket=dev.bucket_a, Key=key)["VersionId"]
    dev.client("s3").delete_object(Bucket=dev.bucket_a, Key=key, VersionId=version)
    gone_from_b(dev, key)
    assert "Versions" not in versions(dev, dev.bucket_a, key)
    print(f"saw {key} gone from B after its only version {version} was removed from A")


def test_an_older_version_that_is_removed_changes_nothing(dev, samples):
    key = "deletes/older version.jpg"
    published(dev, key)
    old = dev.client("s3").head_object(Bucket=dev.bucket_a, Key=key)["VersionId"]
    put = dev.user_a.put_object(Bucket=dev.bucket_a, Key=key, Body=samples["IMG 0002 (1)"])

    def newest():
        found = dev.photo_in_b(key)
        return found if found and found["Metadata"]["source-version"] == put["VersionId"] else None

    before = wait_for(newest, "the newer photo")
    dev.client("s3").delete_object(Bucket=dev.bucket_a, Key=key, VersionId=old)
    # A later photo is there, so the event of the removal has been handled or is about to be.
    published(dev, "deletes/after the older version.jpg")
    after = dev.photo_in_b(key)
    assert after["ETag"] == before["ETag"]
    print(f"saw {key} as before, {after['ETag']}")


def test_several_deletes_of_a_key_that_was_never_a_photo_leave_b_empty(dev):
    key = "deletes/never there.jpg"
    for _ in range(3):
        dev.user_a.delete_object(Bucket=dev.bucket_a, Key=key)
    published(dev, "deletes/after the deletes.jpg")
    assert dev.photo_in_b(key) is None
    print(f"saw nothing under {key}")
