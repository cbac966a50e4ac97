"""Settings of a bucket: one type per setting, as in the official plugin."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import missing
from local.provider.resource import Resource
from local.provider.values import Properties


class BucketSetting(Resource):
    """A setting of a bucket, with the bucket's name as its id."""

    replaces = frozenset({"bucket"})
    outputs = frozenset()

    def create(self, inputs: Properties) -> str:
        self.put(inputs["bucket"], inputs)
        return inputs["bucket"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self.get(id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        return None if found is None else {"bucket": id, **found}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self.put(id, inputs)

    def put(self, bucket: str, inputs: Properties) -> None:
        raise NotImplementedError

    def get(self, bucket: str) -> Properties | None:
        raise NotImplementedError


class BucketPublicAccessBlock(BucketSetting):
    token = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    _FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    supported = dict.fromkeys(("bucket", *_FLAGS))
    defaults = dict.fromkeys(_FLAGS, False)

    def put(self, bucket: str, inputs: Properties) -> None:
        configuration = {_upper(flag): bool(inputs.get(flag)) for flag in self._FLAGS}
        self.aws.client("s3").put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=configuration)

    def get(self, bucket: str) -> Properties | None:
        found = self.aws.client("s3").get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        return {flag: found.get(_upper(flag), False) for flag in self._FLAGS}

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").delete_public_access_block(Bucket=id)


class BucketOwnershipControls(BucketSetting):
    token = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    supported = {"bucket": None, "rule": {"objectOwnership": None}}

    def put(self, bucket: str, inputs: Properties) -> None:
        rules = [{"ObjectOwnership": inputs["rule"]["objectOwnership"]}]
        self.aws.client("s3").put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})

    def get(self, bucket: str) -> Properties | None:
        rules = self.aws.client("s3").get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
        return {"rule": {"objectOwnership": rules[0]["ObjectOwnership"]}}

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").delete_bucket_ownership_controls(Bucket=id)


def _blocked(types: list[str] | None) -> Properties:
    return {"BlockedEncryptionTypes": {"EncryptionType": types}} if types else {}


class BucketServerSideEncryptionConfiguration(BucketSetting):
    token = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    supported = {
        "bucket": None,
        "rules": {
            "applyServerSideEncryptionByDefault": {"sseAlgorithm": None, "kmsMasterKeyId": None},
            "bucketKeyEnabled": None,
            "blockedEncryptionTypes": None,
        },
    }

    def put(self, bucket: str, inputs: Properties) -> None:
        rules = [
            {
                "ApplyServerSideEncryptionByDefault": given(
                    SSEAlgorithm=rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"],
                    # Empty is none, as for the official provider.
                    KMSMasterKeyID=rule["applyServerSideEncryptionByDefault"].get("kmsMasterKeyId") or None,
                ),
                "BucketKeyEnabled": bool(rule.get("bucketKeyEnabled")),
                **_blocked(rule.get("blockedEncryptionTypes")),
            }
            for rule in inputs["rules"]
        ]
        self.aws.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})

    def get(self, bucket: str) -> Properties | None:
        answer = self.aws.client("s3").get_bucket_encryption(Bucket=bucket)
        rules = []
        for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
            default = rule["ApplyServerSideEncryptionByDefault"]
            by_default = given(sseAlgorithm=default["SSEAlgorithm"], kmsMasterKeyId=default.get("KMSMasterKeyID"))
            enabled = rule.get("BucketKeyEnabled", False)
            blocked = rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", [])
            found = {"applyServerSideEncryptionByDefault": by_default, "bucketKeyEnabled": enabled}
            rules.append({**found, **({"blockedEncryptionTypes": blocked} if blocked else {})})
        return {"rules": rules}

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").delete_bucket_encryption(Bucket=id)


class BucketVersioning(BucketSetting):
    token = "aws:s3/bucketVersioning:BucketVersioning"
    supported = {"bucket": None, "versioningConfiguration": {"status": None}}

    def validate(self, inputs: Properties) -> str | None:
        # S3 does not store "Disabled": a bucket was never versioned, or versioning is suspended.
        status = inputs.get("versioningConfiguration", {}).get("status")
        return "versioningConfiguration.status must be Enabled or Suspended here" if status == "Disabled" else None

    def put(self, bucket: str, inputs: Properties) -> None:
        self._set(bucket, inputs["versioningConfiguration"]["status"])

    def get(self, bucket: str) -> Properties | None:
        status = self.aws.client("s3").get_bucket_versioning(Bucket=bucket).get("Status")
        return {"versioningConfiguration": {"status": status}} if status else None

    def delete(self, id: str, old: Properties) -> None:
        # A bucket that was versioned cannot become unversioned.
        self._set(id, "Suspended")

    def _set(self, bucket: str, status: str) -> None:
        self.aws.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


class BucketPolicy(BucketSetting):
    token = "aws:s3/bucketPolicy:BucketPolicy"
    supported = {"bucket": None, "policy": None}

    def put(self, bucket: str, inputs: Properties) -> None:
        self.aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])

    def get(self, bucket: str) -> Properties | None:
        return {"policy": self.aws.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]}

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").delete_bucket_policy(Bucket=id)


class BucketNotification(BucketSetting):
    token = "aws:s3/bucketNotification:BucketNotification"
    supported = {
        "bucket": None,
        "eventbridge": None,
        "lambdaFunctions": dict.fromkeys(("id", "lambdaFunctionArn", "events", "filterPrefix", "filterSuffix")),
    }
    defaults = {"eventbridge": False}

    def validate(self, inputs: Properties) -> str | None:
        functions = inputs.get("lambdaFunctions", [])
        # The official plugin makes a random id, which would look like a change made by hand.
        return (
            None
            if all("id" in function for function in functions)
            else "every entry of lambdaFunctions needs an id here"
        )

    def put(self, bucket: str, inputs: Properties) -> None:
        configuration: dict[str, Any] = {}
        if inputs.get("eventbridge"):
            configuration["EventBridgeConfiguration"] = {}
        if functions := inputs.get("lambdaFunctions"):
            configuration["LambdaFunctionConfigurations"] = [
                {
                    "Id": function["id"],
                    "LambdaFunctionArn": function["lambdaFunctionArn"],
                    "Events": function["events"],
                    "Filter": {"Key": {"FilterRules": _filter_rules(function)}},
                }
                for function in functions
            ]
        self.aws.client("s3").put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration=configuration
        )

    def get(self, bucket: str) -> Properties | None:
        found = self.aws.client("s3").get_bucket_notification_configuration(Bucket=bucket)
        functions = []
        for function in found.get("LambdaFunctionConfigurations", []):
            rules = {
                rule["Name"].lower(): rule["Value"]
                for rule in function.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            }
            functions.append(
                given(
                    id=function["Id"],
                    lambdaFunctionArn=function["LambdaFunctionArn"],
                    events=function["Events"],
                    filterPrefix=rules.get("prefix"),
                    filterSuffix=rules.get("suffix"),
                )
            )
        eventbridge = "EventBridgeConfiguration" in found
        return {"eventbridge": eventbridge, "lambdaFunctions": functions} if functions or eventbridge else None

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").put_bucket_notification_configuration(Bucket=id, NotificationConfiguration={})


def _filter_rules(function: Properties) -> list[dict[str, str]]:
    given = {"prefix": function.get("filterPrefix"), "suffix": function.get("filterSuffix")}
    return [{"Name": name, "Value": value} for name, value in given.items() if value]


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]


def given(**entries: Any) -> Properties:
    return {name: value for name, value in entries.items() if value is not None}
