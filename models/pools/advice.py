"""How large a private pool should be."""

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from models import database
from models.refusals import InvalidInput, Problem
from models.rules.calendars import Calendar
from models.rules.durations import DAY, NOTHING, Span
from models.viewers import Viewer, administered_pool

MOST_VISITS = 1000.0

# 1. w: each deal of the pool. 2. t: the claim or assignment before it, by any owner.
CYCLE = """
SELECT count(*) AS sample,
  percentile_cont(0.5) WITHIN GROUP (
    ORDER BY greatest(0, date_part('epoch', won.at - won.taken_at))) AS seconds
FROM (
  SELECT min(w.at) AS at, t.at AS taken_at
  FROM event w CROSS JOIN LATERAL (
    SELECT epoch, at FROM event e
    WHERE e.organization_id = $1 AND e.customer_id = w.customer_id AND e.epoch <= w.epoch
      AND e.action IN ('CLAIMED', 'ASSIGNED') ORDER BY e.epoch DESC LIMIT 1
  ) AS t
  WHERE w.organization_id = $1 AND w.pool_id = $2 AND w.action = 'WON'
    AND NOT w.details ? 'from_pool'
  GROUP BY w.customer_id, t.epoch, t.at
) AS won
"""
VISITS = """
SELECT member_id, count(*) AS visits, min(at) AS first, max(at) AS last FROM event
WHERE organization_id = $1 AND pool_id = $2 AND action = 'FOLLOWED_UP'
  AND details ->> 'kind' = 'VISIT'
GROUP BY member_id
"""


@dataclass(frozen=True, slots=True)
class Advice:
    """`sample` signed customers and `visits` are what was measured; 0 where a figure was given."""

    capacity: int
    conversion_cycle: Span
    visits_per_day: float
    sample: int
    visits: int


async def advise_capacity(
    viewer: Viewer, pool_id: UUID | None, cycle: Span | None, visits_per_day: float | None
) -> Advice:
    """Conversion cycle in days times visits a day, for administrators of the pool.

    The field's rule of thumb for a private pool: how long a customer takes to convert times the
    best number of visits a day. What is left out is measured from the pool's history: the median
    time from claim to deal of won customers; follow-ups of kind VISIT per working day and member,
    from each member's first visit to the last. Raises InvalidInput where there is no history.
    """
    pool = await administered_pool(viewer, pool_id)
    _check(cycle, visits_per_day)
    sample = visits = 0
    if cycle is None:
        cycle, sample = await _cycle(viewer, pool.id)
    if visits_per_day is None:
        visits_per_day, visits = await _visits(viewer, pool.id)
    if cycle is None or visits_per_day is None:
        raise InvalidInput(tuple(_without_history(cycle, visits_per_day)))
    return Advice(_capacity(cycle, visits_per_day), cycle, visits_per_day, sample, visits)


def _check(cycle: Span | None, visits_per_day: float | None) -> None:
    problems = []
    if cycle is not None and cycle.length <= NOTHING:
        problems.append(Problem("conversionCycle", "must be longer than zero, or left out"))
    if visits_per_day is not None and not 0 < visits_per_day <= MOST_VISITS:
        problems.append(Problem("visitsPerDay", "must be above 0 and at most 1000, or left out"))
    if problems:
        raise InvalidInput(tuple(problems))


def _without_history(cycle: Span | None, visits_per_day: float | None) -> Iterator[Problem]:
    if cycle is None:
        wrong = "this pool has no signed customer yet: enter a duration, e.g. P30D"
        yield Problem("conversionCycle", wrong)
    if visits_per_day is None:
        wrong = "this pool has no logged visit yet: enter a number, e.g. 3"
        yield Problem("visitsPerDay", wrong)


def _capacity(cycle: Span, visits_per_day: float) -> int:
    """Return the product to the nearest whole customer, at least 1."""
    return max(1, math.floor(cycle.length / DAY * visits_per_day + 0.5))


async def _cycle(viewer: Viewer, pool_id: UUID) -> tuple[Span | None, int]:
    row = (await database.rows_report(CYCLE, viewer.organization.id, pool_id))[0]
    if not row["sample"]:
        return None, 0
    return Span.of(timedelta(seconds=row["seconds"])), row["sample"]


async def _visits(viewer: Viewer, pool_id: UUID) -> tuple[float | None, int]:
    rows = await database.rows_report(VISITS, viewer.organization.id, pool_id)
    if not rows:
        return None, 0
    days = await asyncio.to_thread(_working_days, rows, viewer.organization.calendar)
    visits = sum(row["visits"] for row in rows)
    return visits / days, visits


def _working_days(rows: list[dict[str, Any]], calendar: Calendar) -> int:
    """Sum each member's working days from the first visit to the last, at least one each."""
    spans = [(calendar.day_of(row["first"]), calendar.day_of(row["last"])) for row in rows]
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    upto = _worked_upto(start, end, calendar)
    return sum(max(1, upto[last] - upto[first - DAY]) for first, last in spans)


def _worked_upto(start: date, end: date, calendar: Calendar) -> dict[date, int]:
    days = [start + n * DAY for n in range((end - start).days + 1)]
    counts = accumulate(calendar.works_on(day) for day in days)
    return {start - DAY: 0} | dict(zip(days, counts, strict=True))
