"""Makes the place for Pulumi's state: a bucket that is private, versioned and encrypted, and the key of its secrets.

The state names everything that Pulumi has made, and holds the users' access keys, encrypted with the same key."""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.account import account_of
from deploy.session import session_in
from tools.errors import ToolError

_ALIAS = "alias/exif-ripper-state"


def make_state_bucket(region: str | None) -> None:
    """Makes both, or sets again what somebody has changed; prints how to log in."""
    session = session_in(region)
    region = session.region_name
    if not region:
        raise ToolError("no region is given; say --region eu-central-1, or set AWS_REGION")
    bucket = f"exif-ripper-state-{account_of(session)}-{region}"
    try:
        key = _key(session.client("kms"))
        _bucket(session.client("s3"), bucket, region, key)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(
            f"the place for the state could not be made: {error}; run it again once that is fixed"
        ) from None
    print(
        f"The state goes to the bucket {bucket}. Next:\n"
        f"  pulumi login 's3://{bucket}?region={region}'\n"
        f"  just init dev --secrets-provider 'awskms://{_ALIAS}?region={region}'"
    )


def _key(kms: Any) -> str:
    """The ARN of the key behind the alias, which is made if there is none."""
    try:
        key = kms.describe_key(KeyId=_ALIAS)["KeyMetadata"]
    except kms.exceptions.NotFoundException:
        key = kms.create_key(Description="Encrypts the state of exif-ripper's stacks")["KeyMetadata"]
        # At once, so that a run that is interrupted leaves no key that the next one does not find.
        kms.create_alias(AliasName=_ALIAS, TargetKeyId=key["KeyId"])
    if key["KeyState"] != "Enabled":
        raise ToolError(
            f"the key behind {_ALIAS} is {key['KeyState']}, and the secrets in the state depend on it; enable it again"
        )
    kms.enable_key_rotation(KeyId=key["KeyId"])
    return key["Arn"]


def _bucket(s3: Any, bucket: str, region: str, key: str) -> None:
    # us-east-1 is the one region that S3 does not take as a place.
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=bucket, **place)
    except s3.exceptions.BucketAlreadyOwnedByYou:
        pass
    except s3.exceptions.BucketAlreadyExists:
        raise ToolError(f"the bucket {bucket} is in another account; nothing was put there") from None
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket, _statements(s3, bucket))))


def _statements(s3: Any, bucket: str) -> list[dict[str, Any]]:
    """The bucket's policy as it is: somebody may have added to it."""
    try:
        return json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucketPolicy":
            return []
        raise


def _tls_only(bucket: str, there: list[dict[str, Any]]) -> dict[str, Any]:
    """The conditions of the stack's own buckets, beside what else is there."""
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    plain = {**deny, "Sid": "DenyPlainHttp", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    old = {**deny, "Sid": "DenyOldTls", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}
    others = [statement for statement in there if statement.get("Sid") not in (plain["Sid"], old["Sid"])]
    return {"Version": "2012-10-17", "Statement": [*others, plain, old]}
