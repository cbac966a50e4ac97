"""What the status says of alarms: quiet is only what is known to be quiet."""

from deploy.status import alarms_in_words


def test_only_alarms_that_are_known_to_be_quiet_are_called_so():
    assert alarms_in_words({"one": "OK", "two": "OK"}) == "all 2 quiet"
    assert alarms_in_words({"one": "ALARM", "two": "OK"}) == "ALARM one"
    assert alarms_in_words({"one": "INSUFFICIENT_DATA", "two": "OK"}) == "1 without data yet"
    assert alarms_in_words({"one": "ALARM", "two": "INSUFFICIENT_DATA"}) == "ALARM one, 1 without data yet"


def test_alarms_that_are_gone_are_not_quiet():
    assert alarms_in_words({}).startswith("NONE")
