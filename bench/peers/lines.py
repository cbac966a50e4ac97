"""The lines that `start.py` describes, for a tool that is a function from bytes to bytes."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

_WARM_UP = 2


def serve(version: str, strip: Callable[[bytes], bytes]) -> None:
    print(version, flush=True)
    for line in sys.stdin:
        what, photo, argument = line.rstrip("\n").split("\t")
        try:
            if what == "strip":
                Path(argument).write_bytes(strip(Path(photo).read_bytes()))
                answer = ["ok"]
            else:
                answer = _times(strip, Path(photo).read_bytes(), int(argument))
        # Any error of a library on a strange photo is its answer.
        except Exception as error:
            answer = ["refused", " ".join(f"{type(error).__name__}: {error}".split())]
        print("\t".join(answer), flush=True)


def _times(strip: Callable[[bytes], bytes], photo: bytes, rounds: int) -> list[str]:
    times = []
    for _ in range(_WARM_UP + rounds):
        start = time.perf_counter_ns()
        strip(photo)
        times.append(str(time.perf_counter_ns() - start))
    return times[_WARM_UP:]
