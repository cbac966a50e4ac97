"""The AWS emulator of one instance: MiniStack over TLS with IAM enforced, on a free loopback port.

The emulator gets a minimal environment, because its functions inherit it. It writes only to the instance's folder.
What it leaves running, such as a function's `bootstrap`, is found by a variable in its environment and stopped.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from local.environment import require_loopback
from local.fault_proxy import FaultProxy
from tools.errors import ToolError
from tools.paths import VENV

# In the environment of the emulator and of every function it starts; its value is the instance's folder.
ENV_MARKER = "EXIF_RIPPER_LOCAL"
_READY_WITHIN = 60.0
_STOPPED_WITHIN = 5.0


class Emulator:
    """An emulator with its files in `folder`; an earlier process may have started it."""

    def __init__(self, folder: Path, region: str, proxy: FaultProxy | None = None) -> None:
        self.folder = folder
        self.region = region
        # What the function talks to instead of the emulator itself.
        self._proxy = proxy
        self.log = folder / "emulator.log"
        self.certificate = folder / "tmp" / "ministack-tls" / "server.crt"
        self._record = folder / "emulator.json"

    @property
    def endpoint(self) -> str:
        """The emulator's address, which `start` chose."""
        return self._recorded("endpoint")

    @property
    def plain_endpoint(self) -> str:
        """The same emulator without TLS, for tests: AWS accepts plain HTTP too, and policies have to refuse it."""
        return self._recorded("plain_endpoint")

    def _recorded(self, name: str) -> str:
        try:
            return require_loopback(json.loads(self._record.read_text())[name])
        except (OSError, ValueError, KeyError):
            raise ToolError("the local AWS is not running; start it with: just local") from None

    def start(self) -> None:
        """Starts it and waits until it answers. Stops and removes anything that an earlier run left in the folder."""
        self.stop()
        if shutil.which("openssl") is None:
            raise ToolError(
                "openssl is not on PATH, and the emulator's certificate needs it; on Debian: apt install openssl"
            )
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        for _ in range(3):
            # Another process may take a free port before it is used: then choose others.
            self.log.write_bytes(b"")
            self._spawn(*_free_ports())
            if self._answers():
                if self._proxy is not None:
                    self._proxy.start(self.endpoint, self.certificate)
                return
            taken = "address already in use" in self.log.read_text(errors="replace").lower()
            tail = self._tail()
            self.stop()
            if not taken:
                raise ToolError(f"the emulator did not start; its log {self.log} ends with: {tail}")
        raise ToolError(
            "the emulator found no free port in three tries; end what uses ports on 127.0.0.1 and try again"
        )

    def restart(self) -> None:
        """Stops it, runs in flight included, and starts it again with what it had stored, under the same addresses."""
        ports = [urlsplit(endpoint).port or 0 for endpoint in (self.endpoint, self.plain_endpoint)]
        self._end_processes()
        self._spawn(*ports)
        if not self._answers():
            raise ToolError(f"the emulator did not start again; its log {self.log} ends with: {self._tail()}")

    def _spawn(self, port: int, plain_port: int) -> None:
        command = [str(VENV / "bin" / "python"), "-P", "-m", "hypercorn", "ministack.app:app"]
        # Its own entry point would also take port 443 if it can; a single process can be stopped reliably.
        command += ["--config", "python:ministack.core.hypercorn_conf", "--workers", "0", "--keep-alive", "75"]
        command += ["--bind", f"127.0.0.1:{port}", "--insecure-bind", f"127.0.0.1:{plain_port}"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # Kept so that `poll` notices its end and leaves no zombie.
        self._process = process
        endpoints = {"endpoint": f"https://127.0.0.1:{port}", "plain_endpoint": f"http://127.0.0.1:{plain_port}"}
        self._record.write_text(json.dumps({**endpoints, "pid": process.pid}))

    def _environment(self, port: int) -> dict[str, str]:
        return {
            ENV_MARKER: str(self.folder),
            # Only for openssl, which makes the certificate.
            "PATH": os.pathsep.join([str(Path(shutil.which("openssl") or "").parent), os.defpath]),
            "HOME": str(self.folder / "tmp"),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": self.region,
            # Only for functions.
            "AWS_ENDPOINT_URL": self._proxy.endpoint if self._proxy else f"https://127.0.0.1:{port}",
            # A function trusts the emulator's own certificate and nothing else.
            "AWS_CA_BUNDLE": str(self.certificate),
            "SSL_CERT_FILE": str(self.certificate),
            "LAMBDA_EXECUTOR": "local",
            "AUTH": "true",
            "USE_SSL": "1",
            "STATE_DIR": str(self.folder / "tmp" / "state"),
            "S3_DATA_DIR": str(self.folder / "tmp" / "s3"),
            # For `restart`.
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
        }

    def _answers(self) -> bool:
        """Waits until the emulator answers over TLS; false when it ended or took too long."""
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            if self.is_alive():
                return True
            time.sleep(0.05)
        return False

    def is_alive(self) -> bool:
        """Whether it answers now, with its own certificate."""
        try:
            trust = ssl.create_default_context(cafile=str(self.certificate))
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
            )
            with opener.open(f"{self.endpoint}/_ministack/health", timeout=5) as answer:
                return answer.status == 200
        except (OSError, ToolError, urllib.error.URLError):
            return False

    def require_alive(self) -> None:
        """Raises an error that says where to look, if the emulator no longer answers."""
        if not self.is_alive():
            raise ToolError(f"the emulator no longer answers; its log {self.log} ends with: {self._tail()}")

    def stop(self) -> None:
        """Stops the emulator and every function that it started, even one that outlived it; removes what it stored."""
        self._end_processes()
        self._record.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)

    def _end_processes(self) -> None:
        for stop_signal in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + _STOPPED_WITHIN
            running = self._running()
            for pid in running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, stop_signal)
            while (running := self._running()) and time.monotonic() < deadline:
                time.sleep(0.05)
            if not running:
                break
        else:
            raise ToolError(
                f"the processes {', '.join(map(str, running))} of the local AWS do not end; kill them by hand"
            )

    def _running(self) -> list[int]:
        process = getattr(self, "_process", None)
        if process is not None:
            process.poll()
        return processes_of(self.folder)

    def _tail(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return " | ".join(lines[-3:]) or "(nothing)"


def processes_of(folder: Path) -> list[int]:
    """The processes of this folder: its emulator and what that has started."""
    wanted = f"{ENV_MARKER}={folder}".encode()
    return [pid for pid in _pids() if wanted in _environ(pid)]


def _pids() -> list[int]:
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and entry.name != str(os.getpid())
    ]


def _environ(pid: int) -> list[bytes]:
    try:
        # A zombie has no environment.
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _free_ports() -> tuple[int, int]:
    # Both sockets stay open until both ports are known, so that the ports differ.
    with socket.socket() as probe, socket.socket() as plain_probe:
        probe.bind(("127.0.0.1", 0))
        plain_probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1], plain_probe.getsockname()[1]
