"""One scenario: load, the fault, more load, then the checks and the figures."""

import asyncio
import contextlib
import math
import random
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field

import asyncpg

from benchmarks.faults import checks, following
from benchmarks.faults.following import Following
from benchmarks.faults.load import AWAY, Load, loading
from benchmarks.faults.reader import Reader, committed
from benchmarks.faults.scenarios import Scenario
from benchmarks.faults.world import HELD_SECONDS, World
from models import database
from models.ledger import feed
from models.ledger.feed import Cursor

# Before the fault, so long that releases fall due in every second.
BEFORE_SECONDS = HELD_SECONDS + 1
AFTER_SECONDS = 6
MOST_SECONDS = 10
NEVER = 99.0
NO_OUTAGE = (math.inf, 0.0)
CLEAR = {AWAY, "gone"}


@dataclass
class Round:
    claims: float = math.nan
    releases: float = math.nan
    longest: float = math.nan
    alerts: float = math.nan
    answers: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    took: float = 0.0


@dataclass
class Watched:
    load: Load
    reader: Reader
    alerts: Following
    changes: Following


async def play(world: World, scenario: Scenario) -> Round:
    since = await feed.head()
    async with _watched(world, since) as seen:
        loading_task = asyncio.create_task(seen.load.run())
        await asyncio.sleep(BEFORE_SECONDS + random.random())
        began_at = time.time()
        lifted_at = await scenario.fault(world)
        outage = (began_at, await _answers(world)) if scenario.cuts_off else NO_OUTAGE
        await asyncio.sleep(AFTER_SECONDS)
        seen.load.ending = True
        await loading_task
        asked = list(seen.load.answers)
        found = [each async for each in checks.violations(world, seen.load, since)]
        feeds = checks.feed_violations(world, since, seen.alerts, seen.changes)
        found += [each async for each in feeds]
        found += [each async for each in checks.webhook_violations(world, since)]
        seen.load.answers = asked
        done = _round(world, seen, lifted_at, found)
        if not world.clocks.database_moved:
            done.alerts = _p99(_late(await committed(world, since), seen.alerts.cursors, outage))
        done.violations += _broken_bounds(done, scenario, world.clocks.refuse_tokens)
        return done


async def _answers(world: World) -> float:
    """When PostgreSQL answers again, if it does not now."""
    address = database.credentials(world.settings.database_url or "")
    while True:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(**address, timeout=MOST_SECONDS)
            connection.terminate()
            return time.time()
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def _watched(world: World, since: Cursor) -> AsyncIterator[Watched]:
    after = await feed.format_cursor(since, world.boss.seal)
    async with loading(world) as load:
        tokens = load.tokens
        pool = {"pool": f"Pool_{world.pool.id.hex}"}
        first, boss = tokens[world.team[0].id], tokens[world.boss.id]
        alerts = Following(world.feeds, first, following.ALERTS, {}, after)
        changes = Following(world.feeds, boss, following.CHANGES, pool, after)
        reader = Reader(world, since.seq)
        tasks = [asyncio.create_task(each.run()) for each in (alerts, changes, reader)]
        try:
            yield Watched(load, reader, alerts, changes)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _round(world: World, seen: Watched, lifted_at: float, found: list[str]) -> Round:
    answers = seen.load.answers
    again = [_claims_again(answers, api.port, max(lifted_at, api.back_at)) for api in world.apis]
    lifted = lifted_at + world.clocks.ahead
    late = [at - max(due, lifted) for due, at in seen.reader.releases.values()]
    if seen.reader.too_many:
        found.append(f"{len(seen.reader.too_many)} members held too many")
    return Round(
        claims=max(again),
        releases=max(late, default=NEVER),
        longest=max(_waits(world, answers)),
        answers=Counter(answer for *_, answer in answers),
        violations=found,
    )


def _late(
    committed: dict[str, float], told: dict[str, float], outage: tuple[float, float]
) -> Iterator[float]:
    """How many seconds after its commit each was told; after the outage, if it was told then."""
    began, ended = outage
    for cursor, at in told.items():
        if since := committed.get(cursor):
            yield max(0.0, at - (max(since, ended) if at > began else since))


def _p99(seconds: Iterable[float]) -> float:
    found = list(seconds)
    return statistics.quantiles(found, n=100)[98] if len(found) > 1 else NEVER


def _waits(world: World, answers: list[tuple[float, int, float, str]]) -> Iterator[float]:
    """Without those of an API that stood still: they end when their client has enough."""
    still = {api.port: api.still for api in world.apis}
    for began, port, end, _ in answers:
        if not (began < still[port][1] and end > still[port][0]):
            yield end - began


def _claims_again(answers: list[tuple[float, int, float, str]], port: int, since: float) -> float:
    """Seconds until the first claim that this API, asked after `since`, answered."""
    ends = [
        end
        for began, to, end, answer in answers
        if to == port and began >= since and answer == "Claimed"
    ]
    return min(ends) - since if ends else NEVER


def _broken_bounds(done: Round, scenario: Scenario, refuse_tokens: bool) -> Iterator[str]:
    bounds = (
        ("claims succeed too late", done.claims, MOST_SECONDS),
        ("due releases are made too late", done.releases, MOST_SECONDS),
        ("a client waited too long", done.longest, MOST_SECONDS),
        ("alerts are too late", done.alerts, scenario.alert_seconds),
    )
    for name, seconds, most in bounds:
        if seconds > most:
            yield f"{name}: {seconds:.1f} s, {most:g} s are allowed"
    clear = CLEAR | ({"UNAUTHENTICATED"} if refuse_tokens else set())
    unclear = {a for a in done.answers if a not in clear and (a.isupper() or a.islower())}
    for answer in sorted(unclear):
        yield f"{done.answers[answer]} answered {answer}"
