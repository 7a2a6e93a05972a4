"""Idempotency keys: the ledger keeps each answer with the SHA-256 of its request."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from tortoise.exceptions import IntegrityError

from models import database
from models.ledger import outcomes
from models.ledger.outcomes import CustomerErased, Done, Outcome
from models.refusals import InvalidInput
from models.tables import Customer, Member
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
    key unused: an invalid request must be raised. Raises InvalidInput if the key came with another
    request before, or if its customer was erased since.
    """
    check(key)
    return await database.with_retries(lambda: _once(viewer, key, request, act))


def check(key: str) -> None:
    """Raises InvalidInput if it is no key."""
    if not 1 <= len(key) <= KEY_LENGTH or "\0" in key:
        raise _invalid_key(Text("must have 1 to {most} characters", most=KEY_LENGTH))


async def answered(viewer: Viewer, key: str, request: list[Any]) -> list[Outcome] | None:
    """Return the first answer of a used key, None for a new one. Raises InvalidInput as above."""
    check(key)
    for row in await database.rows(ANSWERED, viewer.organization.id, viewer.id, key):
        return await first_answer(viewer, row["details"], request)
    return None


async def _once(
    viewer: Viewer, key: str, request: list[Any], act: Callable[[], Awaitable[list[Outcome]]]
) -> list[Outcome]:
    scope = (viewer.organization.id, viewer.id, key)
    async with database.transaction():
        await database.take_turn("/".join(map(str, scope)))
        for row in await database.rows(ANSWERED, *scope):
            return await first_answer(viewer, row["details"], request)
        answer = await act()
        details = {
            "request": digest(request),
            "answer": [outcomes.to_json(each) for each in answer],
        }
        try:
            await database.rows(ANSWER, *scope, json.dumps(details, ensure_ascii=False))
        except IntegrityError as fault:
            # A claim that took no turn was answered meanwhile: see models.ownership.single_claims.
            raise database.StaleRead from fault
        return answer


async def first_answer(viewer: Viewer, stored: str, request: list[Any]) -> list[Outcome]:
    """Return what the ledger keeps of a key. Raises InvalidInput as `idempotent`."""
    details = json.loads(stored)
    if _stored_digest(details["request"]) != digest(request):
        raise _invalid_key("was used for another request; use a new key for each request")
    customers = await find(viewer, Customer, map(outcomes.customer_id, details["answer"]))
    members = await find(viewer, Member, map(outcomes.member_id, details["answer"]))
    answer = [outcomes.from_json(each, customers, members) for each in details["answer"]]
    if any(map(_is_erased, answer)):
        raise _invalid_key("was answered before; the data of its customer was erased since")
    return answer


def _is_erased(outcome: Outcome) -> bool:
    if not isinstance(outcome, Done) or isinstance(outcome, CustomerErased):
        return False
    return outcome.customer.erased_at is not None


def digest(request: list[Any]) -> str:
    text = json.dumps(request, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _stored_digest(stored: str | list[Any]) -> str:
    """Releases before this one stored the request itself. They take a digest for another one."""
    return stored if isinstance(stored, str) else digest(stored)


def _invalid_key(message: str) -> InvalidInput:
    return InvalidInput.at("idempotencyKey", message)
