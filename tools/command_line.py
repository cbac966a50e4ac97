"""How the tools are run from the command line: at most one argument, and a failure is one sentence."""

import sys
from collections.abc import Callable

from tools.errors import ToolError


def run(name: str, tool: Callable[..., object], argument: str = "", example: str = "") -> None:
    """Runs a tool, with its argument if it takes one. Ends the process with 1 and a sentence, or 130 after Ctrl-C."""
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
