"""arq's jobs are alarm clocks: they ask the model once, and ring again when it says."""

from typing import Any
from uuid import UUID

from arq import Retry

from models.holding.reminders import ring_reminder
from models.ownership.drain import ring_release


async def release_customer(ctx: dict[str, Any], customer_id: str, epoch: int) -> None:
    _ring_again(await ring_release(UUID(customer_id), epoch, ctx["job_id"]))


async def remind_owner(ctx: dict[str, Any], customer_id: str, epoch: int, offset: str) -> None:
    _ring_again(await ring_reminder(UUID(customer_id), epoch, ctx["job_id"]))


def _ring_again(seconds: float | None) -> None:
    if seconds is not None:
        raise Retry(defer=seconds)
