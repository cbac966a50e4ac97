"""Draws photos in Chromium and Firefox before and after scrubbing, and fails where they show anything else.

python -m tests.browsers [FOLDER...]
"""

import queue
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browsers.browser import BROWSERS, Browser
from tests.browsers.outcome import ON_PURPOSE, Outcome, explain, outcome
from tests.browsers.pairs import Pair, Prepared, prepare
from tests.browsers.server import Server
from tools.errors import ToolError

# Seconds that a browser has for its start and for each photo: the page's own limit for two, and some more.
_PATIENCE = 150
_BAR = 30


def draw(browser: Browser, pairs: list[Pair]) -> list[dict[str, Any]]:
    """What the browser makes of each pair."""
    results: list[dict[str, Any]] = []
    with Server(pairs) as server, browser.open(server.address) as process:
        started = time.monotonic()
        while len(results) < len(pairs):
            results.append(_next(browser, server, process, pairs[len(results)]))
            _progress(browser.name, len(results), len(pairs), started)
    return results


def _next(browser: Browser, server: Server, process: "subprocess.Popen[bytes]", pair: Pair) -> dict[str, Any]:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            return server.results.get(timeout=1)
        except queue.Empty:
            if process.poll() is not None:
                break
    state = "still runs" if process.poll() is None else f"ended with {process.returncode}"
    raise ToolError(f"{browser.name} gave no result for {pair.name} and {state}; start it by hand to see why")


def _progress(name: str, done: int, count: int, started: float) -> None:
    """A bar on a terminal, once it takes longer than two seconds; a line at the end elsewhere."""
    seconds, end = time.monotonic() - started, "\n" if done == count else ""
    if sys.stderr.isatty() and seconds > 2:
        bar = "#" * (_BAR * done // count)
        print(f"\r{name} [{bar:<{_BAR}}] {done}/{count} {seconds:.0f} s", end=end, file=sys.stderr, flush=True)
    elif end:
        print(f"{name}: {count} photos in {seconds:.0f} s", file=sys.stderr)


def report(prepared: Prepared, results: dict[str, list[dict[str, Any]]]) -> bool:
    """Prints the table and what differs. Returns whether nothing does."""
    columns = list(Outcome)
    print(f"\n{'browser':<32}{'files':>7}" + "".join(f"{column.value:>14}" for column in columns))
    notes, reasons, good = [], set(), True
    for browser, drawn in results.items():
        outcomes = [outcome(result) for result in drawn]
        counts = "".join(f"{outcomes.count(column):>14}" for column in columns)
        print(f"{browser:<32}{len(drawn):>7}{counts}")
        for pair, result, what in zip(prepared.pairs, drawn, outcomes, strict=True):
            if what is Outcome.DIFFERENT:
                good = False
                notes.append(f"differ in {browser}: {pair.name}: {explain(result)}")
            elif what in ON_PURPOSE:
                reasons.add(what)
                notes.append(f"{what.value} in {browser}: {pair.name}: {explain(result)}")
    print(*notes, sep="\n")
    for what in reasons:
        print(f"{what.value}, on purpose: {ON_PURPOSE[what]}")
    for browser, drawn in results.items():
        ignored = [
            pair.name.removeprefix("profiles/").removesuffix(".jpg")
            for pair, result in zip(prepared.pairs, drawn, strict=True)
            if pair.plain and result.get("plain") and not result["plain"]["count"]
        ]
        print(f"profiles that {browser} does not apply: {', '.join(ignored)}")
    for name in prepared.refused:
        print(f"refused, so not drawn: {name}")
    for name in prepared.skipped:
        print(f"rotated, and not compared without jpegtran (on Debian: apt install libjpeg-turbo-progs): {name}")
    return good


def main() -> int:
    versions = {browser: browser.version() for browser in BROWSERS}
    with tempfile.TemporaryDirectory(prefix="browsers-") as work:
        prepared = prepare([Path(folder) for folder in sys.argv[1:]], Path(work))
        results = {versions[browser]: draw(browser, prepared.pairs) for browser in BROWSERS}
        return 0 if report(prepared, results) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolError as failure:
        sys.exit(f"browsers: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
