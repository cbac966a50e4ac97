"""A stack's log as people read it: one line for each photo, and everything that is not as it should be."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.pulumi import Pulumi
from deploy.session import session
from tools.errors import ToolError

_UNITS = {"m": 60, "h": 3600, "d": 86400}
# Lambda's own lines about a run that went well, as text and as JSON ("Lambda function logs", AWS Lambda).
_ROUTINE = re.compile(r"(START|END|REPORT|INIT_START) ")
_LOOK_EVERY = 2.0


def show(stack: str, project: Path, since: str, follow: bool, as_json: bool) -> None:
    """Prints what is newer than `since`; with `follow` goes on until Ctrl-C."""
    group = Pulumi(project, stack).outputs()["logGroup"]
    client = session(stack, project).client("logs")
    start = int((time.time() - seconds(since)) * 1000)
    seen: set[str] = set()
    try:
        while True:
            for event in events(client, group, start):
                # The emulator gives no eventId.
                name = event.get("eventId") or f"{event['logStreamName']} {event['timestamp']} {event['message']}"
                if name in seen:
                    continue
                seen.add(name)
                start = max(start, event["timestamp"] - 60_000)
                text = event["message"].rstrip() if as_json else line(event)
                if text is not None:
                    print(text, flush=True)
            if not follow:
                return
            time.sleep(_LOOK_EVERY)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"the log {group} could not be read: {error}") from None


def events(client: Any, group: str, start: int, pattern: str = "") -> Iterator[dict[str, Any]]:
    """The events since a time in milliseconds, oldest first."""
    more = {"filterPattern": pattern} if pattern else {}
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start, **more)
    for page in pages:
        yield from sorted(page["events"], key=lambda event: event["timestamp"])


def line(event: dict[str, Any]) -> str | None:
    """An event as one line; None if it says only that a run went well."""
    text = event["message"].rstrip()
    when = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    entry = fields(event)
    if entry is None:
        return None if _ROUTINE.match(text) else f"{when}  {printable(text)}"
    if "outcome" in entry:
        return f"{when}  {photo(entry)}"
    if str(entry.get("type", "")).startswith("platform."):
        record = entry.get("record", {})
        if record.get("status", "success") == "success":
            return None
        return f"{when}  {entry['type']}: {record['status']} {record.get('errorType', '')}".rstrip()
    return f"{when}  {printable(text)}"


def fields(event: dict[str, Any]) -> dict[str, Any] | None:
    """What a line of JSON says; None for any other line."""
    try:
        entry = json.loads(event["message"])
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def photo(entry: dict[str, Any]) -> str:
    """What happened to a photo."""
    sizes = [f"{entry[name] / 1000:,.1f} kB" for name in ("bytesIn", "bytesOut") if entry.get(name) is not None]
    details = [
        *([entry["reason"]] if entry.get("reason") else []),
        *([" -> ".join(sizes)] if sizes else []),
        *([f"{entry['ms']} ms"] if "ms" in entry else []),
    ]
    return f"{entry['outcome']:<9}  {printable(str(entry.get('key', '')))}  {', '.join(details)}".rstrip()


def printable(text: str) -> str:
    """Without control characters: whoever uploads chooses the key, and a terminal would obey them."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)


def seconds(text: str) -> int:
    """The length of a time such as 15m, 2h or 3d."""
    if not re.fullmatch(r"[1-9]\d{0,4}[mhd]", text):
        raise ToolError(f"{text} is not a length of time such as 15m, 2h or 3d")
    return int(text[:-1]) * _UNITS[text[-1]]
