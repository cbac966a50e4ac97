"""Starts Chromium and Firefox without a window, each with a new profile, on one address."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.errors import ToolError

# Colours as on a screen that is sRGB, whatever the machine has; and nothing that asks the network by itself.
_FIREFOX_SETTINGS = {
    "gfx.color_management.force_srgb": "true",
    "privacy.resistFingerprinting": "false",
    "privacy.fingerprintingProtection": "false",
    "browser.shell.checkDefaultBrowser": "false",
    "browser.aboutwelcome.enabled": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "toolkit.telemetry.enabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
    "app.update.enabled": "false",
}
_CHROMIUM_OPTIONS = [
    "--headless=new",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Browser:
    name: str
    # Names of its program, the first one that is on PATH counts; and Debian's package.
    programs: tuple[str, ...]
    package: str

    def program(self) -> str:
        for program in self.programs:
            if path := shutil.which(program):
                return path
        raise ToolError(f"{self.name} is not installed; on Debian: apt install {self.package}")

    def version(self) -> str:
        answer = subprocess.run([self.program(), "--version"], capture_output=True, text=True, check=False)
        return answer.stdout.strip().split(" built ")[0]

    @contextmanager
    def open(self, address: str) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryDirectory(prefix="browsers-", ignore_cleanup_errors=True) as folder:
            command = [self.program(), *_options(self.package, Path(folder)), address]
            # A process group of its own: a browser is many processes, and only these are ended.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "HOME": folder},
                start_new_session=True,
            )
            try:
                yield process
            finally:
                _end(process)


BROWSERS = [
    Browser("Chromium", ("chromium", "chromium-browser", "google-chrome"), "chromium"),
    Browser("Firefox", ("firefox-esr", "firefox"), "firefox-esr"),
]


def chromium_options(folder: Path) -> list[str]:
    """Chromium's options for a profile in a folder."""
    # Its sandbox refuses to run as root.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [*_CHROMIUM_OPTIONS, *root, f"--user-data-dir={folder}"]


def _options(package: str, folder: Path) -> list[str]:
    if package == "chromium":
        return chromium_options(folder)
    lines = (f'user_pref("{name}", {value});\n' for name, value in _FIREFOX_SETTINGS.items())
    (folder / "user.js").write_text("".join(lines))
    return ["--headless", "--no-remote", "--profile", str(folder)]


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(5)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
