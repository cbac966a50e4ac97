"""The functions that a program can call with `fn::invoke`."""

from local.provider.clients import Clients
from local.provider.values import Properties


def get_caller_identity(aws: Clients) -> Properties:
    identity = aws.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"id": account, "accountId": account, "arn": identity["Arn"], "userId": identity["UserId"]}
