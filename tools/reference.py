"""Prints docs/reference.md: settings, outputs, metrics and alarms, as the program has them.

python -m tools.reference > docs/reference.md
"""

import json
import re
from typing import Any

import yaml

from tools.command_line import run
from tools.errors import ToolError
from tools.paths import ROOT

# The program's comments are for groups of outputs.
_OUTPUTS = {
    "bucketA": "where photos are uploaded",
    "bucketB": "where clean photos are read",
    "functionName": "the function; also the name of the dashboard, and in the namespace of the metrics",
    "logGroup": "the function's log",
    "logRetentionDays": "how long it is kept",
    "failuresQueueUrl": "the queue of events that failed three times",
    "refusalsQueueUrl": "the queue of photos that cannot be cleaned",
    "jobsBucket": "the bucket for lists and reports of backfill jobs",
    "jobsRoleArn": "the role of S3 Batch Operations for these jobs",
    "alertsTopicArn": "the SNS topic that alarms are published to",
    "dashboardUrl": "the CloudWatch dashboard",
    "userAName": "user A, who lists, reads, writes and deletes photos of bucket A",
    "userAAccessKeyId": "the access key of user A",
    "userASecretAccessKey": "its secret key; shown only with `--show-secrets`",
    "userBName": "user B, who lists and reads photos of bucket B",
    "userBAccessKeyId": "the access key of user B",
    "userBSecretAccessKey": "its secret key; shown only with `--show-secrets`",
}
_COMPARISONS = {
    "GreaterThanThreshold": "more than",
    "GreaterThanOrEqualToThreshold": "at least",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "at most",
}
# Metrics of AWS that are in milliseconds ("Types of metrics for Lambda functions", AWS Lambda Developer Guide).
_IN_MILLISECONDS = {"AsyncEventAge", "Duration"}


def page() -> str:
    """The whole page."""
    settings = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    text = (ROOT / "pulumi/Main.yaml").read_text()
    program = yaml.safe_load(text)
    of_type = {
        kind: {name: one["properties"] for name, one in program["resources"].items() if one["type"] == kind}
        for kind in ("aws:cloudwatch:LogMetricFilter", "aws:cloudwatch:MetricAlarm")
    }
    comments = _comments(text)
    return _TEXT.format(
        settings=_table(
            ("setting", "default", "means"),
            [
                (f"`{name}`", f"`{_plain(setting['default'])}`", setting["description"])
                for name, setting in settings.items()
                if "description" in setting
            ],
        ),
        outputs=_table(("output", "is"), [(f"`{name}`", what) for name, what in _outputs(program["outputs"]).items()]),
        metrics=_table(
            ("metric", "unit", "what its filter does", "log lines"),
            [
                _metric(filter_, comments.get(name))
                for name, filter_ in of_type["aws:cloudwatch:LogMetricFilter"].items()
            ],
        ),
        alarms=_table(
            ("alarm", "goes off when"),
            [
                (f"[`{name}`](operations.md#{name.lower()})", condition(alarm))
                for name, alarm in of_type["aws:cloudwatch:MetricAlarm"].items()
            ],
        ),
    )


def _comments(text: str) -> dict[str, str]:
    """The comment right above each resource."""
    found = re.findall(r"((?:^  # .*\n)+)^  (\w+):$", text, re.MULTILINE)
    return {name: " ".join(line.strip().removeprefix("# ") for line in lines.splitlines()) for lines, name in found}


def _plain(value: object) -> str:
    """A default as it is written in a stack's file."""
    return value if isinstance(value, str) and value else json.dumps(value)


def _outputs(declared: dict[str, Any]) -> dict[str, str]:
    if declared.keys() != _OUTPUTS.keys():
        names = ", ".join(sorted(declared.keys() ^ _OUTPUTS.keys()))
        raise ToolError(f"tools/reference.py and the outputs of pulumi/Main.yaml differ in: {names}")
    return {name: _OUTPUTS[name] for name in declared}


def _metric(filter_: dict[str, Any], comment: str | None) -> tuple[str, str, str, str]:
    made = filter_["metricTransformation"]
    if comment is None:
        raise ToolError(f"the filter of {made['name']} in pulumi/Main.yaml has no comment that says what it counts")
    by = "".join(f", by `{dimension}`" for dimension in made.get("dimensions", {}))
    return f"`{made['name']}`{by}", made["unit"], comment, f"`{filter_['pattern']}`"


def condition(alarm: dict[str, Any]) -> str:
    """When an alarm goes off, in words."""
    compared, threshold = _COMPARISONS[alarm["comparisonOperator"]], alarm["threshold"]
    if "metricQueries" in alarm:
        (result,) = (query for query in alarm["metricQueries"] if query.get("returnData"))
        metrics = [(query["id"], query["metric"]) for query in alarm["metricQueries"] if "metric" in query]
        given = " and ".join(f"`{name}` is {_measure(metric, metric['stat'])}" for name, metric in metrics)
        (period,) = {metric["period"] for _, metric in metrics}
        what = f"`{result['expression']}`"
        return f"{what} is {compared} {threshold:,}; {given}, {_periods(period, alarm['evaluationPeriods'])}"
    of_time = alarm["metricName"] in _IN_MILLISECONDS
    limit = _time(threshold / 1000) if of_time else f"{threshold:,}"
    periods = _periods(alarm["period"], alarm["evaluationPeriods"])
    return f"{_measure(alarm, alarm['statistic'])} is {compared} {limit} {periods}"


def _measure(metric: dict[str, Any], statistic: str) -> str:
    source = "AWS/Lambda's" if metric["namespace"] == "AWS/Lambda" else "the"
    return f"{source} {statistic.lower()} of `{metric['metricName']}`"


def _periods(seconds: int, number: int) -> str:
    return f"within {_time(seconds)}" if number == 1 else f"in each of {number} periods of {_time(seconds)} in a row"


def _time(seconds: float) -> str:
    number, unit = (seconds / 60, "minute") if seconds % 60 == 0 else (seconds, "second")
    return f"{number:g} {unit}" + ("" if number == 1 else "s")


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    # A bar ends a cell, in code as well.
    first, *others = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in (headings, *rows)]
    return "\n".join([first, "|---" * len(headings) + "|", *others])


_TEXT = """\
# Reference

`just reference` prints this page from [Pulumi.yaml](../Pulumi.yaml) and [pulumi/Main.yaml](../pulumi/Main.yaml).

## Settings

A stack changes them in `Pulumi.<stack>.yaml`, under `config`, as `exif-ripper:NAME`.

{settings}

## Outputs

{outputs}

## Metrics

Metric filters make them from the [log](operations.md#the-log), in the namespace `ExifRipper/<function>`.

{metrics}

## Alarms

What to do about each is behind its link.

{alarms}
"""


if __name__ == "__main__":
    run("reference", lambda: print(page(), end=""))
