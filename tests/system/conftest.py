"""One local AWS for all tests of the system, with the stacks dev and prod."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.fault_proxy import FaultProxy
from local.game_day.target import Target
from local.local_aws import LocalAws
from local.sample_photos import sample_photos
from local.stack import Stack
from tests.system.deployed import Deployed
from tests.system.inventory import inventory


@dataclass
class System:
    """The local AWS, and the stacks that are deployed on it."""

    aws: LocalAws
    samples: dict[str, bytes]
    stacks: dict[str, Stack] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of an operator's command."""
        return self.aws.environment()

    def start_ripper(self, *arguments: str, key: tuple[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts `ripper` as an operator runs it, in the folder of the project, or with another access key."""
        binary = shutil.which("ripper", path=self.environment["PATH"])
        assert binary, "ripper is not built: cargo build --package ripper"
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        credentials = dict(zip(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), key or (), strict=False))
        environment = self.environment | credentials
        return subprocess.Popen([binary, *arguments], cwd=self.aws.project, env=environment, text=True, **pipes)

    def ripper(self, *arguments: str, key: tuple[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """The same, to its end."""
        process = self.start_ripper(*arguments, key=key)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def deploy_command(
        self, *arguments: str, typed: str = "", project: Path | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs `python -m deploy`, as the recipes do, in the copy of the project, without a terminal."""
        return subprocess.run(
            [sys.executable, "-m", "deploy", *arguments],
            cwd=project or self.aws.project,
            env={**self.environment, "PYTHONPATH": str(self.aws.root), **variables},
            input=typed,
            capture_output=True,
            text=True,
        )

    def deploy(self, name: str, settings: dict[str, str]) -> Stack:
        """Deploys a stack of that name, with dev's settings and these."""
        config = self.aws.project / f"Pulumi.{name}.yaml"
        if not config.exists():
            dev = (self.aws.root / "Pulumi.dev.yaml").read_text()
            config.write_text(dev.replace("      stack: dev\n", f"      stack: {name}\n"))
        stack = self.stacks[name] = self.aws.stack(name)
        for key, value in settings.items():
            stack.set(f"exif-ripper:{key}", value)
        stack.up()
        return stack

    def deploy_hurried(self, name: str) -> Deployed:
        """A stack whose function has a short timeout, as `ripper forget` waits that long."""
        self.deploy(name, {})
        deployed = self.deployed(name)
        function = deployed.outputs["functionName"]
        deployed.client("lambda").update_function_configuration(FunctionName=function, Timeout=3)
        return deployed

    def deployed(self, name: str) -> Deployed:
        """The stack of that name as the cloud has it."""
        return Deployed(name, self.stacks[name].outputs(), self.aws.client, self.samples["DSC_0042"])

    def inventory(self) -> set[str]:
        """Everything that is in the account."""
        return inventory(self.aws.client)


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """The project's sample photos, by name."""
    return sample_photos()


@pytest.fixture(scope="session")
def system(samples: dict[str, bytes]) -> Iterator[System]:
    with LocalAws(f"tests-{os.getpid()}") as aws:
        system = System(aws, samples)
        for name in ("dev", "prod"):
            system.stacks[name] = aws.stack(name)
            result = system.stacks[name].up()
            print(f"deployed {name}: {dict(result.changes)}")
        yield system


@pytest.fixture(scope="session")
def dev(system: System) -> Deployed:
    return system.deployed("dev")


@pytest.fixture(scope="session")
def prod(system: System) -> Deployed:
    return system.deployed("prod")


@pytest.fixture(scope="session")
def target(samples: dict[str, bytes]) -> Iterator[Target]:
    """A local AWS of its own, whose function goes through a proxy for faults."""
    proxy = FaultProxy()
    with LocalAws(f"faults-{os.getpid()}", proxy=proxy) as aws:
        stack = aws.stack("dev")
        stack.up()
        yield Target(aws, stack, proxy, samples["DSC_0042"])
