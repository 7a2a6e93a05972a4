"""A verb under an idempotency key, as a mutation runs it."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from models.ledger.idempotency import idempotent
from models.refusals import Refusal
from models.viewers import Viewer


async def keyed(
    viewer: Viewer, key: str | None, verb: Callable[..., Awaitable[Any]], *arguments: Any
) -> Any:
    """Return one outcome, or a list for a list of customers; a key remembers refusals too."""
    if key is None:
        return await verb(viewer, *arguments)

    async def act() -> list[Any]:
        try:
            answer = await verb(viewer, *arguments)
        except Refusal as refusal:
            answer = refusal
        return answer if isinstance(answer, list) else [answer]

    request = json.loads(json.dumps([verb.__name__, *arguments], default=str))
    answers = await idempotent(viewer, key, request, act)
    return answers if isinstance(arguments[0], list) else answers[0]
