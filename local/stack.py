"""A stack of the program, deployed with the real Pulumi engine on a local AWS."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from local.emulator import Emulator
from local.pulumi_result import PulumiError, PulumiResult, read_event_log
from tools.errors import ToolError


class Stack:
    """A stack of the program in the folder `project`, created if there is none."""

    def __init__(self, name: str, project: Path, emulator: Emulator, environment: dict[str, str]) -> None:
        self.name = name
        self._project = project
        self._emulator = emulator
        # Without the last one pulumi does not accept --event-log; Pulumi's Automation API sets it too.
        self._environment = {**environment, "PULUMI_DEBUG_COMMANDS": "true"}
        self._log = emulator.folder / f"events-{name}.jsonl"
        if self._pulumi("stack", "select", name).returncode != 0:
            self._require("stack", "init", name, "--secrets-provider", "passphrase")

    def up(self, check: bool = True) -> PulumiResult:
        """Deploys the program in the instance's copy."""
        return self._run("up", "--yes", "--skip-preview", check=check)

    def preview(self, check: bool = True) -> PulumiResult:
        return self._run("preview", check=check)

    def refresh(self, check: bool = True) -> PulumiResult:
        """Updates the state to what the emulator has; what it changes is drift."""
        return self._run("refresh", "--yes", "--skip-preview", check=check)

    def destroy(self, check: bool = True) -> PulumiResult:
        """Deletes everything, after a preview that refuses if a resource is protected."""
        return self._run("destroy", "--yes", check=check)

    def destroy_without_preview(self) -> PulumiResult:
        """The same without the preview, as nobody should do it; for tests of what is left then."""
        return self._run("destroy", "--yes", "--skip-preview", check=False)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets shown."""
        return json.loads(self._require("stack", "output", "--json", "--show-secrets", "--stack", self.name))

    def set(self, key: str, value: str) -> None:
        """Sets a value of the stack's config, in the instance's copy."""
        self._require("config", "set", key, value, "--stack", self.name)

    def export(self) -> dict[str, Any]:
        """The stack's state."""
        return json.loads(self._require("stack", "export", "--stack", self.name))

    def _run(self, command: str, *options: str, check: bool) -> PulumiResult:
        self._log.unlink(missing_ok=True)
        answer = self._pulumi(command, "--stack", self.name, "--diff", "--event-log", str(self._log), *options)
        result = read_event_log(answer.returncode == 0, answer.stdout + answer.stderr, self._log)
        if check and not result.succeeded:
            self._emulator.require_alive()
            raise PulumiError(command, result)
        return result

    def _require(self, *arguments: str) -> str:
        """The output of a command that has to succeed."""
        answer = self._pulumi(*arguments)
        if answer.returncode != 0:
            raise ToolError(f"pulumi {' '.join(arguments[:2])} failed: {answer.stderr.strip()}")
        return answer.stdout

    def _pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs pulumi with exactly this environment.

        `pulumi.automation` does not fit: it adds to this process's environment, so the user's AWS_PROFILE gets through,
        and its `destroy` skips the preview, so a stack with a protected resource loses all the others.
        """
        environment = self._environment
        # Found on the child's PATH, not on this process's.
        pulumi = shutil.which("pulumi", path=environment["PATH"]) or "pulumi"
        command = [pulumi, *arguments, "--non-interactive", "--color", "never"]
        return subprocess.run(
            command, cwd=self._project, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
