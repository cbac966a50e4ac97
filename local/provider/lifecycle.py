"""Create, update and delete of any resource, with the checks for all types."""

from local.provider import schema
from local.provider.resource import Resource
from local.provider.values import Properties, from_struct, to_struct


class LifecycleError(Exception):
    """The emulator does not have what the program asked for; the text is shown to the user."""


def create(resource: Resource, inputs: Properties) -> tuple[str, Properties]:
    """Makes a resource, and returns its id and state. One that fails halfway is deleted."""
    id = resource.create(inputs)
    try:
        resource.settle(id, inputs)
        return id, read_back(resource, id, inputs, inputs)
    except Exception as error:
        # The engine does not know of it yet, so nobody else would delete it.
        try:
            resource.delete(id, inputs)
        except Exception as left:
            raise LifecycleError(f"{error}; {id} still exists, because it could not be deleted: {left}") from error
        raise


def update(resource: Resource, id: str, inputs: Properties, old: Properties) -> Properties:
    """Changes a resource to what the inputs say, and returns its state."""
    resource.update(id, inputs, old)
    # The old hash says nothing about the code that is deployed now.
    return read_back(resource, id, inputs, {**old, **inputs, "codeSha256": None})


def delete(resource: Resource, id: str, old: Properties) -> None:
    """Deletes a resource; it is no error if somebody has deleted it already."""
    if resource.read(id, old) is not None:
        resource.delete(id, old)


def read_back(resource: Resource, id: str, inputs: Properties, old: Properties) -> Properties:
    """The state as the emulator has it, after a check that it stored every input."""
    actual = resource.read(id, old)
    if actual is None:
        raise LifecycleError(f"{id} was made, but the emulator does not find it")
    plain = from_struct(to_struct(actual))
    if lost := resource.not_kept(inputs, plain):
        hidden = {name for name, of in schema.resource(resource.token)["inputProperties"].items() if of.get("secret")}
        shown = [
            name if name in hidden else f"{name} (asked for {inputs.get(name)!r}, kept {plain.get(name)!r})"
            for name in lost
        ]
        raise LifecycleError(f"the emulator did not keep what {id} was given: {', '.join(shown)}")
    return resource.state(actual, inputs, inputs)
