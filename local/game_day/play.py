"""Plays an outage on a stack."""

import time
from dataclasses import dataclass

from local.game_day.alarms import firing
from local.game_day.metrics import Watch
from local.game_day.outages import Outage
from local.game_day.target import Target

# After this many seconds what is not right in bucket B counts as lost.
_RIGHT_WITHIN = 90.0


@dataclass(frozen=True)
class Played:
    """What an outage did."""

    outage: Outage
    # The alarms that fired, computed.
    alarms: frozenset[str]
    # From its end until bucket B was right again, in seconds.
    seconds: float
    # How many photos were sent, and how many of them have no clean copy at the end.
    photos: int
    lost: int

    @property
    def as_expected(self) -> bool:
        return self.lost == 0 and self.alarms == self.outage.alarms


def play_one(target: Target, outage: Outage, prefix: str) -> Played:
    """Plays it with photos under a prefix that nobody else uses. Before and after it bucket B is right."""
    watch = Watch(target)
    script = outage.script(target, prefix)
    next(script)
    started = time.monotonic()
    # Now, as a redrive empties the queue, and at the end, when the last runs have written their log lines.
    alarms = firing(target.alarms, watch.points())
    for _ in script:
        raise AssertionError(f"{outage.name} has more than two parts")
    while len(wrong := target.wrong(prefix)) > outage.refused and time.monotonic() < started + _RIGHT_WITHIN:
        time.sleep(0.1)
    seconds = time.monotonic() - started
    alarms |= firing(target.alarms, watch.points())
    lost = max(0, len(wrong) - outage.refused)
    return Played(outage, frozenset(alarms), seconds, len(target.keys("bucketA", prefix)), lost)
