"""The unchanged program, deployed with the real Pulumi engine on an emulator.

    with LocalAws("try-out") as aws:
        dev = aws.stack("dev")
        dev.up()
        aws.client("s3").list_buckets()

The program runs from a copy in the instance's folder, so that the user's Pulumi.<stack>.yaml is never changed.
"""

import os
import re
import shutil
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from local.emulator import Emulator, processes_of
from local.environment import ADMINISTRATOR, command_environment, settings
from local.fault_proxy import FaultProxy
from local.function_processes import FunctionProcesses
from local.lock import Lock
from local.paths import INSTANCES, PROVIDER_BIN
from local.stack import Stack
from tools import pulumi_cli
from tools.build_zip import PROCESSORS
from tools.errors import ToolError
from tools.paths import ROOT, VENV, zip_of


class LocalAws:
    """An emulator with a Pulumi state and a copy of the program, all under target/local/NAME.

    As a context manager it starts the emulator, and at the end stops it and removes the folder, whatever happens.
    """

    def __init__(self, name: str, root: Path = ROOT, proxy: FaultProxy | None = None) -> None:
        self.root = root
        self.folder = INSTANCES / name
        self.project = self.folder / "project"
        self.region = _region(root)
        self.emulator = Emulator(self.folder, self.region, proxy)
        self._proxy = proxy
        self.function = FunctionProcesses(self.folder)
        self._lock: Lock | None = None
        self._clients: WeakSet[Any] = WeakSet()

    def __enter__(self) -> Self:
        stop_leftovers()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts from nothing: first stops and removes what an earlier run of the same name left."""
        pulumi_cli.ensure()
        _make_plugin()
        self._lock = Lock(self.folder)
        try:
            self.emulator.stop()
            for left in self.folder.iterdir():
                if left.name != "lock":
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
            (self.folder / "state").mkdir()
            self.copy_program()
            self.emulator.start()
        except BaseException:
            self.stop()
            raise

    def resume(self) -> None:
        """Continues with an instance that an earlier command left running, with the program as it is now."""
        self._lock = Lock(self.folder)
        self.copy_program()

    def stop(self) -> None:
        """Stops everything that was started, and removes the folder."""
        self._close_clients()
        self.emulator.stop()
        if self._proxy is not None:
            self._proxy.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.leave()

    def restart(self) -> None:
        """Restarts the emulator: what it has stored stays, what is in flight is lost."""
        self._close_clients()
        self.emulator.restart()

    def leave(self) -> None:
        """Releases the instance without stopping it."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def copy_program(self) -> None:
        """Copies the program and the function's zips, so that the relative paths in the program stay valid."""
        self.project.mkdir(parents=True, exist_ok=True)
        for file in self.root.glob("Pulumi*.yaml"):
            copy = self.project / file.name
            before = copy.read_text() if copy.exists() else ""
            copy.write_text(_with_encryption_of(before, file.read_text()))
        shutil.copytree(self.root / "pulumi", self.project / "pulumi", dirs_exist_ok=True)
        for zipped in map(zip_of, PROCESSORS):
            if (self.root / zipped).is_file():
                (self.project / zipped).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.root / zipped, self.project / zipped)

    def stack(self, name: str) -> Stack:
        """The stack of that name, created if there is none."""
        return Stack(name, self.project, self.emulator, self.environment())

    def settings(self) -> dict[str, str]:
        """The variables that make a command use this emulator and this state."""
        return settings(self.emulator.endpoint, self.emulator.certificate, self.region, self.folder)

    def environment(self) -> dict[str, str]:
        """The whole environment of a command that uses this local AWS."""
        return command_environment(self.settings(), self.emulator.certificate)

    def client(self, service: str, key: tuple[str, ...] = ADMINISTRATOR, **options: Any) -> Any:
        """A boto3 client with this key id, secret and session token, by default the administrator's."""
        import boto3
        from botocore.config import Config

        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}).merge(
            options.pop("config", Config())
        )
        options = {"endpoint_url": self.emulator.endpoint, "verify": str(self.emulator.certificate), **options}
        client = boto3.session.Session(*key, region_name=self.region).client(service, config=config, **options)
        self._clients.add(client)
        return client

    def _close_clients(self) -> None:
        """Closes their connections, for whose end the emulator would wait. A closed client connects again."""
        for client in self._clients:
            client.close()


def stop_leftovers() -> None:
    """Stops and removes what killed runs left: unlocked instances. `dev` stays, it belongs to `just local`."""
    for folder in INSTANCES.glob("*/lock"):
        folder = folder.parent
        if folder.name == "dev":
            continue
        try:
            lock = Lock(folder)
        except ToolError:
            continue
        if processes_of(folder):
            sys.stderr.write(f"Stopping what an earlier run left in {folder.relative_to(ROOT)}\n")
        Emulator(folder, "").stop()
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _region(root: Path) -> str:
    """The region of the dev stack; functions and clients on the emulator get it too."""
    match = re.search(r"^\s*aws:region:\s*(\S+)", (root / "Pulumi.dev.yaml").read_text(), re.MULTILINE)
    if match is None:
        raise ToolError("Pulumi.dev.yaml does not set aws:region; add it under config")
    return match[1].strip("\"'")


def _with_encryption_of(copy: str, config: str) -> str:
    """A stack's config with the encryption settings of the copy. The user's settings (a passphrase, a key in their
    account) do not fit the local state.
    """
    lines = [line for line in config.splitlines() if not line.startswith(_ENCRYPTION)]
    kept = [line for line in copy.splitlines() if line.startswith(_ENCRYPTION)]
    return "\n".join([*lines, *kept]) + "\n"


_ENCRYPTION = ("encryptionsalt:", "encryptedkey:", "secretsprovider:")


def _make_plugin() -> None:
    """Writes the script that Pulumi starts as its plugin `aws`: this project's provider, in its own Python."""
    PROVIDER_BIN.mkdir(parents=True, exist_ok=True)
    script = PROVIDER_BIN / f".pulumi-resource-aws.{os.getpid()}"
    script.write_text(
        f"#!/bin/sh\nunset PYTHONHOME\nPYTHONPATH='{ROOT}' exec '{VENV}/bin/python' -P -m local.provider \"$@\"\n"
    )
    script.chmod(0o755)
    script.replace(PROVIDER_BIN / "pulumi-resource-aws")
