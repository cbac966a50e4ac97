"""The functions that a program can call with `fn::invoke`."""

from local.provider.cloud import Cloud
from local.provider.values import Properties


def get_caller_identity(cloud: Cloud) -> Properties:
    identity = cloud.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"id": account, "accountId": account, "arn": identity["Arn"], "userId": identity["UserId"]}
