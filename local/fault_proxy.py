"""A proxy between the function and the emulator that makes S3 and SQS fail on purpose, as networks and services do.

    proxy = FaultProxy()
    with LocalAws("try-out", proxy=proxy) as aws:  # which starts and stops it
        with proxy.fault(Fault.RESET, method="PUT", times=2):
            ...

Only the function goes through it. It serves the emulator's own certificate, and passes signed requests on unchanged.
"""

import contextlib
import http.client
import http.server
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

# How long `SLOW` holds an answer, in seconds: longer than the function's own limit of 20 s for the start of one.
SLOW_SECONDS = 25.0


class Fault(Enum):
    """What happens to a request; the value says it in words."""

    SLOW = f"answers only after {SLOW_SECONDS:.0f} s"
    RESET = "the connection is reset before the request arrives"
    LOST_ANSWER = "the request takes effect, and the connection is reset before the answer"
    CUT = "the connection ends in the middle of the answer's body"
    DAMAGED = "one byte of the answer's body is another"
    INTERNAL_ERROR = "500 InternalError"
    SLOW_DOWN = "503 SlowDown"
    REDIRECT = "307 TemporaryRedirect to another endpoint"


_REFUSALS = {
    Fault.INTERNAL_ERROR: (500, "InternalError", "We encountered an internal error. Please try again."),
    Fault.SLOW_DOWN: (503, "SlowDown", "Please reduce your request rate."),
    Fault.REDIRECT: (307, "TemporaryRedirect", "Please re-send this request to the specified temporary endpoint."),
}


@dataclass
class _Active:
    fault: Fault
    method: str | None
    # How many more requests it meets; None is all of them.
    left: int | None
    met: int = 0


@dataclass
class Met:
    """How many requests a fault has met so far."""

    _active: _Active = field(repr=False)

    @property
    def requests(self) -> int:
        return self._active.met


class FaultProxy:
    """Takes a free port at once, so that the emulator can tell its functions the address; `start` begins to serve."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._active: _Active | None = None
        self._lock = threading.Lock()
        self.upstream = ""

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    def start(self, upstream: str, certificate: Path) -> None:
        """Serves with the certificate, whose key is beside it, and passes requests on to `upstream`."""
        self.upstream = upstream
        self.trust = ssl.create_default_context(cafile=str(certificate))
        self._server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.context.load_cert_chain(certificate, certificate.with_suffix(".key"))
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        if self.upstream:
            self._server.shutdown()
        self._server.server_close()

    @contextlib.contextmanager
    def fault(self, fault: Fault, method: str | None = None, times: int | None = None) -> Iterator[Met]:
        """Meanwhile requests to S3 meet this fault: those with the method, or all; the first `times`, or all."""
        self._active = active = _Active(fault, method, times)
        try:
            yield Met(active)
        finally:
            self._active = None

    def fault_for(self, method: str, is_s3: bool) -> Fault | None:
        """The fault that this request meets, counted."""
        with self._lock:
            active = self._active
            if active is None or not is_s3 or active.method not in (None, method) or active.left == 0:
                return None
            if active.left is not None:
                active.left -= 1
            active.met += 1
            return active.fault


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # Thousands of functions never run here; a burst of uploads opens some dozens of connections.
    request_queue_size = 128
    proxy: FaultProxy
    context: ssl.SSLContext

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        # Here and not when accepting, which one slow handshake would stop for all.
        with self.context.wrap_socket(request, server_side=True) as encrypted:
            self.RequestHandlerClass(encrypted, client_address, self)

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke is what this proxy is for."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *arguments: object) -> None:
        """The emulator has a log."""

    def _serve(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # SQS is asked in its JSON protocol, which names the action in a header.
        fault = proxy.fault_for(self.command, is_s3="X-Amz-Target" not in self.headers)
        if fault is Fault.RESET:
            self._reset()
        elif fault in _REFUSALS:
            self._refuse(*_REFUSALS[fault])
        else:
            self._pass_on(proxy, body, fault)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = _serve

    def _pass_on(self, proxy: FaultProxy, body: bytes, fault: Fault | None) -> None:
        status, headers, content = self._ask(proxy, body)
        if fault is Fault.LOST_ANSWER:
            self._reset()
            return
        if fault is Fault.SLOW:
            time.sleep(SLOW_SECONDS)
        if fault is Fault.DAMAGED and content:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        # A HEAD's answer has the length of the body that it does not have.
        length = headers.get("Content-Length") if self.command == "HEAD" else str(len(content))
        if status != 204 and length is not None:
            self.send_header("Content-Length", length)
        self.end_headers()
        if fault is Fault.CUT:
            # Not by a reset, with which the client may lose what it has not read yet.
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    def _ask(self, proxy: FaultProxy, body: bytes) -> tuple[int, Message, bytes]:
        """Passes the request on; returns the status, headers and body of the answer."""
        address = urlsplit(proxy.upstream)
        upstream = http.client.HTTPSConnection(address.hostname or "", address.port, context=proxy.trust, timeout=60)
        with contextlib.closing(upstream):
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("connection", "expect"):
                    upstream.putheader(name, value)
            upstream.endheaders(body or None)
            answer = upstream.getresponse()
            return answer.status, answer.headers, answer.read()

    def _refuse(self, status: int, code: str, message: str) -> None:
        content = f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>fault</RequestId></Error>".encode()
        self.send_response_only(status)
        if status == 307:
            self.send_header("Location", f"{self.server.proxy.endpoint}{self.path}")
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _reset(self) -> None:
        """Ends the connection with a TCP reset instead of the usual end."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
