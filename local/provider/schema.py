"""The official schema of this provider's types, made by `generate_schema.py`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from local.provider.values import SIGNATURE, UNKNOWN

_FILE = Path(__file__).with_name("schema.json")


def text() -> str:
    return _FILE.read_text()


@cache
def _package() -> dict[str, Any]:
    return json.loads(text())


def version() -> str:
    return _package()["version"]


def resource(token: str) -> dict[str, Any]:
    return _package()["resources"][token]


def provider() -> dict[str, Any]:
    return _package()["provider"]


def coerced(value: Any, of: dict[str, Any]) -> Any:
    """The value, converted to the schema's type as the official plugin does: config values are strings."""
    if value is None or value == UNKNOWN:
        return value
    if (reference := of.get("$ref", "")).startswith("#/types/"):
        properties = _package()["types"][reference.removeprefix("#/types/")]["properties"]
        if isinstance(value, dict):
            return {key: coerced(entry, properties.get(key, {})) for key, entry in value.items()}
        return value
    match of.get("type"):
        case "array" if isinstance(value, list):
            return [coerced(entry, of["items"]) for entry in value]
        case "object" if isinstance(value, dict) and SIGNATURE not in value:
            return {key: coerced(entry, of.get("additionalProperties", {})) for key, entry in value.items()}
        case "string" if isinstance(value, bool):
            return "true" if value else "false"
        case "string" if isinstance(value, (int, float)):
            return str(value)
        case "boolean" if value in ("true", "false"):
            return value == "true"
        case "integer" | "number" if isinstance(value, str):
            try:
                number = float(value)
            except ValueError:
                return value
            return int(number) if number.is_integer() else number
    return value
