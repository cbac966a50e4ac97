"""Whether this machine can run what is built for AWS."""

import platform
import sys

from tools.build_zip import architecture
from tools.errors import ToolError


def require_runnable(stack: str) -> None:
    """Checks that this machine can run what is built for a stack, as the emulator runs it without a container."""
    wanted = architecture(stack)
    here = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    if sys.platform != "linux":
        raise ToolError("the local AWS runs the function's Linux binary; run it on a Linux machine")
    if wanted != here:
        raise ToolError(
            f"this machine is {here} and the stack {stack} is built for {wanted}; "
            f"try it here with: pulumi config set architecture {here} --stack {stack}"
        )
