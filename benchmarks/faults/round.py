"""One scenario: load, the fault, more load, then the checks and the figures."""

import asyncio
import contextlib
import random
import statistics
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from benchmarks.faults import checks, following
from benchmarks.faults.following import Following
from benchmarks.faults.load import AWAY, Load, loading
from benchmarks.faults.processes import Fault
from benchmarks.faults.reader import Reader
from benchmarks.faults.world import HELD_SECONDS, World
from models.ledger import feed
from models.ledger.feed import Cursor

# Before the fault, so long that releases fall due in every second.
BEFORE_SECONDS = HELD_SECONDS + 1
AFTER_SECONDS = 6
MOST_SECONDS = 10
NEVER = 99.0
CLEAR = {AWAY, "gone"}


@dataclass
class Round:
    claims: float
    releases: float
    longest: float
    alerts: float
    answers: Counter[str]
    violations: list[str] = field(default_factory=list)


@dataclass
class Watched:
    load: Load
    reader: Reader
    alerts: Following
    changes: Following


async def play(world: World, fault: Fault) -> Round:
    since = await feed.head()
    async with _watched(world, since) as seen:
        loading_task = asyncio.create_task(seen.load.run())
        await asyncio.sleep(BEFORE_SECONDS + random.random())
        lifted_at = await fault(world)
        await asyncio.sleep(AFTER_SECONDS)
        seen.load.ending = True
        await loading_task
        asked = list(seen.load.answers)
        found = [each async for each in checks.violations(world, seen.load, since)]
        feeds = checks.feed_violations(world, since, seen.alerts, seen.changes)
        found += [each async for each in feeds]
        found += [each async for each in checks.webhook_violations(world, since)]
        seen.load.answers = asked
        return _round(world, seen, lifted_at, found)


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
    done = Round(
        claims=max(again),
        releases=max(late, default=NEVER),
        longest=max(_waits(world, answers)),
        alerts=statistics.quantiles(seen.alerts.late or [NEVER], n=100)[98]
        if len(seen.alerts.late) > 1
        else NEVER,
        answers=Counter(answer for *_, answer in answers),
        violations=found,
    )
    clear = CLEAR | ({"UNAUTHENTICATED"} if world.clocks.refuse_tokens else set())
    done.violations += _broken_bounds(done, clear)
    if seen.reader.too_many:
        done.violations.append(f"{len(seen.reader.too_many)} members held too many")
    return done


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


def _broken_bounds(done: Round, clear: set[str]) -> list[str]:
    names = {
        "claims succeed too late": done.claims,
        "due releases are made too late": done.releases,
        "a client waited too long": done.longest,
    }
    found = [name for name, seconds in names.items() if seconds > MOST_SECONDS]
    unclear = {a for a in done.answers if a not in clear and (a.isupper() or a.islower())}
    return found + [f"{done.answers[answer]} answered {answer}" for answer in sorted(unclear)]
