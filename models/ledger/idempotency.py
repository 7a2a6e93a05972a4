"""Idempotency keys: the ledger keeps each request with its answer."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from models import database
from models.ledger import outcomes
from models.ledger.outcomes import Outcome
from models.refusals import InvalidInput
from models.tables import Customer
from models.texts.text import Text
from models.viewers import Viewer, find

KEY_LENGTH = 200
ANSWER = """
INSERT INTO event (organization_id, action, actor_id, idempotency_key, details)
VALUES ($1, 'ANSWERED', $2, $3, $4::jsonb)
"""
ANSWERED = """
SELECT details FROM event
WHERE organization_id = $1 AND actor_id = $2 AND idempotency_key = $3
"""


async def idempotent(
    viewer: Viewer, key: str, request: list[Any], act: Callable[[], Awaitable[list[Outcome]]]
) -> list[Outcome]:
    """Return what `act` returns; for a key that the viewer has used, return the first answer.

    `act`, its answer and the key are written in one transaction, so what `act` raises leaves the
    key unused. Raises InvalidInput if the key came with another request before.
    """
    if not 1 <= len(key) <= KEY_LENGTH or "\0" in key:
        raise _invalid_key(Text("must have 1 to {most} characters", most=KEY_LENGTH))
    return await database.with_retries(lambda: _once(viewer, key, request, act))


async def _once(
    viewer: Viewer, key: str, request: list[Any], act: Callable[[], Awaitable[list[Outcome]]]
) -> list[Outcome]:
    scope = (viewer.organization.id, viewer.id, key)
    async with database.transaction():
        await database.take_turn("/".join(map(str, scope)))
        for row in await database.rows(ANSWERED, *scope):
            return await _first_answer(viewer, json.loads(row["details"]), request)
        answer = await act()
        details = {"request": request, "answer": [outcomes.to_json(each) for each in answer]}
        await database.rows(ANSWER, *scope, json.dumps(details, ensure_ascii=False))
        return answer


async def _first_answer(
    viewer: Viewer, details: dict[str, Any], request: list[Any]
) -> list[Outcome]:
    if details["request"] != request:
        raise _invalid_key("was used for another request; use a new key for each request")
    ids = [id for id in map(outcomes.customer_id, details["answer"]) if id]
    customers = await find(viewer, Customer, ids)
    return [outcomes.from_json(each, customers) for each in details["answer"]]


def _invalid_key(message: str) -> InvalidInput:
    return InvalidInput.at("idempotencyKey", message)
