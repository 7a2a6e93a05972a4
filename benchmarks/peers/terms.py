"""What both peers in Python share with Seapool: its pure rules, and its alarms in Valkey."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from arq.constants import default_queue_name, job_key_prefix
from redis.asyncio import Redis

from models.holding.alarms import next_alarm
from models.queue.doorbell import DOORBELL
from models.queue.jobs import KEPT_AFTER_DUE_MS, clock_ms, encoded_job
from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    NotYetOpen,
    Refusal,
)
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.rules import Rules
from models.rules.schedule import Schedule, schedule
from models.tables import Customer
from models.taking.cool_downs import cool_down_end

Losses = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claimer:
    """A member and their seat in the pool."""

    id: UUID
    department_id: UUID | None
    held: int
    won: int
    claimed_on: date | None
    claimed_today: int


def refusal(
    claimer: Claimer,
    rules: Rules,
    calendar: Calendar,
    now: datetime,
    *,
    owner_id: UUID | None,
    entered_at: datetime,
    losses: Losses,
) -> Refusal | None:
    """Return why the member can't claim the customer now; `losses` are the columns of LOSSES."""
    if owner_id is not None:
        return AlreadyHeld()
    capacity = rules.capacity_for(claimer.id, filter(None, [claimer.department_id]))
    held = rules.counted(claimer.held, claimer.won)
    if capacity is not None and held >= capacity:
        return CapacityReached(held, capacity)
    on = claimer.claimed_on
    claimed = claimer.claimed_today if on and on >= calendar.day_of(now) else 0
    if rules.daily_claim_limit is not None and claimed >= rules.daily_claim_limit:
        return DailyLimitReached(rules.daily_claim_limit, calendar.next_midnight(now))
    cools = cool_down_end(losses, rules, calendar)
    if cools and cools > now:
        return CoolingDown(cools)
    if rules.new_customer_lock:
        opens = calendar.after(entered_at, rules.new_customer_lock, rules.working_days)
        if opens > now:
            return NotYetOpen(opens)
    return None


def planned(rules: Rules, calendar: Calendar, level: str | None, now: datetime) -> Schedule:
    """Return the schedule that a claim gives now."""
    return schedule(rules, Facts(claimed_at=now, level=level), calendar, now)


async def arm(redis: "Redis", customer: Customer, now: datetime) -> None:
    """Queue the next alarm and ring the doorbell, in one round trip."""
    alarm = next_alarm(customer, now)
    async with redis.pipeline(transaction=False) as pipe:
        if alarm is not None:
            payload, due = encoded_job(alarm, now)
            lives = max(0, due - clock_ms()) + KEPT_AFTER_DUE_MS
            pipe.set(job_key_prefix + alarm.job_id, payload, nx=True, px=lives)
            pipe.zadd(default_queue_name, {alarm.job_id: due}, nx=True)
        pipe.publish(DOORBELL, b"")
        await pipe.execute()
