"""Both buckets are private, encrypted and versioned, and those of prod are protected."""

import pytest

from tests.program.program import RESOURCES, of_type, setting


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
    (encryption,) = guards["aws:s3:BucketServerSideEncryptionConfiguration"]["rules"]
    assert encryption["blockedEncryptionTypes"] == ["SSE-C"]
    assert guards["aws:s3:BucketVersioning"]["versioningConfiguration"]["status"] == "Enabled"
    assert "aws:s3:BucketLifecycleConfiguration" in guards
    assert RESOURCES[bucket]["options"]["protect"] == "${protectBuckets}"


def test_the_bucket_of_jobs_is_private_and_encrypted_and_keeps_nothing_for_long():
    guards = {
        resource["type"]: resource["properties"]
        for resource in RESOURCES.values()
        if resource.get("properties", {}).get("bucket") == "${jobsBucket.bucket}"
    }
    access = guards["aws:s3:BucketPublicAccessBlock"]
    assert all(access[key] is True for key in access if key != "bucket") and len(access) == 5
    assert guards["aws:s3:BucketOwnershipControls"]["rule"]["objectOwnership"] == "BucketOwnerEnforced"
    (encryption,) = guards["aws:s3:BucketServerSideEncryptionConfiguration"]["rules"]
    assert encryption["blockedEncryptionTypes"] == ["SSE-C"]
    (expiring, unfinished) = guards["aws:s3:BucketLifecycleConfiguration"]["rules"]
    assert expiring["expiration"] == {"days": 30} and expiring["status"] == "Enabled"
    assert unfinished["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 1}
    # Reports are not photos, so they must not keep a stack from being deleted.
    assert RESOURCES["jobsBucket"]["properties"]["forceDestroy"] is True
    assert "protect" not in RESOURCES["jobsBucket"]["options"]


def test_prod_protects_its_buckets_and_dev_does_not():
    assert setting("prod", "protectBuckets") is True
    assert setting("prod", "forceDestroy") is False
    assert setting("dev", "protectBuckets") is False
    assert setting("prod", "logRetentionDays") > setting("dev", "logRetentionDays")


def test_only_bucket_a_takes_requests_of_pages_and_only_photos_from_the_origins_of_the_setting():
    (cors,) = of_type("aws:s3:BucketCorsConfiguration").values()
    assert cors["properties"]["bucket"] == "${bucketA.bucket}"
    (rule,) = cors["properties"]["corsRules"]
    assert rule["allowedOrigins"] == "${uploadOrigins}"
    assert rule["allowedMethods"] == ["PUT"] and rule["allowedHeaders"] == ["content-type"]
    # Nobody can have a name under .invalid.
    assert setting("dev", "uploadOrigins") == setting("prod", "uploadOrigins") == ["https://uploads.invalid"]
