"""How the game day computes metrics: filter patterns and metric math, as CloudWatch documents them."""

import pytest

from local.game_day.command import game_day
from local.game_day.filter_pattern import compile_pattern
from local.game_day.metric_math import evaluate
from tools.errors import ToolError


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ('{ $.outcome = "clean" }', [{"outcome": "clean"}], [{"outcome": "refused"}, {}]),
        ('{ $.outcome != "clean" }', [{"outcome": "refused"}], [{"outcome": "clean"}, {}]),
        ('{ $.outcome = "clean" && $.ms = * }', [{"outcome": "clean", "ms": 0}], [{"outcome": "clean"}, {"ms": 1}]),
        ("{ $.a.b.c = * }", [{"a": {"b": {"c": 1}}}], [{"a": {"b": 1}}, {"a": None}, {"c": 1}, {}]),
        (
            '{ ($.outcome = "deleted") || ($.withdrawn IS TRUE) }',
            [{"outcome": "deleted"}, {"withdrawn": True}],
            [{"withdrawn": False}, {"withdrawn": "true"}, {}],
        ),
        (
            '{ $.a = "1" || $.b = "2" && $.c = "3" }',
            [{"a": "1"}, {"b": "2", "c": "3"}],
            [{"b": "2"}, {"c": "3"}],
        ),
    ],
)
def test_a_pattern_matches_what_cloudwatch_says(pattern, matching, others):
    matches = compile_pattern(pattern)
    assert [line for line in matching if not matches(line)] == []
    assert [line for line in others if matches(line)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        "ERROR",
        "{ $.a > 1 }",
        '{ $.a = "1" }}',
        '{ ($.a = "1" }',
        "{ }",
        '{ $.a = "1" $.b = "2" }',
        "{ a = * }",
        "{ $.a != * }",
        '{ $.a = "b*" }',
    ],
)
def test_a_pattern_that_is_not_understood_is_an_error(pattern):
    with pytest.raises(ToolError) as error:
        compile_pattern(pattern)
    print(f"saw {error.value}")


@pytest.mark.parametrize(
    ("expression", "values", "result"),
    [
        ("a + 2 * b", {"a": 1, "b": 3}, 7),
        ("FILL(a, 5)", {"a": None}, 5),
        ("IF(a > 1 AND b < 2, a, 0)", {"a": 2, "b": 1}, 2),
        ("IF(a > 1 AND b < 2, a, 0)", {"a": 2, "b": 2}, 0),
        ("a / b", {"a": None, "b": 1}, None),
    ],
)
def test_metric_math_is_evaluated(expression, values, result):
    assert evaluate(expression, values) == result


@pytest.mark.parametrize("expression", ["ANOMALY_DETECTION_BAND(a)", "a[0]", "other", "1 < a < 3", "a >"])
def test_metric_math_that_is_not_understood_is_an_error(expression):
    with pytest.raises(ToolError) as error:
        evaluate(expression, {"a": 1})
    print(f"saw {error.value}")


def test_an_outage_that_is_not_known_is_an_error_that_lists_them():
    with pytest.raises(ToolError, match="no outage nonsense; the outages are s3-slows-down, "):
        game_day(["nonsense"], as_json=False)
