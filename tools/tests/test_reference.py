"""The page of settings, outputs, metrics and alarms."""

import pytest

from tools import reference
from tools.errors import ToolError

ALARM = {
    "namespace": "AWS/Lambda",
    "metricName": "Duration",
    "statistic": "Maximum",
    "period": 300,
    "evaluationPeriods": 1,
    "comparisonOperator": "GreaterThanThreshold",
    "threshold": 48_000,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "AWS/Lambda's maximum of `Duration` is more than 48 seconds within 5 minutes"),
        (
            {"namespace": "ExifRipper/f", "metricName": "PhotosDeleted", "statistic": "Sum", "threshold": 1000},
            "the sum of `PhotosDeleted` is more than 1,000 within 5 minutes",
        ),
        (
            {"evaluationPeriods": 3, "period": 60, "comparisonOperator": "GreaterThanOrEqualToThreshold"},
            "AWS/Lambda's maximum of `Duration` is at least 48 seconds in each of 3 periods of 1 minute in a row",
        ),
    ],
)
def test_the_condition_of_an_alarm_is_a_sentence_with_its_units(changes, words):
    assert reference.condition(ALARM | changes) == words


def test_an_output_without_a_description_is_named(monkeypatch):
    monkeypatch.delitem(reference._OUTPUTS, "bucketB")
    with pytest.raises(ToolError, match=r"differ in: bucketB$"):
        reference.page()
