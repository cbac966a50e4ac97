"""The program's alarms, evaluated over computed metrics ("Evaluating an alarm", Amazon CloudWatch User Guide)."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from local.game_day.metric_math import evaluate
from tools.errors import ToolError

Dimensions = frozenset[tuple[str, str]]

_COMPARISONS = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_STATISTICS = {"Sum": sum, "Maximum": max, "Minimum": min, "SampleCount": len}


@dataclass(frozen=True)
class Point:
    """One value of a metric. `at` is in seconds since 1970."""

    namespace: str
    metric: str
    dimensions: Dimensions
    at: float
    value: float


def firing(alarms: dict[str, dict[str, Any]], points: list[Point]) -> set[str]:
    """The alarms, by logical name, that go off at some time; given their inputs, as Pulumi's state has them.

    CloudWatch looks once a minute at periods that end then. Here it looks once right after each point, so a burst that
    is split by the clock's minutes there counts as one here.
    """
    return {name for name, alarm in alarms.items() if any(_is_breached(alarm, points, p.at) for p in points)}


def _is_breached(alarm: dict[str, Any], points: list[Point], end: float) -> bool:
    """Whether every evaluated period before `end` is over the threshold. A period without data is not breaching."""
    if alarm["treatMissingData"] != "notBreaching" or "datapointsToAlarm" in alarm:
        raise ToolError("an alarm with datapointsToAlarm, or for which missing data counts, is not understood here")
    compare = _COMPARISONS[alarm["comparisonOperator"]]
    for number in range(int(alarm["evaluationPeriods"])):
        value = _value(alarm, points, end, number)
        if value is None or not compare(value, alarm["threshold"]):
            return False
    return True


def _value(alarm: dict[str, Any], points: list[Point], end: float, number: int) -> float | None:
    """The alarm's value in a period; the last one before `end` has number 0."""
    if "metricQueries" not in alarm:
        return _statistic(alarm, alarm["statistic"], points, end, number)
    values: dict[str, float | None] = {}
    result = None
    for query in alarm["metricQueries"]:
        if "metric" in query:
            values[query["id"]] = _statistic(query["metric"], query["metric"]["stat"], points, end, number)
        else:
            values[query["id"]] = evaluate(query["expression"], values)
        if query.get("returnData"):
            result = values[query["id"]]
    return result


def _statistic(metric: dict[str, Any], name: str, points: Iterable[Point], end: float, number: int) -> float | None:
    dimensions = frozenset((metric.get("dimensions") or {}).items())
    wanted = metric["namespace"], metric["metricName"], dimensions
    last = end - number * metric["period"]
    values = [
        point.value
        for point in points
        if (point.namespace, point.metric, point.dimensions) == wanted and last - metric["period"] < point.at <= last
    ]
    return float(_STATISTICS[name](values)) if values else None
