"""Which pages may send requests to a bucket."""

from local.provider.lambda_function import upper
from local.provider.s3_settings import BucketSetting, given
from local.provider.values import Properties


class BucketCorsConfiguration(BucketSetting):
    token = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
    _LISTS = ("allowedHeaders", "allowedMethods", "allowedOrigins", "exposeHeaders")
    supported = {"bucket": None, "corsRules": dict.fromkeys(("id", "maxAgeSeconds", *_LISTS))}

    def put(self, bucket: str, inputs: Properties) -> None:
        rules = [
            given(
                ID=rule.get("id"),
                MaxAgeSeconds=rule.get("maxAgeSeconds"),
                **{upper(name): rule.get(name) for name in self._LISTS},
            )
            for rule in inputs["corsRules"]
        ]
        self.aws.client("s3").put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})

    def get(self, bucket: str) -> Properties | None:
        rules = self.aws.client("s3").get_bucket_cors(Bucket=bucket)["CORSRules"]
        return {
            "corsRules": [
                given(
                    id=rule.get("ID"),
                    maxAgeSeconds=rule.get("MaxAgeSeconds"),
                    **{name: rule.get(upper(name)) for name in self._LISTS},
                )
                for rule in rules
            ]
        }

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("s3").delete_bucket_cors(Bucket=id)
