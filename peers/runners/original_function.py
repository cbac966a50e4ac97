"""What the system that this one replaces runs in Lambda: boto3, and the package exif.

Unlike the other runners, it takes events from Lambda's Runtime API, as the function does, so that `just bench` can send
both the same ones.
"""

import json
import os
from http.client import HTTPConnection
from urllib.parse import unquote_plus

import boto3
from exif import Image

_S3 = boto3.client("s3")


def handle(event: dict) -> None:
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
        image = Image(_S3.get_object(Bucket=bucket, Key=key)["Body"].read())
        if image.has_exif:
            image.delete_all()
        _S3.put_object(Bucket=os.environ["BUCKET_B"], Key=key, Body=image.get_file())


def serve() -> None:
    api = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", "/2018-06-01/runtime/invocation/next")
        answer = api.getresponse()
        event, request = json.loads(answer.read()), answer.headers["Lambda-Runtime-Aws-Request-Id"]
        handle(event)
        api.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", body=b"null")
        api.getresponse().read()


if __name__ == "__main__":
    serve()
