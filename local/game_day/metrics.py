"""The metrics that CloudWatch would have: those of the program's filters, and Lambda's own.

Lambda's are computed as "Types of metrics for Lambda functions" (AWS Lambda Developer Guide) describes them, from what
the emulator keeps: its log of runs, the failures queue, and its own log file, which names events that it could not
send there. AsyncEventAge and Throttles are not computed: the emulator drops in seconds what Lambda keeps for hours.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.game_day.alarms import Point
from local.game_day.filter_pattern import compile_pattern, field, json_lines
from local.game_day.target import Target

_LOST = "DLQ target not found"


@dataclass(frozen=True)
class Run:
    """One run of the function, as the log has it."""

    at: float
    milliseconds: float
    lines: list[dict[str, Any]]

    @property
    def failed(self) -> bool:
        """A run that was killed, or stopped at its timeout, has no line of the function's own."""
        return not self.lines or any(line.get("level") == "ERROR" for line in self.lines)


class Watch:
    """What the metrics are from the moment when this was made."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._since = target.now()
        self._failures = target.waiting("failuresQueueUrl")
        self._lost = _count(target.emulator_log, _LOST)

    def points(self) -> list[Point]:
        """The points of every metric so far."""
        function = self._target.outputs["functionName"]
        runs = runs_since(self._target, self._since)
        points = [point for run in runs for point in _of_filters(self._target.metric_filters, run)]

        def lambdas(metric: str, at: float, value: float) -> None:
            points.append(Point("AWS/Lambda", metric, frozenset({("FunctionName", function)}), at, value))

        for run in runs:
            lambdas("Errors", run.at, float(run.failed))
            lambdas("Duration", run.at, run.milliseconds)
        lost = _count(self._target.emulator_log, _LOST) - self._lost
        # Those that the queue took, and those that it did not take, were dropped alike.
        if dropped := lost + max(0, self._target.waiting("failuresQueueUrl") - self._failures):
            lambdas("AsyncEventsDropped", self._target.now(), dropped)
        if lost:
            lambdas("DestinationDeliveryFailures", self._target.now(), lost)
        return points


def runs_since(target: Target, since: float) -> list[Run]:
    """The runs that ended after a time. The emulator writes a stream for each, with Lambda's START, END and REPORT."""
    streams = defaultdict(list)
    for event in target.log_events(since):
        streams[event["logStreamName"]].append(event)
    runs = []
    for events in streams.values():
        messages = [event["message"] for event in events]
        report = re.search(r"\tDuration: ([\d.]+) ms", messages[-1])
        if report is not None:
            runs.append(Run(events[-1]["timestamp"] / 1000, float(report[1]), json_lines(messages)))
    return runs


def _of_filters(filters: list[dict[str, Any]], run: Run) -> list[Point]:
    points = []
    for given in filters:
        matches, metric = compile_pattern(given["pattern"]), given["metricTransformation"]
        for line in filter(matches, run.lines):
            text = metric["value"]
            value = field(text, line) if text.startswith("$") else text
            names = (metric.get("dimensions") or {}).items()
            dimensions = frozenset((name, str(field(selector, line))) for name, selector in names)
            points.append(Point(metric["namespace"], metric["name"], dimensions, run.at, float(value)))
    return points


def _count(file: Path, text: str) -> int:
    return file.read_text(errors="replace").count(text)
