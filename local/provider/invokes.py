"""The functions that a program can call with `fn::invoke`. A program may give what they take after the clients."""

from local.provider.clients import Clients
from local.provider.values import Properties, secret


def get_caller_identity(aws: Clients) -> Properties:
    identity = aws.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"id": account, "accountId": account, "arn": identity["Arn"], "userId": identity["UserId"]}


def get_parameter(aws: Clients, name: str) -> Properties:
    found = aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return {
        "id": name,
        "name": name,
        "arn": found["ARN"],
        "type": found["Type"],
        "version": found["Version"],
        "region": aws.region,
        # In the official plugin `value` is secret, whatever the type, and the other is only for text that is not.
        "value": secret(found["Value"]),
        "insecureValue": found["Value"] if found["Type"] == "String" else None,
    }
