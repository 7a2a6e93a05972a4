"""arq's jobs are alarm clocks: they ask the models, which re-check everything by the database."""

from typing import Any
from uuid import UUID

from arq import Retry

from models.holding.alarms import seconds_left
from models.holding.reminders import remind_due
from models.ownership.drain import release_due


async def release_customer(ctx: dict[str, Any], customer_id: str, epoch: int) -> None:
    """Whatever is due is released, this customer among them."""
    await release_due()
    await _ring_later_if_early(ctx, customer_id, epoch)


async def remind_owner(ctx: dict[str, Any], customer_id: str, epoch: int, offset: str) -> None:
    await remind_due()
    await _ring_later_if_early(ctx, customer_id, epoch)


async def _ring_later_if_early(ctx: dict[str, Any], customer_id: str, epoch: int) -> None:
    left = await seconds_left(UUID(customer_id), epoch, ctx["job_id"])
    if left is not None:
        raise Retry(defer=left)
