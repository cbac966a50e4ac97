"""The provider's side of the engine's protocol, `pulumirpc.ResourceProvider`.

The SDK's own server (`pulumi.provider.experimental`) cannot read an archive that has only its hash, which the second
`up` sends, so this module implements the protocol itself.
"""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from local.provider import schema
from local.provider.clients import Clients
from local.provider.lifecycle import create, delete, update
from local.provider.naming import NamingError, propose
from local.provider.registry import FUNCTIONS, RESOURCES, unsupported_arguments
from local.provider.resource import Resource, coerced, unsupported
from local.provider.values import DEFAULTED, UNKNOWN, Properties, from_struct, has_unknown, is_same_value, to_struct
from tools.errors import ToolError

# The provider's own settings; the engine adds `version`.
_SETTINGS = {"region": None, "profile": None, "allowedAccountIds": None, "defaultTags": {"tags": None}, "version": None}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine's requests."""

    _aws: Clients | None = None
    _resources: dict[str, Resource]

    # ---- the plugin ------------------------------------------------------------------------------------

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=schema.version())

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema=schema.text())

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        return Empty()

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        settings = _settings(from_struct(request.news))
        return provider_pb2.CheckResponse(
            inputs=request.news,
            failures=[
                _failure(path, "the local provider does not support it") for path in unsupported(_SETTINGS, settings)
            ],
        )

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        old, new = from_struct(request.old_inputs or request.olds), from_struct(request.news)
        changed = [name for name in _SETTINGS if not is_same_value(_settings(old).get(name), _settings(new).get(name))]
        moved = [name for name in changed if name == "region"]
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=changed, replaces=moved)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        settings = _settings(from_struct(request.args))
        region = settings.get("region")
        if not region:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "aws: no region; set aws:region in the stack's config")
        try:
            self._aws = Clients(region, settings.get("defaultTags", {}).get("tags", {}), settings.get("profile"))
            self._aws.require_account(settings.get("allowedAccountIds") or [])
        except ToolError as failure:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"aws: {failure}")
        self._resources = {token: kind(self._aws) for token, kind in RESOURCES.items()}
        # Without acceptSecrets the engine tracks secrets itself, and sends plain values.
        return provider_pb2.ConfigureResponse(
            acceptSecrets=False, supportsPreview=True, acceptResources=False, supports_autonaming_configuration=True
        )

    # ---- functions --------------------------------------------------------------------------------------------

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        function = FUNCTIONS.get(request.tok)
        if function is None or self._aws is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the local provider does not know the function {request.tok}")
        arguments = from_struct(request.args)
        if given := unsupported_arguments(function, arguments):
            failures = [_failure(name, "the local provider does not support it") for name in given]
            return provider_pb2.InvokeResponse(failures=failures)
        answer = _abort_on_error(context, lambda: function(self._aws, **arguments))
        return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})

    # ---- resources --------------------------------------------------------------------------------------------

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        resource = self._resource(request.urn, context)
        old, inputs = from_struct(request.olds), coerced(resource.token, from_struct(request.news))
        failures = [
            _failure(path, "the local provider does not support it") for path in unsupported(resource.supported, inputs)
        ]
        inputs[DEFAULTED] = []
        if (named := resource.named) is not None and named.input not in inputs:
            try:
                # An existing resource keeps its name.
                kept = old[named.input] if named.input in old.get(DEFAULTED, []) else None
                inputs[named.input] = kept or propose(named, request, request.name or _logical_name(request.urn))
                inputs[DEFAULTED] = [named.input]
            except NamingError as error:
                failures.append(_failure(named.input, str(error)))
        required = schema.resource(resource.token)["requiredInputs"]
        failures += [_failure(name, "is required") for name in required if name not in inputs]
        if not failures and (problem := resource.validate(inputs)):
            failures.append(_failure("", problem))
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=failures)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        resource = self._resource(request.urn, context)
        state, old, new = from_struct(request.olds), from_struct(request.old_inputs), from_struct(request.news)
        changed = sorted(set(resource.differing(old, new)) - set(request.ignoreChanges))
        if (refused := resource.fixed & set(changed)) and state:
            names = ", ".join(sorted(refused))
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"{resource.token}: the local provider does not change {names} in place; "
                "destroy the stack and deploy it again",
            )
        if resource.taggable() and not has_unknown(new.get("tags")):
            assert self._aws is not None
            if not is_same_value(state.get("tagsAll"), self._aws.all_tags(new)):
                changed.append("tagsAll")
        replaces = sorted(resource.replaces & set(changed))
        details = {
            name: provider_pb2.PropertyDiff(kind=_kind(name, old, new, name in replaces), inputDiff=name != "tagsAll")
            for name in changed
        }
        response = provider_pb2.DiffResponse
        return response(
            changes=response.DIFF_SOME if changed else response.DIFF_NONE,
            diffs=changed,
            replaces=replaces,
            detailedDiff=details,
            hasDetailedDiff=True,
            # If the name stays the same, the old resource must be deleted first.
            deleteBeforeReplace=bool(replaces) and _keeps_name(resource, old, new),
        )

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        resource = self._resource(request.urn, context)
        inputs = from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(resource.previewed(inputs, None, UNKNOWN)))
        id, state = _abort_on_error(context, lambda: create(resource, inputs))
        return provider_pb2.CreateResponse(id=id, properties=to_struct(state))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        resource = self._resource(request.urn, context)
        old, inputs = from_struct(request.properties), from_struct(request.inputs)
        if not old:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "the local provider does not import or look up resources")
        actual = _abort_on_error(context, lambda: resource.read(request.id, {**inputs, **old}))
        if actual is None:
            return provider_pb2.ReadResponse()
        state = resource.state(actual, inputs, old)
        found = resource.inputs_found(from_struct(to_struct(state)), inputs)
        return provider_pb2.ReadResponse(id=request.id, properties=to_struct(state), inputs=to_struct(found))

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        resource = self._resource(request.urn, context)
        old, inputs = from_struct(request.olds), from_struct(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=to_struct(resource.previewed(inputs, old, UNKNOWN)))
        state = _abort_on_error(context, lambda: update(resource, request.id, inputs, old))
        return provider_pb2.UpdateResponse(properties=to_struct(state))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        resource = self._resource(request.urn, context)
        old = from_struct(request.properties)
        _abort_on_error(context, lambda: delete(resource, request.id, old))
        return Empty()

    def _resource(self, urn: str, context: grpc.ServicerContext) -> Resource:
        token = urn.split("::")[2].rsplit("$", 1)[-1]
        if token not in RESOURCES:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the local provider does not know the type {token}")
        return self._resources[token]


