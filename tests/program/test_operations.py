"""docs/operations.md says what to do about every alarm, every reason of a refusal and every error."""

import re

from local.game_day.outages import OUTAGES
from tests.program.program import ROOT, of_type

PAGE = (ROOT / "docs/operations.md").read_text()


def section(heading: str) -> str:
    """The text of a section, without those of a higher or the same level after it."""
    start = re.search(rf"^(#+) {re.escape(heading)}$", PAGE, re.MULTILINE)
    assert start, f"there is no section {heading}"
    level = len(start[1])
    end = re.search(rf"^#{{1,{level}}} ", PAGE[start.end() :], re.MULTILINE)
    return PAGE[start.end() : start.end() + end.start() if end else None]


def first_column(text: str) -> set[str]:
    """The names in the first column of the tables of a text."""
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def variants(file: str, enum: str) -> set[str]:
    """The names of an enum's variants in a Rust file."""
    code = (ROOT / file).read_text()
    body = code[code.index(f"pub enum {enum} {{") :]
    return set(re.findall(r"^    ([A-Z]\w+)(?: \{|\(|,)", body[: body.index("\n}\n")], re.MULTILINE))


def test_every_reason_of_a_refusal_has_a_line():
    reasons = variants("scrub/src/refusal.rs", "Refusal") | variants("lambda/src/error.rs", "RefusalReason") - {"Scrub"}
    lines = first_column(section("Reasons of refusals")) - {"reason"}
    assert len(reasons) > 20 and lines == reasons, f"missing: {reasons - lines}, no such reason: {lines - reasons}"
    print(f"saw {len(reasons)} reasons")


def test_every_error_has_a_line():
    events = {f"Event.{name}" for name in variants("lambda/src/event.rs", "EventError")}
    configs = {f"Config.{name}" for name in variants("lambda/src/config_error.rs", "ConfigError")}
    code = (ROOT / "lambda/src/error.rs").read_text()
    named = set(re.findall(r'"(\w+(?:\.\w+)?)"\.to_owned\(\)', code))
    kinds = {f"{kind}.CODE" for kind in re.findall(r'"(\w+)\.\{\}"', code)} - {"Refused.CODE"}
    processes = {"Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory"}
    lambdas = {*processes, "EventAgeExceeded", "RetriesExhausted"}
    wanted = events | configs | named | kinds | lambdas
    lines = first_column(section("A photo failed")) - {"reason"}
    assert {"Transient.CODE", "Store.CODE", "Transient.Contended", "Several"} <= wanted
    assert lines == wanted, f"missing: {wanted - lines}, no such error: {lines - wanted}"
    print(f"saw {len(wanted)} names of errors")


def test_every_outage_of_the_game_day_names_a_section_and_recipes_that_exist():
    recipes = set(re.findall(r"^([a-z][a-z-]*)[^:\n]*:(?!=)", (ROOT / "justfile").read_text(), re.MULTILINE))
    for outage in OUTAGES.values():
        assert section(outage.runbook)
        assert set(re.findall(r"just ([a-z-]+)", outage.repair)) <= recipes
    print(f"saw {len(OUTAGES)} outages")


def test_every_alarm_has_a_section():
    alarms = of_type("aws:cloudwatch:MetricAlarm")
    for name in alarms:
        assert len(section(f"`{name}`")) > 100, f"the section on {name} says too little"
    headings = set(re.findall(r"^### `(alarm\w+)`$", PAGE, re.MULTILINE))
    assert headings == set(alarms)
    print(f"saw {len(alarms)} alarms")
