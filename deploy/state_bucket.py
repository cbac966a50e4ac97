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
        return kms.describe_key(KeyId=_ALIAS)["KeyMetadata"]["Arn"]
    except kms.exceptions.NotFoundException:
        key = kms.create_key(Description="Encrypts the state of exif-ripper's stacks")["KeyMetadata"]
        kms.enable_key_rotation(KeyId=key["KeyId"])
        kms.create_alias(AliasName=_ALIAS, TargetKeyId=key["KeyId"])
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
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket)))


def _tls_only(bucket: str) -> dict[str, Any]:
    """The conditions of the stack's own buckets."""
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    plain = {**deny, "Sid": "DenyPlainHttp", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    old = {**deny, "Sid": "DenyOldTls", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}
    return {"Version": "2012-10-17", "Statement": [plain, old]}
