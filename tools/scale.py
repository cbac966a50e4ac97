"""Prints docs/scale.md: what the system needs and costs at three sizes, from measured figures and named assumptions.

python -m tools.scale > docs/scale.md
"""

import re
from dataclasses import dataclass

from tools.command_line import run
from tools.errors import ToolError
from tools.paths import ROOT

SIZES = {"a million": 10**6, "a hundred million": 10**8, "a thousand million": 10**9}
_DAY = 24 * 60 * 60
_MILLION = 10**6

# Assumptions, each of which the page names.
PHOTO_MB = 1.5
PEAK = 3
STOCK_DAYS = 365
S3_REQUEST_S = 0.1
# Of a new photo, and of one that has a copy already: the first PUT fails, and both buckets are looked at again.
GETS, PUTS = 2, 1
GETS_AGAIN, PUTS_AGAIN = 5, 2
MEMORY_MB = 512
LOG_KB = 1.2

# AWS's documented figures; the page names where they are from. Prices are in USD, in us-east-1.
FULL_CORE_MB = 1769
QUOTA = 1_000
ENVIRONMENTS_EVERY_10_S = 1_000
PUTS_A_PREFIX, GETS_A_PREFIX = 3_500, 5_500
RUN_PRICE, GB_SECOND_PRICE = 0.20 / _MILLION, 0.0000166667
PUT_PRICE, GET_PRICE = 0.005 / 1000, 0.0004 / 1000
EVENT_PRICE, LOG_GB_PRICE, STORAGE_GB_PRICE = 1.00 / _MILLION, 0.50, 0.023
TASK_PRICE = 1.00 / _MILLION


