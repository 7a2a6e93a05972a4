"""More time for a customer: its owner asks, an administrator of its pool decides.

An extension is its request in the ledger; the event of its decision, of which there is at most
one, gives its status.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, rewrite_holdings
from models.holding.extension_reads import Extension, find_extensions, may_decide
from models.holding.holdings import Holding, held_by, read_holdings
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules import deadlines
from models.rules.durations import LONGEST, NOTHING, Span
from models.texts.text import Text
from models.viewers import Viewer

WORDS = 500

HOLD_STILL = "SELECT id FROM customer WHERE organization_id = $1 AND id = $2 FOR UPDATE"
ASK = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, reason,
  pool_id, details)
SELECT $1::uuid, $2::uuid, $3::integer, 'EXTENSION_REQUESTED', $4::uuid, $4::uuid, $5::text,
  $6::uuid, jsonb_build_object('by', $7::text)
WHERE NOT EXISTS (
  SELECT FROM event r WHERE r.customer_id = $2 AND r.epoch = $3
    AND r.action = 'EXTENSION_REQUESTED' AND NOT EXISTS (
      SELECT FROM event d WHERE d.details ->> 'extension' = r.id::text
        AND d.action IN ('EXTENDED', 'EXTENSION_DECLINED')))
RETURNING id
"""
DECLINE = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, reason,
  pool_id, details)
VALUES ($1, $2, $3, 'EXTENSION_DECLINED', $4, $5, $6, $7,
  jsonb_build_object('extension', $8::text))
"""


async def ask(viewer: Viewer, customer_id: UUID | None, by: Span, reason: str) -> Extension:
    """The owner asks for more time; one request waits at a time."""
    _check_words("reason", reason, least=1)

    async def act() -> UUID:
        async with database.transaction():
            await database.rows(HOLD_STILL, viewer.organization.id, customer_id)
            holding = await held_by(viewer, customer_id)
            _check_span(holding, by)
            _check_extendable(holding)
            return await _ask(viewer, holding, by, reason.strip())

    return (await find_extensions(viewer, [await database.with_retries(act)]))[0]


async def decide(
    viewer: Viewer, extension_id: UUID | None, approve: bool, note: str | None
) -> Extension:
    """The same decision again changes nothing; another one is refused."""
    _check_words("note", note or "", least=0)

    async def act() -> None:
        async with database.transaction():
            extension = await _decidable(viewer, extension_id)
            customer_id = extension.request.customer_id
            await database.rows(HOLD_STILL, viewer.organization.id, customer_id)
            extension = (await find_extensions(viewer, [extension.id]))[0]
            if extension.status == ("APPROVED" if approve else "DECLINED"):
                return
            if extension.status != "PENDING":
                raise InvalidInput.at(
                    "extensionId", "is no longer open: it was decided, or has lapsed"
                )
            decision = _approve if approve else _decline
            await decision(viewer, extension, (note or "").strip() or None)

    await database.with_retries(act)
    return (await find_extensions(viewer, [extension_id] if extension_id else []))[0]


async def _ask(viewer: Viewer, holding: Holding, by: Span, reason: str) -> UUID:
    customer = holding.customer
    place = (customer.id, customer.epoch, viewer.id)
    organization = viewer.organization.id
    for row in await database.rows(ASK, organization, *place, reason, customer.pool_id, str(by)):
        asked: UUID = row["id"]
        return asked
    raise InvalidInput.at("customerId", "has an extension that waits to be decided")


def _check_span(holding: Holding, by: Span) -> None:
    """On the calendar, as P1W and P7D, or P10D of working days, are compared by no other means."""
    longest = holding.rules.extension_limit
    if longest is None:
        raise Forbidden("This pool grants no extensions.")
    if by.length <= NOTHING:
        raise InvalidInput.at("by", "must be longer than zero")
    if _later(holding, by) > _later(holding, longest):
        raise InvalidInput.at("by", Text("must be no longer than {longest}", longest=str(longest)))


def _later(holding: Holding, span: Span) -> datetime:
    return holding.calendar.after(holding.now, span, holding.rules.working_days)


def _check_extendable(holding: Holding) -> datetime:
    at = deadlines.extendable(holding.rules, holding.facts, holding.calendar)
    if at is None or at - holding.now > LONGEST:
        raise InvalidInput.at("customerId", "has no deadline that an extension could move")
    return at


async def _decidable(viewer: Viewer, extension_id: UUID | None) -> Extension:
    for extension in await find_extensions(viewer, [extension_id] if extension_id else []):
        if may_decide(viewer, extension):
            return extension
        if extension.request.actor_id == viewer.id:
            raise Forbidden("Only administrators of its pool decide on an extension.")
    raise NotFound


async def _approve(viewer: Viewer, extension: Extension, note: str | None) -> None:
    request = extension.request
    assert request.customer_id is not None
    (holding,) = await read_holdings(viewer.organization.id, [request.customer_id])
    _check_span(holding, extension.by)
    deadline = _check_extendable(holding)
    until = holding.calendar.after(deadline, extension.by, holding.rules.working_days)
    change = Change(
        holding,
        replace(holding.facts, extended_to=until),
        holding.calendar,
        by_another=True,
        action="EXTENDED",
        actor_id=viewer.id,
        reason=note,
        details={"extension": str(request.id), "extended_to": until.isoformat()},
    )
    (customer,) = await rewrite_holdings([change])
    await alarms.arm([customer], holding.now)


async def _decline(viewer: Viewer, extension: Extension, note: str | None) -> None:
    request, organization = extension.request, viewer.organization.id
    place = (request.customer_id, request.epoch, viewer.id, request.actor_id)
    await database.rows(DECLINE, organization, *place, note, request.pool_id, str(request.id))
    await alarms.ring()


def _check_words(path: str, words: str, *, least: int) -> None:
    if not least <= len(words.strip()) <= WORDS or "\0" in words:
        words = Text("must have {least} to {most} characters", least=least, most=WORDS)
        raise InvalidInput.at(path, words)
