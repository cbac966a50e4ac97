"""Values as the engine sends them: unknowns, archives and secrets; and whether two values mean the same."""

import json
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

# Marks a value that a preview cannot know yet (pulumi/sdk: plugin.UnknownStringValue).
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The key that marks a special object, and two of its values (pulumi/sdk: resource/sig).
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
# The key under which the official plugin lists the inputs that it has named itself.
DEFAULTED = "__defaults"

Properties = dict[str, Any]


def from_struct(struct: Struct) -> Properties:
    """The properties of a request, without the keys whose value is null."""
    return _plain(MessageToDict(struct))


def to_struct(properties: Properties) -> Struct:
    """The properties of a response, without the keys whose value is None."""
    struct = Struct()
    struct.update({key: value for key, value in properties.items() if value is not None})
    return struct


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            return _plain(value["value"])
        return {key: _plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    # The protocol has no integers.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def secret(value: Any) -> Properties:
    """The value, marked so that the engine encrypts it in the state and hides it in its output."""
    return {SIGNATURE: SECRET, "value": value}


def archive(value: Any) -> Properties | None:
    """The value if it is an archive, or else None. After a first `up` the engine sends only its hash."""
    return value if isinstance(value, dict) and value.get(SIGNATURE) == ARCHIVE else None


def has_unknown(value: Any) -> bool:
    """Whether a part of this value is unknown in a preview."""
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return isinstance(value, str) and UNKNOWN in value


def is_same_value(one: Any, other: Any) -> bool:
    """Whether both values mean the same to the emulator.

    Lists are compared as sets: the order has no meaning in any of the supported types. A JSON document is compared by
    its content, with the short forms that IAM allows. Empty means the same as absent.
    """
    return _canonical(one) == _canonical(other)


def _canonical(value: Any) -> Any:
    if (code := archive(value)) is not None:
        return ("archive", code.get("hash"))
    if isinstance(value, dict):
        entries = {key: _canonical(value[key]) for key in sorted(value)}
        return {key: entry for key, entry in entries.items() if entry is not None} or None
    if isinstance(value, list):
        return tuple(sorted((_canonical(entry) for entry in value), key=repr)) or None
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return ("json", _document(json.loads(value)))
        except ValueError:
            return value
    return None if value is False or value == "" else value


def _document(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _document(entry) for key, entry in value.items()}
    if isinstance(value, list):
        # In a policy a string and a list of only that string mean the same, and the order of strings has no meaning.
        if len(value) == 1 and isinstance(value[0], str):
            return value[0]
        entries = [_document(entry) for entry in value]
        return sorted(entries) if all(isinstance(entry, str) for entry in entries) else entries
    return value
