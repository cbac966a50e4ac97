"""How the tools are run from the command line: one argument each, and a failure is one sentence."""

import sys
from collections.abc import Callable

from tools.errors import ToolError


def run(name: str, argument: str, example: str, tool: Callable[[str], object]) -> None:
    """Runs a tool with the only argument, and ends the process: 0, 1 with a sentence, or 130 after Ctrl-C."""
    if len(sys.argv) != 2:
        sys.exit(f"{name}: one {argument} is needed, for example: {example}")
    try:
        tool(sys.argv[1])
    except ToolError as failure:
        sys.exit(f"{name}: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
