"""Settle a posted delivery until it succeeds, so that this worker does not post it again."""

import asyncio
from typing import Any

from models.webhooks import settling
from models.webhooks.settling import Answer, Patience
from workers.outliving import outlive

FIRST_WAIT, LONGEST_WAIT = 0.1, 0.5


async def settle(taken: dict[str, Any], answer: Answer, patience: Patience) -> None:
    """Settle it, again while PostgreSQL is busy or away: then many are settled at once."""
    wait = FIRST_WAIT
    while True:
        try:
            return await settling.settle(taken, answer, patience)
        except Exception as fault:
            if not outlive("a posted delivery can't be settled yet", fault):
                return None
        await asyncio.sleep(wait)
        wait = min(LONGEST_WAIT, 2 * wait)
