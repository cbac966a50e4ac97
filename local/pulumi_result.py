"""What a run of Pulumi did, read from its event log."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tools.errors import ToolError


@dataclass
class PulumiResult:
    """The result of one run of Pulumi."""

    succeeded: bool
    # Everything that Pulumi printed.
    text: str
    # How many resources a run created, updated, replaced, deleted or left the same.
    changes: Counter[str] = field(default_factory=Counter)
    # What the run did or would do to each resource that it changes, by logical name.
    steps: dict[str, str] = field(default_factory=dict)
    # The properties that differ, by logical name of the resource.
    differences: dict[str, list[str]] = field(default_factory=dict)
    # Errors and warnings.
    diagnostics: list[str] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many resources the run changed or would change."""
        return sum(count for operation, count in self.changes.items() if operation != "same")


class PulumiError(ToolError):
    """A run of Pulumi that failed, with its result."""

    def __init__(self, command: str, result: PulumiResult) -> None:
        self.result = result
        errors = result.diagnostics or result.text.strip().splitlines()[-5:]
        super().__init__(f"pulumi {command} failed: {' | '.join(errors)}")


def read_event_log(succeeded: bool, text: str, log: Path) -> PulumiResult:
    """Reads the event log of a run, which does not exist if Pulumi failed before it began."""
    result = PulumiResult(succeeded, text)
    lines = log.read_text().splitlines() if log.exists() else []
    for event in map(json.loads, lines):
        if (summary := event.get("summaryEvent")) is not None:
            result.changes = Counter(summary.get("resourceChanges") or {})
        elif (diagnostic := event.get("diagnosticEvent")) is not None and diagnostic["severity"] in (
            "error",
            "warning",
        ):
            message = _uncoloured(f"{diagnostic.get('prefix', '')}{diagnostic['message']}").strip()
            # The local provider is found on PATH on purpose.
            if "using pulumi-resource-aws from $PATH" not in message:
                result.diagnostics.append(message)
        elif (step := event.get("resourcePreEvent") or event.get("resOutputsEvent")) is not None:
            step = step["metadata"]
            if step["op"] != "same" and not (step["op"] == "refresh" and not step.get("detailedDiff")):
                name = step["urn"].rsplit("::", 1)[-1]
                # A replacement is reported as three steps.
                result.steps[name] = "replace" if "replace" in step["op"] else step["op"]
                result.differences[name] = sorted(step.get("detailedDiff") or step.get("diffs") or [])
    return result


def _uncoloured(text: str) -> str:
    return re.sub(r"<\{%.*?%\}>", "", text)
