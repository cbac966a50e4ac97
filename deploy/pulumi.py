"""The `pulumi` command, as the recipes run it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.paths import PULUMI_BIN


class Pulumi:
    """Pulumi with one stack of the project in a folder."""

    def __init__(self, project: Path, stack: str) -> None:
        self.project = project
        self.stack = stack
        self._program = shutil.which("pulumi") or shutil.which("pulumi", path=str(PULUMI_BIN))

    def run(self, command: str, *options: str) -> int:
        """Runs a command of the stack in the user's terminal, and returns its exit code."""
        return subprocess.run([self._found(), command, "--stack", self.stack, *options], cwd=self.project).returncode

    def ask(self, *arguments: str, text: str = "") -> str:
        """The output of a command that has to succeed; it reads `text`."""
        answer = self._answer(*arguments, text=text)
        if answer.returncode != 0:
            lines = [line for line in answer.stderr.splitlines() if line.strip()] or ["nothing"]
            raise ToolError(f"pulumi {' '.join(arguments[:2])} failed: {lines[-1].removeprefix('error: ')}")
        return answer.stdout

    def succeeds(self, *arguments: str) -> bool:
        return self._answer(*arguments).returncode == 0

    def outputs(self, secrets: bool = False) -> dict[str, Any]:
        """The stack's outputs; without `secrets` those are hidden."""
        options = ["--show-secrets"] if secrets else []
        outputs = json.loads(self.ask("stack", "output", "--json", "--stack", self.stack, *options))
        if not outputs:
            raise ToolError(f"the stack {self.stack} is not deployed; deploy it with: just up {self.stack}")
        return outputs

    def resources(self) -> list[dict[str, Any]]:
        """What the stack's state says that there is; nothing if the stack was never deployed."""
        if not self.exists():
            return []
        state = json.loads(self.ask("stack", "export", "--stack", self.stack))
        return (state.get("deployment") or {}).get("resources") or []

    def new_stack(self, secrets_provider: str) -> int:
        """Makes the stack's state; on a terminal Pulumi may ask for a passphrase. Returns the exit code."""
        command = [self._found(), "stack", "init", self.stack, "--secrets-provider", secrets_provider]
        return subprocess.run(command, cwd=self.project).returncode

    def exists(self) -> bool:
        """Whether the place to which `pulumi login` leads has a state for the stack."""
        stacks = json.loads(self.ask("stack", "ls", "--json"))
        return self.stack in {entry["name"].rsplit("/", 1)[-1] for entry in stacks}

    def _answer(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        command = [self._found(), *arguments, "--non-interactive", "--color", "never"]
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        return subprocess.run(command, cwd=self.project, env=environment, input=text, capture_output=True, text=True)

    def _found(self) -> str:
        if self._program is None:
            raise ToolError("Pulumi is not on PATH; install it from https://www.pulumi.com/docs/install/")
        return self._program
