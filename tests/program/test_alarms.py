"""Alarms reach an operator, and say what to do."""

import re

import pytest

from local.game_day.alarms import Point, firing
from tests.program.program import RESOURCES, ROOT, of_type, only


def test_every_alarm_reaches_the_topic_and_is_on_the_dashboard():
    alarms = of_type("aws:cloudwatch:MetricAlarm")
    widgets = RESOURCES["dashboard"]["properties"]["dashboardBody"]["fn::toJSON"]["widgets"]
    shown = {arn for widget in widgets for arn in widget["properties"].get("alarms", [])}
    assert shown == {f"${{{name}.arn}}" for name in alarms}
    for name, alarm in alarms.items():
        assert alarm["properties"]["alarmActions"] == ["${alertsTopic.arn}"], name
        assert alarm["properties"]["treatMissingData"] == "notBreaching", name
        # A new alarm goes from INSUFFICIENT_DATA to OK and would act on that; and nobody has to be told of an end.
        assert not {"okActions", "insufficientDataActions"} & set(alarm["properties"]), name
        assert len(alarm["properties"]["alarmDescription"]) > 40, f"{name} does not say what to do"
    print(f"saw {len(alarms)} alarms")


# Of Lambda and SQS ("Types of metrics for Lambda functions"; "Available CloudWatch metrics for Amazon SQS").
OF_AWS = {
    "AWS/Lambda": {"Invocations", "Errors", "Throttles", "AsyncEventsDropped", "AsyncEventAge", "Duration"},
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
}


def test_the_dashboard_shows_only_metrics_that_exist_and_all_of_the_stacks_own():
    filters = of_type("aws:cloudwatch:LogMetricFilter").values()
    own = {one["properties"]["metricTransformation"]["name"] for one in filters}
    widgets = RESOURCES["dashboard"]["properties"]["dashboardBody"]["fn::toJSON"]["widgets"]
    shown = set()
    for widget in widgets:
        lines = widget["properties"].get("metrics", [])
        ids = {line[-1]["id"] for line in lines if isinstance(line[-1], dict) and "id" in line[-1]}
        for line in lines:
            if isinstance(line[0], dict):
                expression = line[0]["expression"]
                shown |= {name for name in own if f'MetricName=\\"{name}\\"' in expression or name in expression}
                used = set(re.findall(r"\b[a-z][A-Za-z]*\b", re.sub(r"SEARCH\(.*\)|\$\{[^}]+\}", "", expression)))
                assert used <= ids, f"{widget['properties']['title']}: {used - ids} is not an id there"
            elif line[0].startswith("ExifRipper/"):
                assert line[1] in own, f"{widget['properties']['title']}: no filter makes {line[1]}"
                shown.add(line[1])
            else:
                assert line[1] in OF_AWS[line[0]], line
    assert shown == own
    # Nothing is drawn over anything else.
    fields = [(w["x"], w["y"], w["x"] + w["width"], w["y"] + w["height"]) for w in widgets]
    pairs = [(a, b) for i, a in enumerate(fields) for b in fields[:i]]
    assert not [(a, b) for a, b in pairs if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]
    print(f"saw {len(widgets)} widgets and {len(own)} metrics of the stack's own")


def test_no_alarm_is_on_what_waits_and_the_dashboard_shows_both_queues():
    alarms = of_type("aws:cloudwatch:MetricAlarm")
    assert not [name for name, alarm in alarms.items() if alarm["properties"].get("namespace") == "AWS/SQS"]
    widgets = RESOURCES["dashboard"]["properties"]["dashboardBody"]["fn::toJSON"]["widgets"]
    lines = [line for widget in widgets for line in widget["properties"].get("metrics", [])]
    shown = {(line[1], line[3]) for line in lines if line[0] == "AWS/SQS"}
    measures = ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage")
    assert shown == {(measure, f"${{{queue}.name}}") for measure in measures for queue in of_type("aws:sqs:Queue")}


def test_one_failure_that_waits_and_one_event_that_is_lost_are_enough_for_an_alarm():
    metrics = {"alarmFailureWaits": "AsyncEventsDropped", "alarmEventLost": "DestinationDeliveryFailures"}
    for name, metric in metrics.items():
        alarm = RESOURCES[name]["properties"]
        assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Lambda", metric)
        assert alarm["dimensions"] == {"FunctionName": "${ripper.name}"}
        assert (alarm["statistic"], alarm["evaluationPeriods"], alarm["threshold"]) == ("Sum", 1, 0)
        assert alarm["comparisonOperator"] == "GreaterThanThreshold"


