"""Only one command at a time works with an instance of the local AWS."""

import fcntl
from pathlib import Path

from tools.errors import ToolError


class Lock:
    """The lock of an instance's folder. The system releases it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise ToolError(
                f"another command is using the local AWS in {folder}; wait until it has ended, then try again"
            ) from None

    def release(self) -> None:
        self._file.close()
