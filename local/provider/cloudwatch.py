"""Alarms and dashboards."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties

# CloudWatch's name for each input of an alarm that means the same there.
_ALARM = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}


# The same for a query of an alarm on several metrics, and for the metric of such a query.
_QUERY = {"id": "Id", "expression": "Expression", "label": "Label", "period": "Period", "returnData": "ReturnData"}
_METRIC = {"namespace": "Namespace", "metricName": "MetricName"}


class MetricAlarm(Resource):
    token = "aws:cloudwatch/metricAlarm:MetricAlarm"
    _METRIC_PARTS = dict.fromkeys((*_METRIC, "dimensions", "period", "stat", "unit"))
    supported = {
        **dict.fromkeys(("name", "dimensions", "tags", *_ALARM)),
        "metricQueries": {**dict.fromkeys(_QUERY), "metric": _METRIC_PARTS},
    }
    # The emulator takes the queries and forgets them, so it cannot say whether somebody changed them.
    plugin_only = frozenset({"metricQueries"})
    defaults = {"actionsEnabled": True, "alarmDescription": "", "treatMissingData": "missing"}
    replaces = frozenset({"name"})
    named = Named("name", 255)

    def validate(self, inputs: Properties) -> str | None:
        if queries := inputs.get("metricQueries"):
            # "PutMetricAlarm" (Amazon CloudWatch API Reference): one or the other, and one query is the alarm's.
            if single := sorted({"metricName", "namespace", "dimensions", "period", "statistic", "unit"} & set(inputs)):
                return f"an alarm with metricQueries has no {', '.join(single)} of its own"
            if [query.get("returnData", False) for query in queries].count(True) != 1:
                return "exactly one of the metricQueries has to have returnData"
        return None

    def create(self, inputs: Properties) -> str:
        # CloudWatch would overwrite an alarm of that name.
        if self._found(inputs["name"]) is not None:
            raise ValueError(f"there is already an alarm {inputs['name']}")
        self._put(inputs["name"], inputs, Tags=as_list(self.aws.all_tags(inputs)))
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        found = self._found(id)
        if found is None:
            return None
        if found.get("ExtendedStatistic"):
            # The emulator fills in a statistic beside a percentile; AWS has one or the other.
            found.pop("Statistic", None)
        if not found.get("MetricName"):
            # It also fills in a statistic and a period for an alarm on several metrics.
            for name in ("MetricName", "Namespace", "Statistic", "Period"):
                found.pop(name, None)
        arn = found["AlarmArn"]
        tags = self.aws.client("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"]
        return {
            "name": id,
            **{name: found[of] for name, of in _ALARM.items() if of in found},
            "dimensions": {entry["Name"]: entry["Value"] for entry in found.get("Dimensions", [])},
            "arn": arn,
            **self.aws.own_tags(as_dict(tags), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._put(id, inputs)
        cloudwatch = self.aws.client("cloudwatch")
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            cloudwatch.untag_resource(ResourceARN=old["arn"], TagKeys=gone)
        if wanted:
            cloudwatch.tag_resource(ResourceARN=old["arn"], Tags=as_list(wanted))

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("cloudwatch").delete_alarms(AlarmNames=[id])

    def _found(self, id: str) -> dict[str, Any] | None:
        alarms = self.aws.client("cloudwatch").describe_alarms(AlarmNames=[id], AlarmTypes=["MetricAlarm"])[
            "MetricAlarms"
        ]
        return alarms[0] if alarms else None

    def _put(self, id: str, inputs: Properties, **more: Any) -> None:
        given = {of: self.effective(inputs, name) for name, of in _ALARM.items()}
        if queries := inputs.get("metricQueries"):
            more["Metrics"] = [_query(query) for query in queries]
        else:
            more["Dimensions"] = _dimensions(inputs)
        self.aws.client("cloudwatch").put_metric_alarm(
            AlarmName=id,
            **{name: value for name, value in given.items() if value is not None},
            **more,
        )


def _dimensions(of: Properties) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in sorted(of.get("dimensions", {}).items())]


def _query(given: Properties) -> dict[str, Any]:
    """A query as PutMetricAlarm takes it."""
    query = {of: given[name] for name, of in _QUERY.items() if name in given}
    if metric := given.get("metric"):
        named = {of: metric[name] for name, of in _METRIC.items() if name in metric}
        query["MetricStat"] = {
            "Metric": {**named, "Dimensions": _dimensions(metric)},
            "Period": metric["period"],
            "Stat": metric["stat"],
            **({"Unit": metric["unit"]} if "unit" in metric else {}),
        }
    # The official plugin's default; CloudWatch's own is true.
    return {"ReturnData": False, **query}


class Dashboard(Resource):
    token = "aws:cloudwatch/dashboard:Dashboard"
    supported = {"dashboardName": None, "dashboardBody": None}
    replaces = frozenset({"dashboardName"})
    outputs = frozenset({"dashboardArn"})

    def create(self, inputs: Properties) -> str:
        self.update(inputs["dashboardName"], inputs, {})
        return inputs["dashboardName"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self.aws.client("cloudwatch").get_dashboard(DashboardName=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        return {"dashboardName": id, "dashboardBody": found["DashboardBody"], "dashboardArn": found["DashboardArn"]}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        answer = self.aws.client("cloudwatch").put_dashboard(DashboardName=id, DashboardBody=inputs["dashboardBody"])
        if problems := answer.get("DashboardValidationMessages"):
            raise ValueError(f"the dashboard is not valid: {problems[0].get('Message')}")

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("cloudwatch").delete_dashboards(DashboardNames=[id])