def _abort_on_error(context: grpc.ServicerContext, act: Callable[[], Any]) -> Any:
    """Runs `act`; an exception becomes the message that the engine shows."""
    try:
        return act()
    except Exception as error:
        context.abort(grpc.StatusCode.UNKNOWN, f"{type(error).__name__}: {error}")


def _settings(properties: Properties) -> Properties:
    """The provider's own settings; the engine sends those that are not strings as JSON."""
    return {
        name: json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
        for name, value in properties.items()
    }


def _failure(name: str, reason: str) -> provider_pb2.CheckFailure:
    return provider_pb2.CheckFailure(property=name, reason=f"{name} {reason}".strip())


def _logical_name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def _keeps_name(resource: Resource, old: Properties, new: Properties) -> bool:
    """Whether the program gives a replacement the same name as the old resource."""
    if resource.named is None or resource.named.input in new.get(DEFAULTED, []):
        return False
    return is_same_value(old.get(resource.named.input), new.get(resource.named.input))


def _kind(name: str, old: Properties, new: Properties, replaces: bool) -> Any:
    kinds = provider_pb2.PropertyDiff
    if name not in old:
        return kinds.ADD_REPLACE if replaces else kinds.ADD
    if name not in new:
        return kinds.DELETE_REPLACE if replaces else kinds.DELETE
    return kinds.UPDATE_REPLACE if replaces else kinds.UPDATE


def serve() -> None:
    """Serves until the engine stops this process, or the engine itself has ended. The port is written to standard
    output, where the engine reads it.
    """
    engine = os.getppid()
    server = grpc.server(
        ThreadPoolExecutor(max_workers=32),
        options=[("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while os.getppid() == engine:
        server.wait_for_termination(timeout=1)
