"""Who may call a function, and what happens to events for which it fails."""

import json
from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import missing
from local.provider.lambda_function import lower, upper
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties


class FunctionEventInvokeConfig(Resource):
    token = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    supported = {
        **dict.fromkeys(("functionName", "maximumRetryAttempts", "maximumEventAgeInSeconds")),
        "destinationConfig": {"onFailure": {"destination": None}, "onSuccess": {"destination": None}},
    }
    defaults = {"maximumRetryAttempts": 2}
    replaces = frozenset({"functionName"})
    outputs = frozenset()

    def create(self, inputs: Properties) -> str:
        self.update(inputs["functionName"], inputs, {})
        return inputs["functionName"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self.aws.client("lambda").get_function_event_invoke_config(FunctionName=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        destinations = found.get("DestinationConfig", {})
        given = {
            lower(outcome): {"destination": destination["Destination"]}
            for outcome, destination in destinations.items()
            if destination.get("Destination")
        }
        return {
            "functionName": id,
            "maximumRetryAttempts": found.get("MaximumRetryAttempts", 2),
            "maximumEventAgeInSeconds": found.get("MaximumEventAgeInSeconds"),
            "destinationConfig": given,
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        # `Put` replaces everything, so that what is no longer given is removed.
        request: dict[str, Any] = {"MaximumRetryAttempts": self.effective(inputs, "maximumRetryAttempts")}
        if (age := inputs.get("maximumEventAgeInSeconds")) is not None:
            request["MaximumEventAgeInSeconds"] = age
        if destinations := inputs.get("destinationConfig"):
            request["DestinationConfig"] = {
                upper(outcome): {"Destination": given["destination"]} for outcome, given in destinations.items()
            }
        self.aws.client("lambda").put_function_event_invoke_config(FunctionName=id, **request)

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("lambda").delete_function_event_invoke_config(FunctionName=id)


class Permission(Resource):
    """One statement of a function's policy. Any change makes a new statement."""

    token = "aws:lambda/permission:Permission"
    supported = dict.fromkeys(("statementId", "action", "function", "principal", "sourceArn", "sourceAccount"))
    replaces = frozenset(supported)
    outputs = frozenset()
    named = Named("statementId", 100)

    def create(self, inputs: Properties) -> str:
        request = {upper(name): value for name, value in inputs.items() if name in self.supported}
        request["FunctionName"] = request.pop("Function")
        self.aws.client("lambda").add_permission(**request)
        return inputs["statementId"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            policy = json.loads(self.aws.client("lambda").get_policy(FunctionName=old["function"])["Policy"])
        except ClientError as error:
            if missing(error):
                return None
            raise
        for statement in policy["Statement"]:
            if statement.get("Sid") == id:
                return {"statementId": id, "function": old["function"], **_from_statement(statement)}
        return None

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        """Nothing to update: a change of any input makes a new statement."""

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("lambda").remove_permission(FunctionName=old["function"], StatementId=id)


def _from_statement(statement: dict[str, Any]) -> Properties:
    principal = statement["Principal"]
    conditions = {key.lower(): value for test in statement.get("Condition", {}).values() for key, value in test.items()}
    return {
        "action": statement["Action"],
        "principal": principal if isinstance(principal, str) else next(iter(principal.values())),
        "sourceArn": conditions.get("aws:sourcearn"),
        "sourceAccount": conditions.get("aws:sourceaccount"),
    }
