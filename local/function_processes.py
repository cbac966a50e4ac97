"""The function's processes on the local AWS: to kill, stop and limit them, as Lambda does with real ones."""

import contextlib
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from local.emulator import processes_of


@dataclass(frozen=True)
class FunctionProcesses:
    """Those of one instance, whose folder this is."""

    folder: Path

    def pids(self) -> list[int]:
        """The processes that run now; each is one execution environment of the function."""
        return [pid for pid in processes_of(self.folder) if program(pid) == "bootstrap"]

    def send(self, number: signal.Signals) -> int:
        """Sends a signal to all of them; returns how many there were."""
        sent = 0
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
                sent += 1
        return sent

    def limit_memory(self, extra: int) -> int:
        """Lets each that has no limit yet have only `extra` bytes of address space more than now; returns how many.

        The emulator limits no memory. On AWS the kernel kills a process that exceeds it; here it is refused memory,
        and ends by itself.
        """
        limited = 0
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                soft, hard = resource.prlimit(pid, resource.RLIMIT_AS)
                if soft == resource.RLIM_INFINITY:
                    resource.prlimit(pid, resource.RLIMIT_AS, (_address_space(pid) + extra, hard))
                    limited += 1
        return limited


def program(pid: int) -> str:
    """The name of the program that a process runs; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _address_space(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    return pages * resource.getpagesize()
