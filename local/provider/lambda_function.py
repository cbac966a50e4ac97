"""Lambda functions."""

import base64
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import ARCHIVE, SIGNATURE, Properties, archive, has_unknown, is_same_value


class Function(Resource):
    token = "aws:lambda/function:Function"
    _PLAIN = ("description", "handler", "memorySize", "role", "runtime", "timeout")
    supported = {
        **dict.fromkeys(("name", "code", "architectures", "publish", "reservedConcurrentExecutions", "tags", *_PLAIN)),
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
        "publish": False,
        "reservedConcurrentExecutions": -1,
        "timeout": 3,
        "tracingConfig": {"mode": "PassThrough"},
    }
    replaces = frozenset({"name"})
    outputs = frozenset({"arn", "codeSha256", "invokeArn", "lastModified", "qualifiedArn", "sourceCodeSize", "version"})
    named = Named("name", 64)

    def validate(self, inputs: Properties) -> str | None:
        return (
            None
            if archive(inputs.get("code")) or has_unknown(inputs.get("code"))
            else "code must be an archive (fn::fileArchive) here"
        )

    def create(self, inputs: Properties) -> str:
        self.aws.client("lambda").create_function(
            FunctionName=inputs["name"],
            PackageType="Zip",
            Code={"ZipFile": _zip(inputs)},
            Architectures=self.effective(inputs, "architectures"),
            Tags=self.aws.all_tags(inputs),
            **self._configuration(inputs),
        )
        return inputs["name"]

    def settle(self, id: str, inputs: Properties) -> None:
        self._wait(id)
        self._reserve(id, inputs)
        self._publish(id, inputs)

    def read(self, id: str, old: Properties) -> Properties | None:
        client = self.aws.client("lambda")
        try:
            found = client.get_function(FunctionName=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        actual = found["Configuration"]
        concurrency = client.get_function_concurrency(FunctionName=id)
        logging = actual.get("LoggingConfig", {})
        region = self.aws.region
        return {
            "name": id,
            **{name: actual[upper(name)] for name in self._PLAIN if upper(name) in actual},
            "code": _code(actual["CodeSha256"], old),
            "architectures": actual.get("Architectures", ["x86_64"]),
            "reservedConcurrentExecutions": concurrency.get("ReservedConcurrentExecutions", -1),
            "environment": {"variables": actual.get("Environment", {}).get("Variables", {})},
            "ephemeralStorage": {"size": actual.get("EphemeralStorage", {}).get("Size", 512)},
            "loggingConfig": _logging(id, logging, old.get("loggingConfig", {})),
            "tracingConfig": {"mode": actual.get("TracingConfig", {}).get("Mode", "PassThrough")},
            "arn": actual["FunctionArn"],
            "qualifiedArn": f"{actual['FunctionArn']}:$LATEST",
            "invokeArn": f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/"
            f"{actual['FunctionArn']}/invocations",
            "codeSha256": actual["CodeSha256"],
            "sourceCodeSize": actual["CodeSize"],
            "lastModified": actual["LastModified"],
            # Of the program alone: Lambda does not store it.
            "publish": self.effective(old, "publish"),
            "version": actual["Version"],
            **self.aws.own_tags(found.get("Tags", {}), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        client = self.aws.client("lambda")
        if any(
            not is_same_value(self.effective(inputs, name), self.effective(old, name))
            for name in ("code", "architectures")
        ):
            client.update_function_code(
                FunctionName=id, ZipFile=_zip(inputs), Architectures=self.effective(inputs, "architectures")
            )
            self._wait(id)
        client.update_function_configuration(FunctionName=id, **self._configuration(inputs))
        self._wait(id)
        self._reserve(id, inputs)
        self._publish(id, inputs)
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            client.untag_resource(Resource=old["arn"], TagKeys=gone)
        if wanted:
            client.tag_resource(Resource=old["arn"], Tags=wanted)

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("lambda").delete_function(FunctionName=id)

    def _configuration(self, inputs: Properties) -> dict[str, Any]:
        """What both `CreateFunction` and `UpdateFunctionConfiguration` take."""
        plain = {upper(name): self.effective(inputs, name) for name in self._PLAIN}
        logging = inputs.get("loggingConfig", {})
        return {
            **{name: value for name, value in plain.items() if value is not None},
            "Environment": {"Variables": inputs.get("environment", {}).get("variables", {})},
            "EphemeralStorage": {"Size": self.effective(inputs, "ephemeralStorage")["size"]},
            "LoggingConfig": {upper(name): value for name, value in logging.items()},
            "TracingConfig": {"Mode": self.effective(inputs, "tracingConfig")["mode"]},
        }

    def _reserve(self, id: str, inputs: Properties) -> None:
        client = self.aws.client("lambda")
        wanted = self.effective(inputs, "reservedConcurrentExecutions")
        if wanted == -1:
            client.delete_function_concurrency(FunctionName=id)
        else:
            client.put_function_concurrency(FunctionName=id, ReservedConcurrentExecutions=wanted)

    def _publish(self, id: str, inputs: Properties) -> None:
        """Lambda makes no new version of what the newest one has already."""
        if self.effective(inputs, "publish"):
            self.aws.client("lambda").publish_version(FunctionName=id)

    def _wait(self, id: str) -> None:
        """Waits for the last change: Lambda refuses another one until then."""
        self.aws.client("lambda").get_waiter("function_updated_v2").wait(FunctionName=id)


def _logging(id: str, actual: dict[str, str], wanted: Properties) -> Properties:
    """The logging settings of the program: what Lambda adds by itself counts only if the program has it too."""
    by_itself = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{id}"}
    if actual.get("LogFormat") == "JSON":
        by_itself |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    found = {lower(name): value for name, value in actual.items() if by_itself.get(name) != value}
    return {**found, **{name: actual[upper(name)] for name in wanted if upper(name) in actual}}


def _zip(inputs: Properties) -> bytes:
    path = inputs["code"].get("path")
    if path is None:
        raise ValueError("code: the engine sent no path of the archive to upload; run `pulumi up` with the program")
    return _packed(Path(path))


def _packed(path: Path) -> bytes:
    """The bytes of a zip, or of one made of a folder's files, which are the same as long as the files are."""
    if path.is_file():
        return path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for file in sorted(entry for entry in path.rglob("*") if entry.is_file()):
            info = zipfile.ZipInfo(str(file.relative_to(path)))
            info.external_attr = 0o644 << 16
            zipped.writestr(info, file.read_bytes())
    return packed.getvalue()


def _code(actual_sha256: str, old: Properties) -> Properties:
    """The archive that was deployed, or one with another hash if the emulator now has other code."""
    code = old.get("code", {})
    deployed = old.get("codeSha256")
    if deployed is None and "path" in code:
        # A new function: its hash is not in the state yet, and the file still exists.
        deployed = base64.b64encode(hashlib.sha256(_packed(Path(code["path"]))).digest()).decode()
    if deployed == actual_sha256:
        return code
    return {SIGNATURE: ARCHIVE, "hash": base64.b64decode(actual_sha256).hex()}


def upper(name: str) -> str:
    return name[0].upper() + name[1:]


def lower(name: str) -> str:
    return name[0].lower() + name[1:]
