"""The base of every resource type: what a type declares, and what follows from that."""

from collections.abc import Mapping
from typing import Any, ClassVar

from local.provider import schema
from local.provider.clients import Clients
from local.provider.naming import Named
from local.provider.values import DEFAULTED, Properties, has_unknown, is_same_value

# The inputs that a type supports, by name. None for a plain value; for an object or a list of objects, its inputs.
Supported = Mapping[str, "Supported | None"]


class Resource:
    """A resource type. `create` makes the resource; `update` changes it to what the inputs say."""

    token: ClassVar[str]
    supported: ClassVar[Supported]
    # AWS's defaults for inputs that are not given.
    defaults: ClassVar[Properties] = {}
    # A change of one of these makes a new resource, as in the official plugin.
    replaces: ClassVar[frozenset[str]] = frozenset()
    # The official plugin changes these in place; here a change is an error.
    fixed: ClassVar[frozenset[str]] = frozenset()
    # Inputs for the plugin alone, which the emulator does not store.
    plugin_only: ClassVar[frozenset[str]] = frozenset()
    # Outputs that are not inputs, known only when the resource exists.
    outputs: ClassVar[frozenset[str]] = frozenset({"arn"})
    named: ClassVar[Named | None] = None

    def __init__(self, aws: Clients) -> None:
        self.aws = aws

    def validate(self, inputs: Properties) -> str | None:
        """What is wrong with the inputs, beyond what the schema can say."""
        return None

    def create(self, inputs: Properties) -> str:
        """Makes the resource with one request, and returns its id."""
        raise NotImplementedError

    def settle(self, id: str, inputs: Properties) -> None:
        """Further requests for a new resource; if one fails, the resource is deleted."""

    def read(self, id: str, old: Properties) -> Properties | None:
        """Inputs and outputs as the emulator has them, or None if it has no such resource. `old` is the last state."""
        raise NotImplementedError

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        """Changes the resource to what the inputs say; `old` is the last state."""
        raise NotImplementedError

    def delete(self, id: str, old: Properties) -> None:
        raise NotImplementedError

    # ---- for all types -------------------------------------------------------------------------------------------

    def taggable(self) -> bool:
        return "tags" in self.supported

    def effective(self, properties: Properties, name: str) -> Any:
        """The value of an input: what is given, or else AWS's default."""
        value = properties.get(name)
        return self.defaults.get(name) if value is None else value

    def differing(self, one: Properties, other: Properties) -> list[str]:
        """The inputs that differ in what they ask of the emulator."""
        return [
            name for name in self.supported if not is_same_value(self.effective(one, name), self.effective(other, name))
        ]

    def not_kept(self, inputs: Properties, state: Properties) -> list[str]:
        """The inputs that the emulator did not store as they were given."""
        return [name for name in self.differing(inputs, state) if name not in self.plugin_only]

    def state(self, actual: Properties, inputs: Properties, old: Properties) -> Properties:
        """The state to store: what the emulator has, as the inputs or the last state write it if it means the same."""
        state = {**actual, **{name: inputs[name] for name in self.plugin_only if name in inputs}}
        for name, value in state.items():
            for known in (inputs, old):
                if name in known and is_same_value(known[name], value):
                    state[name] = known[name]
                    break
        return state

    def inputs_found(self, state: Properties, inputs: Properties) -> Properties:
        """The inputs, but with the emulator's value where it differs, so that a change made by hand is seen."""
        found = {name: inputs[name] for name in inputs if name in self.plugin_only or name == DEFAULTED}
        for name in self.supported:
            if name in self.plugin_only:
                continue
            actual = self.effective(state, name)
            if is_same_value(self.effective(inputs, name), actual):
                if name in inputs:
                    found[name] = inputs[name]
            elif actual is not None:
                found[name] = actual
        return found

    def previewed(self, inputs: Properties, old: Properties | None, unknown: str) -> Properties:
        """The state that a preview reports: outputs of a resource that does not exist yet are unknown."""
        known = {**self.defaults, **inputs}
        if self.taggable():
            known["tagsAll"] = self.aws.all_tags(inputs) if not has_unknown(inputs.get("tags")) else unknown
        if old is not None:
            return {**old, **known}
        return {**dict.fromkeys(self.outputs, unknown), **known}


def unsupported(supported: Supported, inputs: Any, path: str = "") -> list[str]:
    """The paths of the inputs that are given and not supported."""
    if isinstance(inputs, list):
        return [name for entry in inputs for name in unsupported(supported, entry, path)]
    if not isinstance(inputs, dict):
        return []
    found: list[str] = []
    for name, value in inputs.items():
        if name == DEFAULTED:
            continue
        if name not in supported:
            found.append(path + name)
        elif (within := supported[name]) is not None:
            found += unsupported(within, value, f"{path}{name}.")
    return found


def coerced(token: str, inputs: Properties) -> Properties:
    """The inputs, converted to the types in the official schema."""
    types = schema.resource(token)["inputProperties"]
    return {name: schema.coerced(value, types.get(name, {})) for name, value in inputs.items()}
