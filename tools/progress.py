"""One line per step, with the time it took; on a terminal the seconds are counted while it runs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Reports on standard error what is being done, then how long it took or that it failed."""
    terminal = sys.stderr.isatty()
    started = time.monotonic()
    done = threading.Event()

    def elapsed() -> str:
        seconds = time.monotonic() - started
        return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"

    def count() -> None:
        while not done.wait(1):
            sys.stderr.write(f"\r{what} ... {elapsed()} ")
            sys.stderr.flush()

    def finish(outcome: str) -> None:
        sys.stderr.write(f"{chr(13) if terminal else ''}{what} ... {outcome}{'    ' if terminal else ''}\n")
        sys.stderr.flush()

    counter = threading.Thread(target=count, daemon=True)
    if terminal:
        sys.stderr.write(f"{what} ... ")
        sys.stderr.flush()
        counter.start()
    outcome = "failed"
    try:
        yield
        outcome = elapsed()
    finally:
        done.set()
        if terminal:
            counter.join()
        finish(outcome)
