"""Keeps the index in step with bucket B. An event says only which key to look at: it can come twice, late, or after
the event that follows it, so what is written is what bucket B has now."""

import json
import os

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
BUCKET_B, INDEX = os.environ["BUCKET_B"], os.environ["INDEX"]


def handler(event: dict, _context: object) -> None:
    key = event["detail"]["object"]["key"]
    try:
        photo = s3.head_object(Bucket=BUCKET_B, Key=key)
    except ClientError as error:
        # Anything else is raised, and Lambda tries the event again.
        if error.response["Error"]["Code"] != "404":
            raise
        s3.delete_object(Bucket=INDEX, Key=key)
        print(json.dumps({"key": key, "outcome": "gone"}))
        return
    entry = {"key": key, "bytes": photo["ContentLength"], "etag": photo["ETag"].strip('"')}
    s3.put_object(Bucket=INDEX, Key=key, Body=json.dumps(entry), ContentType="application/json")
    print(json.dumps({**entry, "outcome": "indexed"}))
