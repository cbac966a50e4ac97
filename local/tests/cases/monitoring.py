"""Logs, metrics, alarms and dashboards."""

import json
from typing import Any

from local.tests.cases.case import Case, Client, Outputs


def _alarm(client: Client, out: Outputs) -> dict[str, Any]:
    return client("cloudwatch").describe_alarms(AlarmNames=[out["alarm"]["id"]])["MetricAlarms"][0]


def _queries(most: int) -> list[dict[str, Any]]:
    errors = {"namespace": "AWS/Lambda", "metricName": "Errors", "period": 300, "stat": "Sum"}
    return [
        {"id": "errors", "metric": {**errors, "dimensions": {"FunctionName": "${function.name}"}}},
        {"id": "tooMany", "expression": f"IF(errors > {most}, 1, 0)", "label": "Too many", "returnData": True},
    ]


def _filter(client: Client, out: Outputs) -> dict[str, Any]:
    return client("logs").describe_metric_filters(logGroupName=out["logGroup"]["id"])["metricFilters"][0]


CASES = (
    Case(
        "logGroup",
        "aws:cloudwatch:LogGroup",
        {"retentionInDays": 7, "tags": {"colour": "red"}},
        {"retentionInDays": 30},
        look=lambda client, out: client("logs").describe_log_groups(logGroupNamePrefix=out["logGroup"]["id"])[
            "logGroups"
        ][0]["retentionInDays"],
        shows=30,
        by_hand=lambda client, out: client("logs").delete_retention_policy(logGroupName=out["logGroup"]["id"]),
    ),
    Case(
        "metric",
        "aws:cloudwatch:LogMetricFilter",
        {
            "logGroupName": "${logGroup.name}",
            "pattern": "{ $.a = 1 }",
            "metricTransformation": {
                "name": "A",
                "namespace": "Trial",
                "value": "$.ms",
                "unit": "Milliseconds",
                "dimensions": {"reason": "$.reason"},
            },
        },
        {
            "pattern": "{ $.a = 2 }",
            "metricTransformation": {"name": "A", "namespace": "Trial", "value": "1", "defaultValue": 0},
        },
        look=lambda client, out: (_filter(client, out)["filterPattern"], _filter(client, out)["metricTransformations"]),
        shows=(
            "{ $.a = 2 }",
            [{"metricName": "A", "metricNamespace": "Trial", "metricValue": "1", "defaultValue": 0.0, "unit": "None"}],
        ),
        by_hand=lambda client, out: client("logs").delete_metric_filter(
            logGroupName=out["logGroup"]["id"], filterName=out["metric"]["id"]
        ),
        gone=True,
    ),
    Case(
        "alarm",
        "aws:cloudwatch:MetricAlarm",
        {
            "namespace": "AWS/Lambda",
            "metricName": "Errors",
            "dimensions": {"FunctionName": "${function.name}"},
            "statistic": "Sum",
            "period": 300,
            "evaluationPeriods": 1,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 0,
            "treatMissingData": "notBreaching",
            "alarmActions": ["${topic.arn}"],
            "okActions": ["${topic.arn}"],
            "tags": {"colour": "red"},
        },
        {"threshold": 2.5, "evaluationPeriods": 3, "okActions": [], "alarmDescription": "now described"},
        look=lambda client, out: tuple(
            _alarm(client, out)[name] for name in ("Threshold", "EvaluationPeriods", "OKActions", "AlarmDescription")
        ),
        shows=(2.5, 3, [], "now described"),
        by_hand=lambda client, out: client("cloudwatch").disable_alarm_actions(AlarmNames=[out["alarm"]["id"]]),
    ),
    Case(
        "alarmOnTwoMetrics",
        "aws:cloudwatch:MetricAlarm",
        {
            "metricQueries": _queries(10),
            "evaluationPeriods": 1,
            "comparisonOperator": "GreaterThanThreshold",
            "threshold": 0,
            "treatMissingData": "notBreaching",
            "alarmActions": ["${topic.arn}"],
        },
        {"metricQueries": _queries(20), "alarmDescription": "now described"},
        # The emulator forgets the queries.
        look=lambda client, out: client("cloudwatch").describe_alarms(AlarmNames=[out["alarmOnTwoMetrics"]["id"]])[
            "MetricAlarms"
        ][0]["AlarmDescription"],
        shows="now described",
        by_hand=lambda client, out: client("cloudwatch").disable_alarm_actions(
            AlarmNames=[out["alarmOnTwoMetrics"]["id"]]
        ),
    ),
    Case(
        "dashboard",
        "aws:cloudwatch:Dashboard",
        {"dashboardName": "trial", "dashboardBody": json.dumps({"widgets": []})},
        {"dashboardBody": json.dumps({"widgets": [_WIDGET := {"type": "text", "properties": {"markdown": "here"}}]})},
        look=lambda client, _: json.loads(client("cloudwatch").get_dashboard(DashboardName="trial")["DashboardBody"]),
        shows={"widgets": [_WIDGET]},
        by_hand=lambda client, _: client("cloudwatch").put_dashboard(
            DashboardName="trial", DashboardBody=json.dumps({"widgets": [_WIDGET, _WIDGET]})
        ),
    ),
)
