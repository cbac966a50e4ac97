"""Serves the page and the photos from one origin on the loopback interface, so that the page may read its canvas, and
takes the page's results."""

import json
import queue
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.browsers.pairs import Pair, first_picture, recoded

_PAGE = Path(__file__).parent / "page.html"


class Server:
    """A server for one run in one browser; `results` gets one entry for each pair, in order."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.results: queue.Queue[dict[str, Any]] = queue.Queue()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pairs, self.results))
        self._http.daemon_threads = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/"

    def __enter__(self) -> "Server":
        Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


def _photo(pair: Pair, which: str) -> bytes | None:
    match which:
        case "before":
            return pair.before.read_bytes()
        case "after":
            return pair.after.read_bytes()
        case "plain":
            return pair.plain and pair.plain.read_bytes()
        case "alone":
            return first_picture(pair.before)
        case "recoded":
            return recoded(pair.before)
    return None


def _handler(pairs: list[Pair], results: "queue.Queue[dict[str, Any]]") -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path.strip("/").split("/"):
                case [""]:
                    self._answer("text/html", _PAGE.read_bytes())
                case ["pairs"]:
                    self._answer("application/json", str(len(pairs)).encode())
                case [which, number] if photo := _photo(pairs[int(number)], which):
                    self._answer("image/jpeg", photo)
                case _:
                    self.send_error(404)

        def do_POST(self) -> None:
            results.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer("text/plain", b"")

        def _answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the run has its own progress line."""

    return Handler
