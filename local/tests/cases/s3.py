"""Buckets and their settings."""

import json
from typing import Any

from local.tests.cases.case import Case, action, policy


def _rule(days: int) -> dict[str, Any]:
    return {
        "id": "old",
        "status": "Enabled",
        "filter": {"prefix": "a/"},
        "expiration": {"days": days},
        "noncurrentVersionExpiration": {"noncurrentDays": 3},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 2},
    }


def _cors(origin: str) -> dict[str, Any]:
    return {"allowedMethods": ["PUT"], "allowedOrigins": [origin], "allowedHeaders": ["*"], "maxAgeSeconds": 60}


def _notification(suffix: str) -> dict[str, Any]:
    return {
        "lambdaFunctions": [
            {
                "id": "one",
                "lambdaFunctionArn": "${function.arn}",
                "events": ["s3:ObjectCreated:*"],
                "filterSuffix": suffix,
            },
            {
                "id": "two",
                "lambdaFunctionArn": "${function.arn}",
                "events": ["s3:ObjectRemoved:*"],
                "filterPrefix": "x/",
            },
        ]
    }


CASES = (
    Case(
        "bucket",
        "aws:s3:Bucket",
        {"forceDestroy": True, "tags": {"colour": "red"}},
        {"tags": {"colour": "blue"}},
        look=lambda client, out: client("s3").get_bucket_tagging(Bucket=out["bucket"]["id"])["TagSet"],
        shows=[{"Key": "colour", "Value": "blue"}],
        by_hand=lambda client, out: client("s3").put_bucket_tagging(
            Bucket=out["bucket"]["id"], Tagging={"TagSet": [{"Key": "colour", "Value": "green"}]}
        ),
    ),
    Case(
        "block",
        "aws:s3:BucketPublicAccessBlock",
        {
            "bucket": "${bucket.bucket}",
            "blockPublicAcls": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": False,
        },
        {"restrictPublicBuckets": True},
        look=lambda client, out: client("s3").get_public_access_block(Bucket=out["bucket"]["id"])[
            "PublicAccessBlockConfiguration"
        ],
        shows={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": False,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        by_hand=lambda client, out: client("s3").delete_public_access_block(Bucket=out["bucket"]["id"]),
        gone=True,
    ),
    Case(
        "ownership",
        "aws:s3:BucketOwnershipControls",
        {"bucket": "${bucket.bucket}", "rule": {"objectOwnership": "BucketOwnerPreferred"}},
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        look=lambda client, out: client("s3").get_bucket_ownership_controls(Bucket=out["bucket"]["id"])[
            "OwnershipControls"
        ]["Rules"],
        shows=[{"ObjectOwnership": "BucketOwnerEnforced"}],
        by_hand=lambda client, out: client("s3").put_bucket_ownership_controls(
            Bucket=out["bucket"]["id"], OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        ),
    ),
    Case(
        "encryption",
        "aws:s3:BucketServerSideEncryptionConfiguration",
        {
            "bucket": "${bucket.bucket}",
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        },
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}]},
        look=lambda client, out: client("s3").get_bucket_encryption(Bucket=out["bucket"]["id"])[
            "ServerSideEncryptionConfiguration"
        ]["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        shows="aws:kms",
        by_hand=lambda client, out: client("s3").put_bucket_encryption(
            Bucket=out["bucket"]["id"],
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
        ),
    ),
    Case(
        "cors",
        "aws:s3:BucketCorsConfiguration",
        {"bucket": "${bucket.bucket}", "corsRules": [_cors("https://one.example")]},
        {"corsRules": [_cors("https://two.example")]},
        look=lambda client, out: client("s3").get_bucket_cors(Bucket=out["bucket"]["id"])["CORSRules"][0][
            "AllowedOrigins"
        ],
        shows=["https://two.example"],
        by_hand=lambda client, out: client("s3").delete_bucket_cors(Bucket=out["bucket"]["id"]),
        gone=True,
    ),
    Case(
        "versioning",
        "aws:s3:BucketVersioning",
        {"bucket": "${bucket.bucket}", "versioningConfiguration": {"status": "Suspended"}},
        {"versioningConfiguration": {"status": "Enabled"}},
        look=lambda client, out: client("s3").get_bucket_versioning(Bucket=out["bucket"]["id"])["Status"],
        shows="Enabled",
        by_hand=lambda client, out: client("s3").put_bucket_versioning(
            Bucket=out["bucket"]["id"], VersioningConfiguration={"Status": "Suspended"}
        ),
    ),
    Case(
        "lifecycle",
        "aws:s3:BucketLifecycleConfiguration",
        {"bucket": "${bucket.bucket}", "rules": [_rule(5), {**_rule(6), "id": "older", "status": "Disabled"}]},
        {"rules": [_rule(7)]},
        look=lambda client, out: [
            (rule["ID"], rule["Expiration"]["Days"], rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
            for rule in client("s3").get_bucket_lifecycle_configuration(Bucket=out["bucket"]["id"])["Rules"]
        ],
        shows=[("old", 7, 3)],
        by_hand=lambda client, out: client("s3").put_bucket_lifecycle_configuration(
            Bucket=out["bucket"]["id"],
            LifecycleConfiguration={
                "Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 99}}]
            },
        ),
    ),
    Case(
        "bucketPolicy",
        "aws:s3:BucketPolicy",
        {"bucket": "${bucket.bucket}", "policy": policy("s3:DeleteObject", "${bucket.arn}/*", "Deny", "*")},
        {"policy": policy("s3:PutObjectAcl", "${bucket.arn}/*", "Deny", "*")},
        look=lambda client, out: action(client("s3").get_bucket_policy(Bucket=out["bucket"]["id"])["Policy"]),
        shows="s3:PutObjectAcl",
        by_hand=lambda client, out: client("s3").delete_bucket_policy(Bucket=out["bucket"]["id"]),
        gone=True,
    ),
    Case(
        "notification",
        "aws:s3:BucketNotification",
        {"bucket": "${bucket.bucket}", **_notification(".jpg")},
        {**_notification(".jpeg"), "eventbridge": True},
        look=lambda client, out: sorted(
            json.dumps(entry["Filter"]["Key"]["FilterRules"][0]["Value"])
            for entry in client("s3").get_bucket_notification_configuration(Bucket=out["bucket"]["id"])[
                "LambdaFunctionConfigurations"
            ]
        ),
        shows=['".jpeg"', '"x/"'],
        by_hand=lambda client, out: client("s3").put_bucket_notification_configuration(
            Bucket=out["bucket"]["id"], NotificationConfiguration={"EventBridgeConfiguration": {}}
        ),
    ),
)
