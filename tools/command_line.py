"""How the tools are run from the command line: at most one argument, and a failure is one sentence."""

import sys
from collections.abc import Callable

from tools.errors import ToolError


def run(name: str, tool: Callable[..., object], argument: str = "", example: str = "") -> None:
    """Runs a tool, with its only argument if it takes one, and ends the process: 0, 1 with a sentence, 130 after Ctrl-C."""
    given = sys.argv[1:]
    if argument and len(given) != 1:
        sys.exit(f"{name}: one {argument} is needed, for example: {example}")
    if not argument and given:
        sys.exit(f"{name}: it takes no argument")
    try:
        tool(*given)
    except ToolError as failure:
        sys.exit(f"{name}: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
