"""`just game-day`: plays the outages on a local AWS of its own and prints what each did."""

import json
import os

from local.fault_proxy import FaultProxy
from local.game_day.outages import OUTAGES, Outage
from local.game_day.play import Played, play_one
from local.game_day.target import Target
from local.local_aws import LocalAws, stop_leftovers
from local.sample_photos import sample_photos
from tools.errors import ToolError
from tools.progress import step


def game_day(names: list[str], as_json: bool) -> int:
    """Plays the outages with these names, or all; returns the exit code: 3 if one did not go as its script says."""
    if unknown := [name for name in names if name not in OUTAGES]:
        raise ToolError(f"there is no outage {unknown[0]}; the outages are {', '.join(OUTAGES)}")
    outages = [OUTAGES[name] for name in names or OUTAGES]
    stop_leftovers()
    proxy = FaultProxy()
    aws = LocalAws(f"game-day-{os.getpid()}", proxy=proxy)
    try:
        with step("Starting the local AWS"):
            aws.start()
        with step("Deploying the dev stack with Pulumi"):
            stack = aws.stack("dev")
            stack.up()
        target = Target(aws, stack, proxy, sample_photos()["DSC_0042"])
        played = [_play(target, outage, as_json) for outage in outages]
    finally:
        with step("Stopping the local AWS"):
            aws.stop()
    if not as_json:
        print(_summary(played, target))
    return 0 if all(one.as_expected for one in played) else 3


def _play(target: Target, outage: Outage, as_json: bool) -> Played:
    with step(f"Playing {outage.name}"):
        played = play_one(target, outage, f"game-day/{outage.name}/")
    print(_json(played) if as_json else _text(played), flush=True)
    return played


def _json(played: Played) -> str:
    return json.dumps(
        {
            "outage": played.outage.name,
            "alarms": sorted(played.alarms),
            "expectedAlarms": sorted(played.outage.alarms),
            "runbook": played.outage.runbook.strip("`"),
            "repair": played.outage.repair,
            "secondsUntilRight": round(played.seconds, 1),
            "photos": played.photos,
            "lost": played.lost,
        }
    )


def _text(played: Played) -> str:
    outage = played.outage
    alarms = ", ".join(sorted(played.alarms)) or "none"
    if played.alarms != outage.alarms:
        alarms += f"; EXPECTED: {', '.join(sorted(outage.alarms)) or 'none'}"
    rows = {
        "alarms": f"{alarms} (computed)",
        "runbook": f'docs/operations.md, "{outage.runbook.strip("`")}"',
        "repair": outage.repair,
        "right": f"{played.seconds:.1f} s after its end",
        "lost": f"{played.lost} of {played.photos} photos",
    }
    return "\n".join([outage.title, *(f"  {name:8} {value}" for name, value in rows.items()), ""])


def _summary(played: list[Played], target: Target) -> str:
    lost = sum(one.lost for one in played)
    photos = sum(one.photos for one in played)
    text = f"{len(played)} outages, {lost} of {photos} photos lost."
    shown = frozenset[str]().union(*(outage.alarms for outage in OUTAGES.values()))
    if len(played) == len(OUTAGES):
        others = ", ".join(sorted(set(target.alarms) - shown))
        text += f"\nNo outage here is for {others}: they need a quarter of an hour of throttling."
    return text


def outage_list() -> str:
    """The names of the outages with their titles, for the help text."""
    return "\n".join(f"  {name:24} {outage.title}" for name, outage in OUTAGES.items())
