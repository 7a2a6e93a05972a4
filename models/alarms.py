"""Which alarms a customer needs, and the call after a commit that arms them and rings."""

from collections.abc import Iterable
from datetime import datetime

from models import database
from models.queue import Alarm, queue
from models.tables import Customer


def release_alarm(customer: Customer) -> Alarm | None:
    if customer.release_at is None:
        return None
    due = customer.release_at
    return Alarm(
        f"release:{customer.id}:{customer.epoch}:{_ms(due)}",
        "release_customer",
        (str(customer.id), customer.epoch),
        due,
    )


def reminder_alarms(customer: Customer) -> list[Alarm]:
    return [
        Alarm(
            f"remind:{customer.id}:{customer.epoch}:{offset}:{_ms(at)}",
            "remind_owner",
            (str(customer.id), customer.epoch, offset),
            at,
        )
        for at, offset in zip(customer.remind_at, customer.remind_offsets, strict=True)
    ]


def alarms_of(customer: Customer) -> list[Alarm]:
    release = release_alarm(customer)
    return reminder_alarms(customer) + ([release] if release else [])


async def arm(customers: Iterable[Customer], now: datetime) -> None:
    """After the commit: alarms for each customer's release and reminders, and the doorbell."""
    alarms = [alarm for customer in customers for alarm in alarms_of(customer)]
    await database.after_commit(lambda: queue.send(alarms, now, ring=True))


async def ring() -> None:
    """After the commit: tell every API process to read the ledger."""
    await database.after_commit(lambda: queue.send((), None, ring=True))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
