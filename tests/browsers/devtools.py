"""Drives Chromium through a pipe with the Chrome DevTools Protocol, without any library.

https://chromedevtools.github.io/devtools-protocol/ has the methods. A message is JSON with a zero byte at its end.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browsers.browser import BROWSERS, chromium_options
from tools.errors import ToolError

# Seconds for an answer: the first one includes the start of the browser.
_PATIENCE = 60


class Page:
    """A page in Chromium, and everything that it has reported."""

    def __init__(self, into: int, out: int) -> None:
        self.events: list[dict[str, Any]] = []
        self._into, self._out = into, out
        self._buffer, self._count, self._session = b"", 0, {}
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a method."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters, **self._session}
        os.write(self._into, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") != self._count:
                self.events.append(answer)
            elif "error" in answer:
                raise ToolError(f"Chromium did not accept {method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return answer["result"].get("value")

    def load(self, address: str) -> None:
        """Opens an address and waits until it is loaded."""
        seen = len(self.events)
        self.call("Page.navigate", url=address)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events[seen:]):
            self.events.append(self._receive())

    def press(self, key: str, code: int, text: str = "") -> None:
        """Presses a key."""
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **typed)

    def click(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def named(self, *methods: str) -> list[dict[str, Any]]:
        """The parameters of what the page has reported under these names."""
        return [event["params"] for event in self.events if event.get("method") in methods]

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._out], [], [], _PATIENCE)
            more = os.read(self._out, 1 << 20) if ready else b""
            if not more:
                raise ToolError(f"Chromium {'has ended' if ready else 'does not answer'}; start it by hand to see why")
            self._buffer += more
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)


@contextmanager
def chromium() -> Iterator[Page]:
    """A new Chromium with a new profile, and a page in it."""
    program = BROWSERS[0].program()
    with tempfile.TemporaryDirectory(prefix="browsers-", ignore_cleanup_errors=True) as folder:
        (from_us, into), (out, to_us) = os.pipe(), os.pipe()
        command = [program, *chromium_options(Path(folder)), "--remote-debugging-pipe", "about:blank"]
        # It reads from 3 and writes to 4.
        process = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{from_us} 4>&{to_us}', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": folder},
            pass_fds=(from_us, to_us),
            start_new_session=True,
        )
        os.close(from_us)
        os.close(to_us)
        try:
            yield Page(into, out)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            os.close(into)
            os.close(out)
