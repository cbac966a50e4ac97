"""Buckets."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties


class Bucket(Resource):
    token = "aws:s3/bucket:Bucket"
    supported = {"bucket": None, "forceDestroy": None, "tags": None}
    replaces = frozenset({"bucket"})
    plugin_only = frozenset({"forceDestroy"})
    defaults = {"forceDestroy": False}
    outputs = frozenset({"arn", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion", "region"})
    # General purpose bucket naming rules: 3 to 63 characters, no capitals.
    named = Named("bucket", 63, str.lower)

    def create(self, inputs: Properties) -> str:
        request: dict[str, Any] = {"Bucket": inputs["bucket"]}
        if self.aws.region != "us-east-1":
            request["CreateBucketConfiguration"] = {"LocationConstraint": self.aws.region}
        self.aws.client("s3").create_bucket(**request)
        return inputs["bucket"]

    def settle(self, id: str, inputs: Properties) -> None:
        self._tag(id, inputs)

    def read(self, id: str, old: Properties) -> Properties | None:
        s3 = self.aws.client("s3")
        try:
            s3.head_bucket(Bucket=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        region = self.aws.region
        return {
            "bucket": id,
            "arn": f"arn:aws:s3:::{id}",
            "bucketDomainName": f"{id}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{id}.s3.{region}.amazonaws.com",
            "bucketRegion": region,
            "region": region,
            **self.aws.own_tags(self._tags(id), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._tag(id, inputs)

    def delete(self, id: str, old: Properties) -> None:
        if old.get("forceDestroy"):
            self._empty(id)
        # S3 refuses to delete a bucket that is not empty.
        self.aws.client("s3").delete_bucket(Bucket=id)

    def _empty(self, id: str) -> None:
        """Deletes every version, every delete marker and every unfinished upload."""
        s3 = self.aws.client("s3")
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=id):
            entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            objects = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries]
            if objects:
                answer = s3.delete_objects(Bucket=id, Delete={"Objects": objects, "Quiet": True})
                if errors := answer.get("Errors"):
                    raise RuntimeError(
                        f"{len(errors)} objects of {id} could not be deleted, the first: {errors[0]['Code']}"
                    )
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=id):
            for upload in page.get("Uploads", []):
                s3.abort_multipart_upload(Bucket=id, Key=upload["Key"], UploadId=upload["UploadId"])

    def _tags(self, id: str) -> dict[str, str]:
        try:
            return as_dict(self.aws.client("s3").get_bucket_tagging(Bucket=id)["TagSet"])
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchTagSet":
                return {}
            raise

    def _tag(self, id: str, inputs: Properties) -> None:
        s3 = self.aws.client("s3")
        if tags := self.aws.all_tags(inputs):
            s3.put_bucket_tagging(Bucket=id, Tagging={"TagSet": as_list(tags)})
        else:
            s3.delete_bucket_tagging(Bucket=id)
