"""One screen that says how a stack is: alarms, what waits, what came out and what did not, and what is deployed."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.alerts import alarms_of
from deploy.logs import events, fields, photo
from deploy.pulumi import Pulumi
from deploy.session import session
from tools.errors import ToolError

_METRICS = {
    "clean": "PhotosClean",
    "refused": "PhotosRefused",
    "deleted": "PhotosDeleted",
    "failed tries": "TriesFailed",
}
_LAST = 8
_Status = dict[str, Any]


def status(stack: str, project: Path, as_json: bool) -> None:
    """Prints it."""
    outputs = Pulumi(project, stack).outputs()
    credentials = session(stack, project)
    try:
        found = {
            "stack": stack,
            "region": credentials.region_name,
            "function": _function(credentials.client("lambda"), outputs),
            "alarms": _alarms(credentials.client("cloudwatch"), outputs),
            "waiting": _waiting(credentials.client("sqs"), outputs),
            "last24Hours": _day(credentials.client("cloudwatch"), outputs),
            "lastPhotos": _last_photos(credentials.client("logs"), outputs),
        }
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"the state of {stack} could not be read: {error}") from None
    print(json.dumps(found, indent=2) if as_json else screen(found))


def screen(found: _Status) -> str:
    """The status as a page of text."""
    function, day, waiting = found["function"], found["last24Hours"], found["waiting"]
    reasons = ", ".join(f"{count} {reason}" for reason, count in day["refusedByReason"].items())
    rows = [
        ("stack", f"{found['stack']} in {found['region']}"),
        ("function", f"{function['name']}, version {function['version']}, deployed {function['changed']} UTC"),
        ("code", f"sha256 {function['sha256'][:16]}..., {function['settings']}, {function['memoryMb']} MiB"),
        ("alarms", alarms_in_words(found["alarms"])),
        ("waiting", f"{waiting['failures']} failures, {waiting['refusals']} refusals (SQS counts them with a delay)"),
        ("24 hours", ", ".join(f"{day[name]} {name}" for name in _METRICS)),
        *([("refused", reasons)] if reasons else []),
    ]
    lines = [f"{name:<9} {text}" for name, text in rows]
    photos = [f"  {entry['time']}  {photo(entry)}" for entry in found["lastPhotos"]]
    return "\n".join([*lines, "last photos, times in UTC", *(photos or ["  none in the last day"])])


def alarms_in_words(alarms: dict[str, str]) -> str:
    """Those that ring by name, those without data in a number."""
    if not alarms:
        return "NONE: somebody has deleted them; just preview shows what is missing"
    ringing = [f"ALARM {name}" for name, state in alarms.items() if state == "ALARM"]
    no_data = sum(state == "INSUFFICIENT_DATA" for state in alarms.values())
    parts = [*ringing, *([f"{no_data} without data yet"] if no_data else [])]
    return ", ".join(parts) or f"all {len(alarms)} quiet"


def _function(client: Any, outputs: dict[str, Any]) -> _Status:
    found = client.get_function_configuration(FunctionName=outputs["functionName"])
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=outputs["functionName"])
    numbers = [int(one["Version"]) for page in pages for one in page["Versions"] if one["Version"].isdigit()]
    return {
        "name": found["FunctionName"],
        "version": max(numbers, default=0),
        "sha256": found["CodeSha256"],
        "changed": found["LastModified"][:16].replace("T", " "),
        "memoryMb": found["MemorySize"],
        "settings": found["Environment"]["Variables"]["SCRUB"],
    }


def _alarms(client: Any, outputs: dict[str, Any]) -> dict[str, str]:
    """The state of each alarm, those that ring first."""
    alarms = alarms_of(client, outputs["alertsTopicArn"])
    alarms.sort(key=lambda alarm: (alarm["StateValue"] != "ALARM", alarm["AlarmName"]))
    return {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms}


def _waiting(client: Any, outputs: dict[str, Any]) -> dict[str, int]:
    def count(queue: str) -> int:
        name = "ApproximateNumberOfMessages"
        return int(client.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])

    return {name: count(outputs[f"{name}QueueUrl"]) for name in ("failures", "refusals")}


def _day(client: Any, outputs: dict[str, Any]) -> _Status:
    """What the metrics of the last 24 hours add up to."""
    namespace, end = f"ExifRipper/{outputs['functionName']}", datetime.now(UTC)

    def total(metric: str, dimensions: list[dict[str, str]]) -> int:
        points = client.get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=dimensions,
            StartTime=end - timedelta(days=1),
            EndTime=end,
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return round(sum(point["Sum"] for point in points))

    by_reason = "PhotosRefusedByReason"
    pages = client.get_paginator("list_metrics").paginate(Namespace=namespace, MetricName=by_reason)
    reasons = {metric["Dimensions"][0]["Value"]: metric["Dimensions"] for page in pages for metric in page["Metrics"]}
    counts = {reason: total(by_reason, dimensions) for reason, dimensions in reasons.items()}
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        **{name: total(metric, []) for name, metric in _METRICS.items()},
        "refusedByReason": {reason: count for reason, count in ordered if count},
    }


def _last_photos(client: Any, outputs: dict[str, Any]) -> list[_Status]:
    """The latest lines about photos: from the last minutes if there are some, so that a busy log is not read whole."""
    for minutes in (5, 60, 1440):
        start = int((time.time() - minutes * 60) * 1000)
        lines = events(client, outputs["logGroup"], start, "{ $.outcome = * }")
        found = [(event, entry) for event in lines if (entry := fields(event)) and "outcome" in entry][-_LAST:]
        if found:
            break
    return [
        {"time": datetime.fromtimestamp(event["timestamp"] / 1000, UTC).strftime("%H:%M:%S"), **entry}
        for event, entry in found
    ]