def points(name: str, minutes_and_values: list[tuple[float, float]], metric: str | None = None) -> list[Point]:
    """The points of an alarm's metric, or of another of the same namespace, at minutes from a start."""
    alarm = RESOURCES[name]["properties"]
    dimensions = frozenset(alarm.get("dimensions", {}).items())
    namespace = alarm.get("namespace") or alarm["metricQueries"][0]["metric"]["namespace"]
    metric = metric or alarm["metricName"]
    return [Point(namespace, metric, dimensions, minute * 60, value) for minute, value in minutes_and_values]


def fires(name: str, given: list[Point]) -> bool:
    return firing({name: RESOURCES[name]["properties"]}, given) == {name}


@pytest.mark.parametrize(
    ("refused", "clean", "alarmed"),
    [
        (10, 0, False),
        (11, 0, True),
        (11, None, True),
        (11, 208, True),
        (11, 209, False),
        (50, 950, False),
        (51, 949, True),
        (None, 900, False),
        (None, None, False),
    ],
)
def test_the_alarm_on_refusals_needs_more_than_10_and_more_than_5_percent(refused, clean, alarmed):
    assert {(one["metric"]["period"], one["metric"]["stat"]) for one in queries_on_metrics()} == {(900, "Sum")}
    given = {"PhotosRefused": refused, "PhotosClean": clean}
    # The clean ones come first: an alarm that looks after each point would see refusals alone.
    found = [
        point
        for metric in ("PhotosClean", "PhotosRefused")
        if given[metric] is not None
        for point in points("alarmRefusals", [(1 if metric == "PhotosClean" else 2, given[metric])], metric)
    ]
    assert fires("alarmRefusals", found) == alarmed


def queries_on_metrics() -> list[dict]:
    return [query for query in RESOURCES["alarmRefusals"]["properties"]["metricQueries"] if "metric" in query]


@pytest.mark.parametrize(
    ("name", "quiet", "loud"),
    [
        ("alarmFailureWaits", [(1, 0)], [(1, 1)]),
        ("alarmEventLost", [(1, 0)], [(1, 1)]),
        ("alarmDeletes", [(1, 50), (14, 50), (17, 50)], [(1, 50), (14, 51)]),
        ("alarmErrors", [(1, 9), (7, 9)], [(1, 5), (4, 5)]),
        ("alarmThrottles", [(1, 9), (6, 9)], [(1, 1), (6, 1), (11, 1)]),
        ("alarmEventAge", [(1, 900_000)], [(1, 900_001)]),
        ("alarmSlowRuns", [(1, 47_000), (2, 47_000)], [(1, 48_001)]),
    ],
)
def test_an_alarm_fires_at_its_threshold_and_not_before(name, quiet, loud):
    assert not fires(name, points(name, quiet))
    assert fires(name, points(name, loud))
    print(f"saw {name} quiet at {quiet} and firing at {loud}, in minutes and values")


def test_every_metric_filter_names_the_fields_that_it_reads():
    filters = of_type("aws:cloudwatch:LogMetricFilter")
    for name, resource in filters.items():
        pattern, given = resource["properties"]["pattern"], resource["properties"]["metricTransformation"]
        read = [text for text in (given["value"], *given.get("dimensions", {}).values()) if text.startswith("$")]
        for field in read:
            # If only as `$.field = *` ("MetricTransformation", AWS CloudFormation User Guide).
            assert re.search(rf"{re.escape(field)} = ", pattern), f"{name} reads {field}"
        # "A metric with dimensions cannot have a default value" (the same page).
        assert not ({"dimensions", "defaultValue"} <= set(given)), name
        print(f"saw {name}: {pattern} reads {read}")
    assert {"PhotosClean", "PhotosRefused"} <= {
        resource["properties"]["metricTransformation"]["name"] for resource in filters.values()
    }


def test_the_alarm_on_slow_runs_is_at_80_percent_of_the_time_limit():
    limit_ms = only("aws:lambda:Function")["timeout"] * 1000
    assert RESOURCES["alarmSlowRuns"]["properties"]["threshold"] == limit_ms * 0.8


def test_every_alarm_names_recipes_that_exist_and_fits_into_the_longest_description():
    recipes = set(re.findall(r"^([a-z][a-z-]*)[^:\n]*:(?!=)", (ROOT / "justfile").read_text(), re.MULTILINE))
    named = set()
    for name, alarm in of_type("aws:cloudwatch:MetricAlarm").items():
        text = alarm["properties"]["alarmDescription"]
        # 1024 characters ("PutMetricAlarm", Amazon CloudWatch API Reference). A name that a reference becomes is no
        # longer than 80, as the URL of the queue is in the region with the longest name.
        longest = re.sub(r"\$\{[^}]+\}", "x" * 80, text)
        assert len(longest) <= 1024, f"{name}: {len(longest)} characters"
        named |= set(re.findall(r"\bjust ([a-z-]+) ", text))
    assert named and named <= recipes, f"no such recipe in the justfile: {sorted(named - recipes)}"
    print(f"saw {len(named)} recipes in alarms, {len(recipes)} in the justfile")
