"""Settle a posted delivery until it succeeds, so that this worker does not post it again."""

from typing import Any

from models.webhooks import settling
from models.webhooks.answers import Answer
from models.webhooks.settling import Patience
from workers.outliving import outlast


async def settle(taken: dict[str, Any], answer: Answer, patience: Patience) -> None:
    """Settle it, again while PostgreSQL is busy or away: then many are settled at once."""
    what = "a posted delivery can't be settled yet"
    await outlast(what, lambda: settling.settle(taken, answer, patience))
