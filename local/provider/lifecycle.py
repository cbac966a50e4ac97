"""Create, update and delete of any resource, with the checks that hold for all of them."""

from local.provider import schema
from local.provider.resource import Resource
from local.provider.values import Properties, from_struct, to_struct


class LifecycleError(Exception):
    """The cloud did not end up as it was asked to; the text goes to the user."""


def create(resource: Resource, inputs: Properties) -> tuple[str, Properties]:
    """Makes a resource, and gives its id and state. One that fails halfway is taken away again."""
    id = resource.create(inputs)
    try:
        resource.settle(id, inputs)
        return id, _kept(resource, id, inputs, inputs)
    except Exception as error:
        # The engine does not know of it yet: it must not stay behind.
        try:
            resource.delete(id, inputs)
        except Exception as left:
            raise LifecycleError(f"{error}; {id} is left behind, because it cannot be deleted: {left}") from error
        raise


def update(resource: Resource, id: str, inputs: Properties, old: Properties) -> Properties:
    """Brings a resource to what the inputs say, and gives its state."""
    resource.update(id, inputs, old)
    # The hash of the code that was deployed before says nothing about the code that was deployed now.
    return _kept(resource, id, inputs, {**old, **inputs, "codeSha256": None})


def delete(resource: Resource, id: str, old: Properties) -> None:
    """Deletes a resource; one that somebody has deleted already is as it should be."""
    if resource.read(id, old) is not None:
        resource.delete(id, old)


def _kept(resource: Resource, id: str, inputs: Properties, old: Properties) -> Properties:
    """The state as the cloud has it, after a check that it has kept every input."""
    actual = resource.read(id, old)
    if actual is None:
        raise LifecycleError(f"{id} was made, and then the emulator did not know it")
    plain = from_struct(to_struct(actual))
    if lost := resource.not_kept(inputs, plain):
        hidden = {name for name, of in schema.resource(resource.token)["inputProperties"].items() if of.get("secret")}
        told = [name if name in hidden else f"{name} (asked for {inputs.get(name)!r}, kept {plain.get(name)!r})" for name in lost]
        raise LifecycleError(f"the emulator did not keep what {id} was given: {', '.join(told)}")
    return resource.state(actual, inputs, inputs)
