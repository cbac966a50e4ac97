"""Patterns of metric filters for JSON log lines, as far as the program uses them.

The rules are from "Filter pattern syntax for metric filters" (Amazon CloudWatch Logs User Guide). What is not known is
an error, so that no filter is taken for one that never matches.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from tools.errors import ToolError

Line = dict[str, Any]
Test = Callable[[Line], bool]

_TOKEN = re.compile(r'\s*(&&|\|\||[()]|!=|=|IS|TRUE|FALSE|\*|\$(?:\.\w+)+|"[^"]*")')


def compile_pattern(pattern: str) -> Test:
    """A function that says whether a log line, as parsed JSON, matches."""
    text = pattern.strip()
    if not (text.startswith("{") and text.endswith("}")):
        raise ToolError(f"the filter pattern {pattern} is not one for JSON lines")
    tokens, at, text = [], 0, text[1:-1].rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ToolError(f"the filter pattern {pattern} has something unknown at: {text[at:]}")
        tokens.append(found[1])
        at = found.end()
    test = _any_of(tokens)
    if tokens:
        raise ToolError(f"the filter pattern {pattern} ends before: {' '.join(tokens)}")
    return test


def field(selector: str, line: Line) -> Any:
    """The value of `$.name` or `$.name.name` in a line; None if it has no such field."""
    value: Any = line
    for name in selector.removeprefix("$.").split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def json_lines(messages: list[str]) -> list[Line]:
    """The lines that are JSON objects."""
    found = []
    for message in messages:
        try:
            line = json.loads(message)
        except ValueError:
            continue
        if isinstance(line, dict):
            found.append(line)
    return found


def _any_of(tokens: list[str]) -> Test:
    tests = [_all_of(tokens)]
    while tokens[:1] == ["||"]:
        tokens.pop(0)
        tests.append(_all_of(tokens))
    return lambda line: any(test(line) for test in tests)


def _all_of(tokens: list[str]) -> Test:
    tests = [_condition(tokens)]
    while tokens[:1] == ["&&"]:
        tokens.pop(0)
        tests.append(_condition(tokens))
    return lambda line: all(test(line) for test in tests)


def _condition(tokens: list[str]) -> Test:
    if tokens[:1] == ["("]:
        tokens.pop(0)
        test = _any_of(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise ToolError("a filter pattern lacks a closing parenthesis")
        return test
    match tokens[:3]:
        case [selector, "=" | "!=" as operator, value] if selector.startswith("$."):
            del tokens[:3]
            if "*" in value and (operator, value) != ("=", "*"):
                raise ToolError(f"a filter pattern has a * where it is not understood: {selector} {operator} {value}")
            if value == "*":
                return lambda line: field(selector, line) is not None
            wanted, equal = value.strip('"'), operator == "="
            return lambda line: field(selector, line) is not None and (field(selector, line) == wanted) == equal
        case [selector, "IS", "TRUE" | "FALSE" as value] if selector.startswith("$."):
            del tokens[:3]
            return lambda line: field(selector, line) is (value == "TRUE")
    raise ToolError(f"a filter pattern has no condition before: {' '.join(tokens)}")