@dataclass(frozen=True)
class Size:
    """What one size needs. Rates are for each second of the busiest hour."""

    photos: int
    cpu_s: float

    def run_s(self, requests: int) -> float:
        """How long a run takes that sends this many requests to S3."""
        return requests * S3_REQUEST_S + self.cpu_s

    @property
    def rate(self) -> float:
        return self.photos / _DAY * PEAK

    @property
    def concurrency(self) -> float:
        return self.rate * self.run_s(GETS + PUTS)

    def prefixes(self, requests: int, limit: int) -> int:
        return max(1, -int(-self.rate * requests // limit))

    def full_clean_days(self, concurrency: int) -> float:
        return self.photos * STOCK_DAYS * self.run_s(GETS_AGAIN + PUTS_AGAIN) / concurrency / _DAY

    def costs(self, gets: int = GETS, puts: int = PUTS) -> dict[str, float]:
        """In USD a day, by line."""
        gb_seconds = self.run_s(gets + puts) * MEMORY_MB / 1024
        return {
            "runs of the function": self.photos * (RUN_PRICE + gb_seconds * GB_SECOND_PRICE),
            "GETs of bucket A": self.photos * gets * GET_PRICE,
            "PUTs to bucket B": self.photos * puts * PUT_PRICE,
            "events of bucket B to EventBridge": self.photos * EVENT_PRICE,
            "log": self.photos * LOG_KB / _MILLION * LOG_GB_PRICE,
        }


def page() -> str:
    """The whole page."""
    cpu_ms = _measured_cpu_ms()
    sizes = [Size(photos, cpu_ms / 1000 * FULL_CORE_MB / MEMORY_MB) for photos in SIZES.values()]
    headings = ["", *(f"{name} photos a day" for name in SIZES)]
    needs = {
        "photos a second, busiest hour": [_number(size.rate) for size in sizes],
        "runs at the same time": [_number(size.concurrency) for size in sizes],
        f"of the default quota of {QUOTA:,}": [f"{_number(100 * size.concurrency / QUOTA)} %" for size in sizes],
        "prefixes of bucket A for uploads": [_number(size.prefixes(1, PUTS_A_PREFIX)) for size in sizes],
        "prefixes of bucket A for reads": [_number(size.prefixes(2, GETS_A_PREFIX)) for size in sizes],
        "prefixes of bucket B for writes": [_number(size.prefixes(1, PUTS_A_PREFIX)) for size in sizes],
    }
    cleans = {
        f"{concurrency:,} at the same time": [f"{_number(size.full_clean_days(concurrency))} days" for size in sizes]
        for concurrency in (100, QUOTA, 10 * QUOTA)
    }
    batch = [size.photos * STOCK_DAYS * TASK_PRICE for size in sizes]
    work = [sum(size.costs(GETS_AGAIN, PUTS_AGAIN).values()) * STOCK_DAYS for size in sizes]
    cleans["S3 Batch Operations itself, USD"] = [_number(cost) for cost in batch]
    cleans["runs, requests and log, USD"] = [_number(cost) for cost in work]
    lines = [size.costs() for size in sizes]
    money = {name: [_money(line[name]) for line in lines] for name in lines[0]}
    money["**all of it, a day**"] = [f"**{_money(sum(line.values()))}**" for line in lines]
    money["a photo"] = [f"{sum(line.values()) / size.photos:.7f}" for line, size in zip(lines, sizes, strict=True)]
    stored = [PHOTO_MB / 1000 * size.photos * STORAGE_GB_PRICE for size in sizes]
    money["keeping a day's clean photos, a month"] = [_money(cost) for cost in stored]
    return _TEXT.format(
        cpu_ms=f"{cpu_ms:.1f}",
        run_ms=f"{sizes[0].run_s(GETS + PUTS) * 1000:.0f}",
        again_ms=f"{sizes[0].run_s(GETS_AGAIN + PUTS_AGAIN) * 1000:.0f}",
        requests=GETS + PUTS,
        requests_again=GETS_AGAIN + PUTS_AGAIN,
        needs=_table(headings, needs),
        money=_table(headings, money),
        cleans=_table(headings, cleans),
        thousand_puts=f"{PUT_PRICE * 1000:.3f}",
        thousand_gets=f"{GET_PRICE * 1000:.4f}",
        **globals(),
    )


def _measured_cpu_ms() -> float:
    row = re.search(
        r"^\| processor time for a warm photo of 1\.5 MB +\| +([\d.]+) ms",
        (ROOT / "docs/benchmarks.md").read_text(),
        re.MULTILINE,
    )
    if row is None:
        raise ToolError("docs/benchmarks.md has no row for the processor time of a photo; measure it with: just bench")
    return float(row[1])


def _number(value: float) -> str:
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.2g}"


def _money(value: float) -> str:
    return f"{value:,.2f}" if value < 1000 else f"{value:,.0f}"


def _table(headings: list[str], rows: dict[str, list[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|---" + "|--:" * (len(headings) - 1) + "|"]
    lines += ["| " + " | ".join([name, *cells]) + " |" for name, cells in rows.items()]
    return "\n".join(lines)


_TEXT = """\
# Scale

`just scale` prints this page from the figures measured in [benchmarks.md](benchmarks.md) and from AWS's documented
limits and prices. Nothing of it was run on AWS at these sizes.

It assumes that

- a photo has {PHOTO_MB} MB, and its clean copy as much. It takes {cpu_ms} ms of one core (measured);
- the function has {MEMORY_MB} MB, which is {MEMORY_MB}/{FULL_CORE_MB} of a core ("Configure Lambda function memory",
  AWS Lambda Developer Guide);
- each of the {requests} requests for a photo takes {S3_REQUEST_S} s, the lower end of what "Performance design
  patterns for Amazon S3" (Amazon S3 User Guide) gives for small objects. So a run takes {run_ms} ms;
- the busiest hour has {PEAK} times the mean;
- photos are new, so that none is overwritten, and what was uploaded in {STOCK_DAYS} days is still there.

## What it needs

{needs}

"Lambda quotas" (AWS Lambda Developer Guide): {QUOTA:,} runs at the same time in a region, which AWS raises to tens of
thousands on request; a function gets at most {ENVIRONMENTS_EVERY_10_S:,} more every ten seconds. What exceeds that
waits in Lambda's queue, for up to six hours, and is not lost. "Best practices design patterns: optimizing Amazon S3
performance" (Amazon S3 User Guide): at least {PUTS_A_PREFIX:,} PUTs and {GETS_A_PREFIX:,} GETs a second for each
prefix; S3 divides a bucket into prefixes by itself as the load grows, and answers 503 SlowDown until then, which the
function and Lambda repeat. Keys that begin with something that differs between photos, such as a user's number, spread
at once; keys that begin with the date do not.

What to raise first:

1. **A million a day**: nothing. Only a new account with a quota of ten has to ask for more.
2. **A hundred million a day**: the quota of runs, to twice what the table says, so that a burst does not wait. Set
   `reservedConcurrency` if other functions share the account.
3. **A thousand million a day**: the same, and keys that spread over prefixes. Ask AWS to prepare both buckets for the
   rate.

Memory does not grow with the number of photos: each run has its own. `ripper audit` reads both listings page by page
(65 MB at a million keys) and asks a HEAD for each photo: audit a prefix each night, such as yesterday's.

## What it costs

In USD for each day of that size, in us-east-1, by the prices below and without volume discounts:

{money}

The uploads to bucket A, storage there and what readers of bucket B transfer come on top: they are the same without this
system. The prices: 0.20 for a million runs and {GB_SECOND_PRICE:.10f} for a GB-second; {thousand_puts} for 1,000 PUTs
and {thousand_gets} for 1,000 GETs; 1.00 for a million events to EventBridge; {LOG_GB_PRICE:.2f} for a GB of log, at
{LOG_KB} KB a run with Lambda's own lines; {STORAGE_GB_PRICE} for a GB and month.

## Cleaning everything again

After an upgrade that says so, everything of {STOCK_DAYS} days, by runs that are taken from the same quota. A photo that
has a copy takes {requests_again} requests, two of them PUTs, so a run takes {again_ms} ms:

{cleans}

Direct runs of `ripper backfill --stale` are at most eight at the same time, so from some ten thousand photos on it
makes a job of S3 Batch Operations ([operations.md](operations.md#scrub-what-is-there-already)), for 0.25 USD each. A
stock of many thousand million photos is cleaned prefix by prefix: the list of a job's keys has to fit into one object.
"""


if __name__ == "__main__":
    run("scale", lambda: print(page(), end=""))
