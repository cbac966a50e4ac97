"""Alarms reach an operator, and say what to do."""

import re

from tests.program.program import RESOURCES, ROOT, of_type, only


def test_every_alarm_reaches_the_topic_and_is_on_the_dashboard():
    alarms = of_type("aws:cloudwatch:MetricAlarm")
    widgets = RESOURCES["dashboard"]["properties"]["dashboardBody"]["fn::toJSON"]["widgets"]
    shown = {arn for widget in widgets for arn in widget["properties"].get("alarms", [])}
    assert shown == {f"${{{name}.arn}}" for name in alarms}
    for name, alarm in alarms.items():
        assert alarm["properties"]["alarmActions"] == ["${alertsTopic.arn}"], name
        assert alarm["properties"]["treatMissingData"] == "notBreaching", name
        assert len(alarm["properties"]["alarmDescription"]) > 40, f"{name} does not say what to do"
    print(f"saw {len(alarms)} alarms")


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
