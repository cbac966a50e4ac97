"""How much processor time and memory the function and the emulator use meanwhile."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from local.emulator import processes_of
from local.function_processes import program

_LOOK_EVERY = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Used:
    """What the processes of one kind have used."""

    cpu_seconds: float = 0.0
    # The most memory that any one of them has had at once since it began, in bytes (VmHWM).
    peak_bytes: int = 0
    processes: int = 0


@dataclass
class Usage:
    """Watches the processes of an instance, whose folder this is, while it is entered."""

    folder: Path
    _first: dict[int, float] = field(default_factory=dict)
    # Kept for those that have ended too.
    _last: dict[int, tuple[str, float, int]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._look()
        self._first = {pid: seconds for pid, (_, seconds, _) in self._last.items()}
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def so_far(self) -> dict[str, Used]:
        """What the function and the emulator have used since the start, by name."""
        self._look()
        used = {"function": Used(), "emulator": Used()}
        with self._lock:
            last = dict(self._last)
        for pid, (name, seconds, peak) in last.items():
            one = used["function" if name == "bootstrap" else "emulator"]
            one.cpu_seconds += seconds - self._first.get(pid, 0.0)
            one.peak_bytes = max(one.peak_bytes, peak)
            one.processes += 1
        return used

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            self._look()

    def _look(self) -> None:
        for pid in processes_of(self.folder):
            try:
                # The name in parentheses may have blanks; the fields after it start with the third.
                after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            seconds = (int(after[11]) + int(after[12])) / _TICKS
            peak = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
            with self._lock:
                self._last[pid] = (program(pid), seconds, peak * 1024)
