"""What 10,000 organizations would need, from what one row and one act cost here.

`python -m benchmarks simulation` measures the costs, and multiplies. The numbers below are
assumptions: put in your own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.simulation.costs import Act, Table, acts, tables
from benchmarks.turns import machine_load

ORGANIZATIONS = 10_000
MEMBERS = 1_000_000
CUSTOMERS = 1_000_000_000
HELD = 100_000_000
# Of each member on a working day. As many customers leave private pools as enter them.
DAY = {
    "page of the pool": 40,
    "page of one's own": 40,
    "follow-up": 15,
    "claim": 3,
    "reminder": 6,
    "release": 2.5,
}
OF_A_WORKER = ("reminder", "release")
OF_MEMBERS = ("member", "pool_access", "seat")
WORKING_DAYS = 250
YEARS = 3
# How much of a day falls into its busiest hour.
BUSIEST = 0.2
# Members who watch one pool, and CPU seconds for each at a change: `benchmarks fan_out`.
WATCHERS = 20
WATCHER_SECONDS = 32e-6
# One machine of each kind, as full as it may become.
CORES, MEMORY, DISK, WAL, VALKEY = 64 * 0.6, 512e9, 30e12, 300e6, 64e9
# Read again and again: customers who are held, and the events of so many days.
HOT_DAYS = 7

Rates = Mapping[str, float]
Acts = Mapping[str, Act]


@dataclass(frozen=True, slots=True)
class Part:
    """What all organizations need of one part, and what one machine of its kind has."""

    name: str
    needs: float
    has: float
    unit: str


async def main() -> None:
    print(f"{ORGANIZATIONS:,} organizations, {MEMBERS:,} members, {CUSTOMERS:,} customers")
    print(f"load of this machine: {machine_load()}")
    rows = await tables()
    costs, valkey = await acts()
    _print_costs(costs)
    _print_stored(rows, stored_rows(rows, costs))
    rates = busiest_rates()
    print("in the busiest hour, each second:")
    for name, rate in {**rates, "events": events(rates, costs)}.items():
        print(f"  {name:28}{rate:12,.0f}")
    found = [*processes(rates, costs), *stores(rates, rows, costs, valkey)]
    print("the fullest first:")
    for each in sorted(found, key=lambda part: part.needs / part.has, reverse=True):
        full = each.needs / each.has
        print(f"  {each.name:28}{each.needs:14,.1f} {each.unit:16}{full:6.0%} of one machine")


def stored_rows(rows: Mapping[str, Table], costs: Acts) -> dict[str, float]:
    """Return the rows of each table after YEARS."""
    stored = {
        name: table.rows / rows["member"].rows * MEMBERS
        if name in OF_MEMBERS
        else table.rows / 1_000 * CUSTOMERS
        for name, table in rows.items()
    }
    acted = sum(count * costs[name].events for name, count in DAY.items())
    stored["event"] += MEMBERS * acted * WORKING_DAYS * YEARS
    return stored


def busiest_rates() -> dict[str, float]:
    """Return the acts a second of all members in the busiest hour."""
    return {name: MEMBERS * count * BUSIEST / 3600 for name, count in DAY.items()}


def events(rates: Rates, costs: Acts) -> float:
    """Return how many events these acts write."""
    return sum(rate * costs[name].events for name, rate in rates.items())


def processes(rates: Rates, costs: Acts) -> list[Part]:
    """Return what computes, in the busiest hour."""
    feed, written = costs["event in a feed"], events(rates, costs)
    python = {name: rate * costs[name].python for name, rate in rates.items()}
    worked = sum(python.pop(name) for name in OF_A_WORKER)
    api = sum(python.values()) + written * WATCHERS * WATCHER_SECONDS
    # Each process has one core, and reads every event.
    count = api / max(1 - written * feed.python, 0.01)
    postgres = sum(rate * costs[name].postgres for name, rate in rates.items())
    return [
        Part("PostgreSQL, acts", postgres, CORES, "cores"),
        Part("PostgreSQL, feeds", written * feed.postgres * count, CORES, "cores"),
        Part("API processes", count, CORES, "cores"),
        Part("feed of one API process", written * feed.python, 1, "cores"),
        Part("one worker", worked, 1, "cores"),
    ]


def stores(rates: Rates, rows: Mapping[str, Table], costs: Acts, valkey: float) -> list[Part]:
    """Return what keeps bytes; `valkey` is of one held customer."""
    sizes = {name: rows[name].bytes * count for name, count in stored_rows(rows, costs).items()}
    of_a_day = events(DAY, costs) * MEMBERS
    hot = HELD * rows["customer"].bytes + HOT_DAYS * of_a_day * rows["event"].bytes
    written = sum(rate * costs[name].wal for name, rate in rates.items())
    return [
        Part("PostgreSQL, memory", hot / 1e9, MEMORY / 1e9, "GB"),
        Part("PostgreSQL, disk", sum(sizes.values()) / 1e12, DISK / 1e12, "TB"),
        Part("PostgreSQL, WAL", written / 1e6, WAL / 1e6, "MB a second"),
        Part("Valkey", HELD * valkey / 1e9, VALKEY / 1e9, "GB"),
    ]


def _print_costs(costs: Acts) -> None:
    print("of one act:                  Python ms  PostgreSQL ms  bytes of WAL  events")
    for name, act in costs.items():
        print(f"  {name:26}{1e3 * act.python:10.3f} {1e3 * act.postgres:14.3f}", end="")
        print(f"{act.wal:14,.0f}{act.events:8.2f}")


def _print_stored(rows: Mapping[str, Table], stored: Mapping[str, float]) -> None:
    print(f"after {YEARS} years:                       rows   bytes of one        TB")
    for name, count in stored.items():
        print(f"  {name:26}{count:18,.0f}{rows[name].bytes:15,.0f}", end="")
        print(f"{count * rows[name].bytes / 1e12:10.1f}")
