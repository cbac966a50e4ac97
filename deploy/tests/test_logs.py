"""The log as people read it."""

import json

import pytest

from deploy.logs import line, seconds
from tools.errors import ToolError


def read(message):
    text = line(
        {"timestamp": 1_790_000_000_123, "message": message if isinstance(message, str) else json.dumps(message)}
    )
    return None if text is None else text[21:]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            {"message": "photo", "key": "a b/ü.jpg", "outcome": "clean", "bytesIn": 21163, "bytesOut": 18293, "ms": 11},
            "clean      a b/ü.jpg  21.2 kB -> 18.3 kB, 11 ms",
        ),
        (
            {"message": "photo", "key": "bad.jpg", "outcome": "refused", "reason": "NotAJpeg", "bytesIn": 7, "ms": 14},
            "refused    bad.jpg  NotAJpeg, 0.0 kB, 14 ms",
        ),
        ({"message": "photo", "key": "a.jpg", "outcome": "deleted"}, "deleted    a.jpg"),
        # A key with an escape sequence does not reach the terminal.
        ({"key": "\u001b[2J\n.jpg", "outcome": "clean"}, "clean      \\u001b[2J\\u000a.jpg"),
        ({"type": "platform.report", "record": {"status": "timeout"}}, "platform.report: timeout"),
        (
            {"type": "platform.runtimeDone", "record": {"status": "error", "errorType": "Runtime.ExitError"}},
            "platform.runtimeDone: error Runtime.ExitError",
        ),
        (
            "2026-11-27T00:00:00Z 1 Task timed out after 60.00 seconds",
            "2026-11-27T00:00:00Z 1 Task timed out after 60.00 seconds",
        ),
        ({"level": "ERROR", "message": "no queue"}, '{"level": "ERROR", "message": "no queue"}'),
        ("[1]", "[1]"),
    ],
)
def test_a_photo_and_whatever_is_not_right_has_a_line(message, said):
    assert read(message) == said


@pytest.mark.parametrize(
    "message",
    [
        "START RequestId: 1 Version: $LATEST",
        "END RequestId: 1",
        "REPORT RequestId: 1\tDuration: 78 ms",
        {"type": "platform.start", "record": {"requestId": "1"}},
        {"type": "platform.report", "record": {"status": "success"}},
    ],
)
def test_a_run_that_went_well_has_none(message):
    assert read(message) is None


def test_a_length_of_time_has_a_unit():
    assert [seconds(text) for text in ("15m", "2h", "3d")] == [900, 7200, 259200]
    for text in ("", "15", "0m", "-1h", "1w", "1.5h"):
        with pytest.raises(ToolError, match="is not a length of time"):
            seconds(text)
