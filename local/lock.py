"""Which command is in charge of an instance of the local AWS."""

import fcntl
from pathlib import Path

from tools.errors import ToolError


class Lock:
    """An instance's folder, held by one process; the system lets go of it when that process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise ToolError(
                f"another command works with the local AWS in {folder}; wait until it has ended, then try again"
            ) from None

    def release(self) -> None:
        self._file.close()
