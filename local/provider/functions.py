"""The functions that a program can call with `fn::invoke`."""

from local.provider.cloud import Cloud
from local.provider.values import Properties


def get_caller_identity(cloud: Cloud) -> Properties:
    identity = cloud.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"id": account, "accountId": account, "arn": identity["Arn"], "userId": identity["UserId"]}


def get_region(cloud: Cloud) -> Properties:
    region = cloud.region
    return {"id": region, "name": region, "region": region, "endpoint": f"ec2.{region}.amazonaws.com", "description": region}


def get_partition(_: Cloud) -> Properties:
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}
