"""The lifecycle rules of a bucket. The emulator stores them and expires nothing."""

from typing import Any

from local.provider.s3_settings import BucketSetting
from local.provider.values import Properties


class BucketLifecycleConfiguration(BucketSetting):
    token = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    supported = {
        "bucket": None,
        "rules": {
            "id": None,
            "status": None,
            "filter": {"prefix": None},
            "expiration": {"days": None, "expiredObjectDeleteMarker": None},
            "noncurrentVersionExpiration": {"noncurrentDays": None, "newerNoncurrentVersions": None},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": None},
        },
    }

    def put(self, bucket: str, inputs: Properties) -> None:
        rules = [_to_s3(rule) for rule in inputs.get("rules", [])]
        self.aws.client("s3").put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    def get(self, bucket: str) -> Properties | None:
        found = self.aws.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)
        return {"rules": [_from_s3(rule) for rule in found["Rules"]]}

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").delete_bucket_lifecycle(Bucket=id)


# S3's name for each part of a rule, and for each value in it.
_PARTS: dict[str, tuple[str, dict[str, str]]] = {
    "expiration": ("Expiration", {"days": "Days", "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}),
    "noncurrentVersionExpiration": (
        "NoncurrentVersionExpiration",
        {"noncurrentDays": "NoncurrentDays", "newerNoncurrentVersions": "NewerNoncurrentVersions"},
    ),
    "abortIncompleteMultipartUpload": (
        "AbortIncompleteMultipartUpload",
        {"daysAfterInitiation": "DaysAfterInitiation"},
    ),
}


def _to_s3(rule: Properties) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ID": rule["id"],
        "Status": rule["status"],
        "Filter": {"Prefix": rule.get("filter", {}).get("prefix", "")},
    }
    for part, (name, values) in _PARTS.items():
        if part in rule:
            made[name] = {values[key]: value for key, value in rule[part].items()}
    return made


def _from_s3(rule: dict[str, Any]) -> Properties:
    made: Properties = {
        "id": rule["ID"],
        "status": rule["Status"],
        "filter": {"prefix": rule.get("Filter", {}).get("Prefix", "")},
    }
    for part, (name, values) in _PARTS.items():
        if name in rule:
            made[part] = {key: rule[name][value] for key, value in values.items() if value in rule[name]}
    return made
