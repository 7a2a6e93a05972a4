"""The alarms of a customer, each one job of the queue, and the calls that arm them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from models import database
from models.queue.jobs import Alarm
from models.queue.queue import queue
from models.tables import CUSTOMER_COLUMNS, Customer

# A job names its customer by id alone.
STILL_HELD = f"""
SELECT {CUSTOMER_COLUMNS}, clock_timestamp() AS now FROM customer c
WHERE c.id = $1 AND c.epoch = $2 AND c.owner_id IS NOT NULL
"""
SOON = f"""
SELECT {CUSTOMER_COLUMNS}, clock_timestamp() AS now
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


def release_alarm(customer: Customer) -> Alarm | None:
    if customer.release_at is None:
        return None
    due = customer.release_at
    return Alarm(
        _release_id(customer.id, customer.epoch, due),
        "release_customer",
        (str(customer.id), customer.epoch),
        due,
    )


def reminder_alarms(customer: Customer) -> list[Alarm]:
    return [
        Alarm(
            _reminder_id(customer.id, customer.epoch, at, offset),
            "remind_owner",
            (str(customer.id), customer.epoch, offset),
            at,
        )
        for at, offset in zip(customer.remind_at, customer.remind_offsets, strict=True)
    ]


def alarms_of(customer: Customer) -> list[Alarm]:
    """Return the alarms of the customer's reminders and of its release."""
    release = release_alarm(customer)
    return reminder_alarms(customer) + ([release] if release else [])


async def arm(customers: Iterable[Customer], now: datetime) -> None:
    """After the commit, arm the customers' alarms and tell every API process to read the ledger."""
    armed = _alarms(customers)
    await database.after_commit(lambda: queue.send(armed, now, ring=True))


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
    return f"remind:{customer_id}:{epoch}:{offset}:{_ms(due)}"


async def seconds_left(customer_id: UUID, epoch: int, job_id: str) -> float | None:
    """Return the seconds until this job is due, or None if it is obsolete.

    Also arms the customer's other alarms, such as those of a release that moved later.
    """
    for row in await database.rows(STILL_HELD, customer_id, epoch):
        now: datetime = row["now"]
        pending = alarms_of(database.as_model(Customer, row))
        others = [alarm for alarm in pending if alarm.job_id != job_id]
        await queue.send(others, now, ring=False)
        for alarm in pending:
            if alarm.job_id == job_id:
                return max(0.001, (alarm.due - now).total_seconds())
    return None


async def arm_soon(seconds: float) -> None:
    """Arm again the alarms due within `seconds`: Valkey may have lost them."""
    rows = await database.rows(SOON, seconds)
    if rows:
        customers = [database.as_model(Customer, row) for row in rows]
        await queue.send(_alarms(customers), rows[0]["now"], ring=False)


def _alarms(customers: Iterable[Customer]) -> list[Alarm]:
    return [alarm for customer in customers for alarm in alarms_of(customer)]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
