"""The alarm of a customer, one job of the queue, and the calls that arm it.

Only the next one is armed: the next reminder, or the release after the last one. Its ring arms the
one after it. So the queue has at most one alarm that matters for each customer.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.queue.jobs import Alarm
from models.queue.queue import queue
from models.rules.schedule import NEARER
from models.tables import Customer

# What the next alarm of a customer is made of, and when.
COLUMNS = """c.id, c.epoch, c.release_at, c.remind_at, c.remind_offsets,
  clock_timestamp() AS now"""
# A job names its customer by id alone.
STILL_HELD = f"""
SELECT {COLUMNS} FROM customer c WHERE c.id = $1 AND c.epoch = $2 AND c.owner_id IS NOT NULL
"""
ORGANIZATION_OF = "SELECT organization_id FROM customer WHERE id = $1"
# The organizations with a release or a reminder that is due.
DUE = """
SELECT organization_id FROM customer WHERE release_at <= now() UNION
SELECT organization_id FROM customer WHERE next_remind_at <= now()
"""
SOON = f"""
SELECT {COLUMNS}
FROM (
  SELECT organization_id, id FROM customer
  WHERE release_at BETWEEN now() AND now() + $1 * interval '1 second'
  UNION
  SELECT organization_id, id FROM customer
  WHERE next_remind_at BETWEEN now() AND now() + $1 * interval '1 second'
  LIMIT 5000
) AS soon
JOIN customer c ON c.organization_id = soon.organization_id AND c.id = soon.id
"""


def next_alarm(customer: Customer, now: datetime) -> Alarm | None:
    """Return the alarm of the customer's next reminder or, after the last one, of its release."""
    return _next_alarm(
        customer.id,
        customer.epoch,
        customer.release_at,
        customer.remind_at,
        customer.remind_offsets,
        now,
    )


def next_due(
    release_at: datetime | None, remind_at: list[datetime], now: datetime
) -> datetime | None:
    """Return when that alarm is due. No reminder is sent after the release is due."""
    if release_at and remind_at and max(now, remind_at[0]) < release_at:
        return remind_at[0]
    return release_at


async def arm(customers: Iterable[Customer], now: datetime) -> None:
    """After the commit, arm the customers' next alarms and tell each API to read the ledger."""
    armed = [alarm for customer in customers if (alarm := next_alarm(customer, now))]
    await database.after_commit(lambda: queue.send(armed, now, ring=True))


async def arm_rows(rows: list[dict[str, Any]], *, ring: bool) -> None:
    """Arm the next alarms of rows with COLUMNS; `ring` also tells every API process."""
    now = max((row["now"] for row in rows), default=None)
    armed = [alarm for row in rows if (alarm := _next_alarm(**row))]
    await database.after_commit(lambda: queue.send(armed, now, ring=ring))


async def ring() -> None:
    """After the commit, tell every API process to read the ledger."""
    await database.after_commit(lambda: queue.send((), None, ring=True))


def job_ids(
    customer_id: UUID,
    epoch: int,
    release_at: datetime | None,
    reminders: Iterable[tuple[datetime, str]],
) -> list[str]:
    """Return the ids of the jobs of an ownership; `reminders` are times and offsets."""
    release = [_release_id(customer_id, epoch, release_at)] if release_at else []
    return release + [_reminder_id(customer_id, epoch, at, offset) for at, offset in reminders]


def _release_id(customer_id: UUID, epoch: int, due: datetime) -> str:
    return f"release:{customer_id}:{epoch}:{_ms(due)}"


def _reminder_id(customer_id: UUID, epoch: int, due: datetime, offset: str) -> str:
    # The row names the rules beside NEARER, for the release before.
    offset = NEARER if offset.startswith(NEARER) else offset
    return f"remind:{customer_id}:{epoch}:{offset}:{_ms(due)}"


async def seconds_left(customer_id: UUID, epoch: int, job_id: str) -> float | None:
    """Return the seconds until this job is due, or None if it is done or obsolete.

    Then it arms the customer's next alarm, such as that of a release that moved later.
    """
    for row in await database.rows(STILL_HELD, customer_id, epoch):
        alarm = _next_alarm(**row)
        if alarm and alarm.job_id == job_id:
            now: datetime = row["now"]
            return max(0.001, (alarm.due - now).total_seconds())
        await arm_rows([row], ring=False)
    return None


async def organizations_due() -> list[UUID]:
    return [row["organization_id"] for row in await database.rows(DUE)]


async def arm_soon(seconds: float) -> None:
    """Arm again the alarms due within `seconds`: Valkey may have lost them."""
    await arm_rows(await database.rows(SOON, seconds), ring=False)


def _next_alarm(
    id: UUID,
    epoch: int,
    release_at: datetime | None,
    remind_at: list[datetime],
    remind_offsets: list[str],
    now: datetime,
) -> Alarm | None:
    due = next_due(release_at, remind_at, now)
    if due is None:
        return None
    if due == release_at:
        return Alarm(_release_id(id, epoch, due), "release_customer", (str(id), epoch), due)
    offset = remind_offsets[0]
    return Alarm(
        _reminder_id(id, epoch, due, offset), "remind_owner", (str(id), epoch, offset), due
    )


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
