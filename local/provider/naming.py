"""Names for resources without one, in the official plugin's style: `<logical name>-<7 hex digits>`."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from pulumi.runtime.proto.provider_pb2 import CheckRequest


class NamingError(ValueError):
    """A name that cannot be made; the text says why."""


@dataclass(frozen=True)
class Named:
    """The input for a resource's name, the longest name that its service accepts, and how its letters are changed."""

    input: str
    longest: int
    form: Callable[[str], str] = str


def propose(named: Named, request: CheckRequest, logical_name: str) -> str:
    """The name of a new resource: as the stack's `pulumi:autonaming` says, or else as the official plugin does."""
    modes = CheckRequest.AutonamingOptions.Mode
    if request.HasField("autonaming"):
        if request.autonaming.mode == modes.DISABLE:
            raise NamingError(f"automatic naming is off in this stack; give {named.input}")
        name = request.autonaming.proposed_name
        name = name if request.autonaming.mode == modes.ENFORCE else named.form(name)
    else:
        # The engine gives preview and update the same seed, so both get the same name.
        digits = random.Random(request.randomSeed or None).choices("0123456789abcdef", k=7)
        name = named.form(f"{logical_name}-{''.join(digits)}")
    if len(name) > named.longest:
        raise NamingError(f"the automatic name {name} is longer than {named.longest} characters; give {named.input}")
    return name
