"""Log groups, and metric filters on them."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties


class LogGroup(Resource):
    token = "aws:cloudwatch/logGroup:LogGroup"
    supported = dict.fromkeys(("name", "retentionInDays", "tags"))
    # 0 means that the log never expires.
    defaults = {"retentionInDays": 0}
    replaces = frozenset({"name"})
    named = Named("name", 512)

    def create(self, inputs: Properties) -> str:
        request: dict[str, Any] = {"logGroupName": inputs["name"]}
        if tags := self.aws.all_tags(inputs):
            request["tags"] = tags
        self.aws.client("logs").create_log_group(**request)
        return inputs["name"]

    def settle(self, id: str, inputs: Properties) -> None:
        self._retain(id, inputs)

    def read(self, id: str, old: Properties) -> Properties | None:
        logs = self.aws.client("logs")
        pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=id)
        group = next((group for page in pages for group in page["logGroups"] if group["logGroupName"] == id), None)
        if group is None:
            return None
        # The official plugin's ARN has no ":*" at its end.
        arn = group["arn"].removesuffix(":*")
        return {
            "name": id,
            "retentionInDays": group.get("retentionInDays", 0),
            "arn": arn,
            **self.aws.own_tags(logs.list_tags_for_resource(resourceArn=arn).get("tags", {}), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._retain(id, inputs)
        logs = self.aws.client("logs")
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            logs.untag_resource(resourceArn=old["arn"], tagKeys=gone)
        if wanted:
            logs.tag_resource(resourceArn=old["arn"], tags=wanted)

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("logs").delete_log_group(logGroupName=id)

    def _retain(self, id: str, inputs: Properties) -> None:
        logs = self.aws.client("logs")
        if days := self.effective(inputs, "retentionInDays"):
            logs.put_retention_policy(logGroupName=id, retentionInDays=days)
        else:
            logs.delete_retention_policy(logGroupName=id)


class LogMetricFilter(Resource):
    token = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
    _PARTS = ("name", "namespace", "value", "unit", "defaultValue", "dimensions")
    supported = {**dict.fromkeys(("name", "logGroupName", "pattern")), "metricTransformation": dict.fromkeys(_PARTS)}
    replaces = frozenset({"name", "logGroupName"})
    outputs = frozenset()
    named = Named("name", 512)

    def create(self, inputs: Properties) -> str:
        self.update(inputs["name"], inputs, {})
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        group = old["logGroupName"]
        try:
            found = self.aws.client("logs").describe_metric_filters(logGroupName=group, filterNamePrefix=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        for entry in found["metricFilters"]:
            if entry["filterName"] == id:
                transformation = self._from_logs(entry["metricTransformations"][0])
                pattern = entry.get("filterPattern", "")
                return {"name": id, "logGroupName": group, "pattern": pattern, "metricTransformation": transformation}
        return None

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        given = inputs["metricTransformation"]
        transformation: dict[str, Any] = {
            "metricName": given["name"],
            "metricNamespace": given["namespace"],
            "metricValue": given["value"],
            "unit": given.get("unit", "None"),
        }
        if "defaultValue" in given:
            transformation["defaultValue"] = float(given["defaultValue"])
        if "dimensions" in given:
            transformation["dimensions"] = given["dimensions"]
        self.aws.client("logs").put_metric_filter(
            logGroupName=inputs["logGroupName"],
            filterName=id,
            filterPattern=inputs["pattern"],
            metricTransformations=[transformation],
        )

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("logs").delete_metric_filter(logGroupName=old["logGroupName"], filterName=id)

    def _from_logs(self, found: dict[str, Any]) -> Properties:
        default = found.get("defaultValue")
        return {
            "name": found["metricName"],
            "namespace": found["metricNamespace"],
            "value": found["metricValue"],
            # CloudWatch has "None" for a metric without a unit.
            "unit": found.get("unit") if found.get("unit") != "None" else None,
            # A string in the official schema.
            "defaultValue": None if default is None else f"{default:g}",
            "dimensions": found.get("dimensions"),
        }
