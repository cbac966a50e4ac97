"""What a run of the engine did, as it reports itself in its event log."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import ToolError


@dataclass
class PulumiResult:
    """One run of the engine."""

    succeeded: bool
    # Everything that the engine printed.
    text: str
    # How many resources a run created, updated, replaced, deleted or left the same.
    changes: Counter[str] = field(default_factory=Counter)
    # The resources that a run changed or would change, by their logical names, with what happens to them.
    steps: dict[str, str] = field(default_factory=dict)
    # The properties in which they differ.
    differences: dict[str, list[str]] = field(default_factory=dict)
    # Errors and warnings.
    diagnostics: list[str] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many resources the run changed, or would change."""
        return sum(count for operation, count in self.changes.items() if operation != "same")


class PulumiError(ToolError):
    """A run of the engine that failed; `run` tells all of it."""

    def __init__(self, command: str, run: PulumiResult) -> None:
        self.run = run
        errors = run.diagnostics or run.text.strip().splitlines()[-5:]
        super().__init__(f"pulumi {command} failed: {' | '.join(errors)}")


def read(succeeded: bool, text: str, log: Path) -> PulumiResult:
    """Reads the event log of a run, which is missing where the engine did not get that far."""
    run = PulumiResult(succeeded, text)
    lines = log.read_text().splitlines() if log.exists() else []
    for event in map(json.loads, lines):
        if (summary := event.get("summaryEvent")) is not None:
            run.changes = Counter(summary.get("resourceChanges") or {})
        elif (diagnostic := event.get("diagnosticEvent")) is not None and diagnostic["severity"] in ("error", "warning"):
            message = _uncoloured(f"{diagnostic.get('prefix', '')}{diagnostic['message']}").strip()
            # That the local provider is the one on PATH is how it is meant.
            if "using pulumi-resource-aws from $PATH" not in message:
                run.diagnostics.append(message)
        elif (step := event.get("resourcePreEvent") or event.get("resOutputsEvent")) is not None:
            step = step["metadata"]
            if step["op"] != "same" and not (step["op"] == "refresh" and not step.get("detailedDiff")):
                name = step["urn"].rsplit("::", 1)[-1]
                # A replacement is told in three steps.
                run.steps[name] = "replace" if "replace" in step["op"] else step["op"]
                run.differences[name] = sorted(step.get("detailedDiff") or step.get("diffs") or [])
    return run


def _uncoloured(text: str) -> str:
    return re.sub(r"<\{%.*?%\}>", "", text)
