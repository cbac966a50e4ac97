"""Functions, what happens to their failed events, and who may call them."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.provider.cloud import missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import ARCHIVE, SIGNATURE, Properties, same


class Function(Resource):
    token = "aws:lambda/function:Function"
    _PLAIN = ("description", "handler", "memorySize", "role", "runtime", "timeout")
    applies = {
        **dict.fromkeys(("name", "code", "architectures", "reservedConcurrentExecutions", "tags", *_PLAIN)),
        "environment": {"variables": None},
        "ephemeralStorage": {"size": None},
        "loggingConfig": dict.fromkeys(("logFormat", "logGroup", "applicationLogLevel", "systemLogLevel")),
        "tracingConfig": {"mode": None},
    }
    defaults = {
        "architectures": ["x86_64"],
        "description": "",
        "ephemeralStorage": {"size": 512},
        "memorySize": 128,
        "reservedConcurrentExecutions": -1,
        "timeout": 3,
        "tracingConfig": {"mode": "PassThrough"},
    }
    replaces = frozenset({"name"})
    outputs = frozenset(
        {"arn", "codeSha256", "invokeArn", "lastModified", "qualifiedArn", "sourceCodeSize", "version"}
    )
    named = Named("name", 64)

    def validate(self, inputs: Properties) -> str | None:
        code = inputs.get("code")
        if not isinstance(code, dict):
            return "code is an archive (fn::fileArchive) here"
        # After a refresh the engine may send an archive with nothing but its hash, which is fine.
        path = code.get("path")
        if path is not None and not Path(path).is_file():
            return f"code: there is no file {path}; `just build` makes it"
        return None

    def create(self, inputs: Properties) -> str:
        self.cloud.client("lambda").create_function(
            FunctionName=inputs["name"],
            PackageType="Zip",
            Code={"ZipFile": _zip(inputs)},
            Architectures=self.effective(inputs, "architectures"),
            Tags=self.cloud.all_tags(inputs),
            **self._configuration(inputs),
        )
        return inputs["name"]

    def settle(self, id: str, inputs: Properties) -> None:
        self._wait(id)
        self._reserve(id, inputs)

    def read(self, id: str, old: Properties) -> Properties | None:
        client = self.cloud.client("lambda")
        try:
            found = client.get_function(FunctionName=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        actual = found["Configuration"]
        concurrency = client.get_function_concurrency(FunctionName=id)
        logging = actual.get("LoggingConfig", {})
        region = self.cloud.region
        return {
            "name": id,
            **{name: actual[_upper(name)] for name in self._PLAIN if _upper(name) in actual},
            "code": _code(actual["CodeSha256"], old),
            "architectures": actual.get("Architectures", ["x86_64"]),
            "reservedConcurrentExecutions": concurrency.get("ReservedConcurrentExecutions", -1),
            "environment": {"variables": actual.get("Environment", {}).get("Variables", {})},
            "ephemeralStorage": {"size": actual.get("EphemeralStorage", {}).get("Size", 512)},
            "loggingConfig": self._logging(id, logging),
            "tracingConfig": {"mode": actual.get("TracingConfig", {}).get("Mode", "PassThrough")},
            "arn": actual["FunctionArn"],
            "qualifiedArn": f"{actual['FunctionArn']}:$LATEST",
            "invokeArn": f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{actual['FunctionArn']}/invocations",
            "codeSha256": actual["CodeSha256"],
            "sourceCodeSize": actual["CodeSize"],
            "lastModified": actual["LastModified"],
            "version": actual["Version"],
            **self.cloud.own_tags(found.get("Tags", {}), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        client = self.cloud.client("lambda")
        if any(not same(self.effective(inputs, name), self.effective(old, name)) for name in ("code", "architectures")):
            client.update_function_code(
                FunctionName=id, ZipFile=_zip(inputs), Architectures=self.effective(inputs, "architectures")
            )
            self._wait(id)
        client.update_function_configuration(FunctionName=id, **self._configuration(inputs))
        self._wait(id)
        self._reserve(id, inputs)
        wanted = self.cloud.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            client.untag_resource(Resource=old["arn"], TagKeys=gone)
        if wanted:
            client.tag_resource(Resource=old["arn"], Tags=wanted)

    def delete(self, id: str, old: Properties) -> None:
        self.cloud.client("lambda").delete_function(FunctionName=id)

    def _configuration(self, inputs: Properties) -> dict[str, Any]:
        """What both `CreateFunction` and `UpdateFunctionConfiguration` take."""
        plain = {_upper(name): self.effective(inputs, name) for name in self._PLAIN}
        logging = inputs.get("loggingConfig", {})
        return {
            **{name: value for name, value in plain.items() if value is not None},
            "Environment": {"Variables": inputs.get("environment", {}).get("variables", {})},
            "EphemeralStorage": {"Size": self.effective(inputs, "ephemeralStorage")["size"]},
            "LoggingConfig": {_upper(name): value for name, value in logging.items()},
            "TracingConfig": {"Mode": self.effective(inputs, "tracingConfig")["mode"]},
        }

    def _logging(self, id: str, actual: dict[str, str]) -> Properties:
        """The logging that was set: what Lambda fills in by itself stands for nothing."""
        by_itself = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{id}"}
        if actual.get("LogFormat") == "JSON":
            by_itself |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
        return {_lower(name): value for name, value in actual.items() if by_itself.get(name) != value}

    def _reserve(self, id: str, inputs: Properties) -> None:
        client = self.cloud.client("lambda")
        wanted = self.effective(inputs, "reservedConcurrentExecutions")
        if wanted == -1:
            client.delete_function_concurrency(FunctionName=id)
        else:
            client.put_function_concurrency(FunctionName=id, ReservedConcurrentExecutions=wanted)

    def _wait(self, id: str) -> None:
        """Lambda refuses a change while the last one is still on its way."""
        self.cloud.client("lambda").get_waiter("function_updated_v2").wait(FunctionName=id)


class FunctionEventInvokeConfig(Resource):
    token = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
    applies = {
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
            found = self.cloud.client("lambda").get_function_event_invoke_config(FunctionName=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        destinations = found.get("DestinationConfig", {})
        given = {
            _lower(outcome): {"destination": destination["Destination"]}
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
        # `Put` replaces the whole of it, so that what is no longer given goes.
        request: dict[str, Any] = {"MaximumRetryAttempts": self.effective(inputs, "maximumRetryAttempts")}
        if (age := inputs.get("maximumEventAgeInSeconds")) is not None:
            request["MaximumEventAgeInSeconds"] = age
        if destinations := inputs.get("destinationConfig"):
            request["DestinationConfig"] = {
                _upper(outcome): {"Destination": given["destination"]} for outcome, given in destinations.items()
            }
        self.cloud.client("lambda").put_function_event_invoke_config(FunctionName=id, **request)

    def delete(self, id: str, old: Properties) -> None:
        self.cloud.client("lambda").delete_function_event_invoke_config(FunctionName=id)


class Permission(Resource):
    """One statement of a function's policy. Any change makes a new one."""

    token = "aws:lambda/permission:Permission"
    applies = dict.fromkeys(("statementId", "action", "function", "principal", "sourceArn", "sourceAccount"))
    replaces = frozenset(applies)
    outputs = frozenset()
    named = Named("statementId", 100)

    def create(self, inputs: Properties) -> str:
        request = {_upper(name): value for name, value in inputs.items() if name in self.applies}
        request["FunctionName"] = request.pop("Function")
        self.cloud.client("lambda").add_permission(**request)
        return inputs["statementId"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            policy = json.loads(self.cloud.client("lambda").get_policy(FunctionName=old["function"])["Policy"])
        except ClientError as error:
            if missing(error):
                return None
            raise
        for statement in policy["Statement"]:
            if statement.get("Sid") == id:
                return {"statementId": id, "function": old["function"], **_from_statement(statement)}
        return None

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        """Only the plugin's view of it can change: every input makes a new statement."""

    def delete(self, id: str, old: Properties) -> None:
        self.cloud.client("lambda").remove_permission(FunctionName=old["function"], StatementId=id)


def _from_statement(statement: dict[str, Any]) -> Properties:
    principal = statement["Principal"]
    conditions = {
        key.lower(): value for test in statement.get("Condition", {}).values() for key, value in test.items()
    }
    return {
        "action": statement["Action"],
        "principal": principal if isinstance(principal, str) else next(iter(principal.values())),
        "sourceArn": conditions.get("aws:sourcearn"),
        "sourceAccount": conditions.get("aws:sourceaccount"),
    }


def _zip(inputs: Properties) -> bytes:
    path = inputs["code"].get("path")
    if path is None:
        raise ValueError("code: the engine sent no path of the archive to upload; run `pulumi up` with the program")
    return Path(path).read_bytes()


def _code(actual_sha256: str, old: Properties) -> Properties:
    """The archive that was deployed; one of another hash when the cloud runs other code by now."""
    code = old.get("code", {})
    deployed = old.get("codeSha256")
    if deployed is None and "path" in code:
        # A new function: the state knows nothing yet, and the file is still there.
        deployed = base64.b64encode(hashlib.sha256(Path(code["path"]).read_bytes()).digest()).decode()
    if deployed == actual_sha256:
        return code
    return {SIGNATURE: ARCHIVE, "hash": base64.b64decode(actual_sha256).hex()}


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]
