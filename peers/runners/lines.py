"""Reads and writes the lines that `start.py` describes, for a stripper that is a function from bytes to bytes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

_WARM_UP = 2


def serve(version: str, scrub: Callable[[bytes], bytes]) -> None:
    print(version, flush=True)
    for line in sys.stdin:
        command, photo, argument = line.rstrip("\n").split("\t")
        try:
            if command == "scrub":
                Path(argument).write_bytes(scrub(Path(photo).read_bytes()))
                answer = ["ok"]
            else:
                answer = _times(scrub, Path(photo).read_bytes(), int(argument))
        # Libraries raise all kinds of errors for unusual photos.
        except Exception as error:
            answer = ["refused", " ".join(f"{type(error).__name__}: {error}".split())]
        print("\t".join(answer), flush=True)


def _times(scrub: Callable[[bytes], bytes], photo: bytes, rounds: int) -> list[str]:
    times = []
    for _ in range(_WARM_UP + rounds):
        start = time.perf_counter_ns()
        scrub(photo)
        times.append(str(time.perf_counter_ns() - start))
    return times[_WARM_UP:]
