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
from models.holding.holdings import Holding, held_by, lock_row, read_holdings
from models.refusals import Forbidden, InvalidInput, NotFound
from models.rules import deadlines
from models.rules.durations import LONGEST, NOTHING, Span
from models.texts.text import Text
from models.validation import checked_text
from models.viewers import Viewer

TEXT_LENGTH = 500

ASK = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, reason,
  pool_id, details)
SELECT $1::uuid, $2::uuid, $3::integer, 'EXTENSION_REQUESTED', $4::uuid, $4::uuid, $5::text,
  $6::uuid, jsonb_build_object('by', $7::text)
WHERE NOT EXISTS (
  SELECT FROM event r WHERE r.organization_id = $1 AND r.customer_id = $2 AND r.epoch = $3
    AND r.action = 'EXTENSION_REQUESTED' AND NOT EXISTS (
      SELECT FROM event d WHERE d.organization_id = $1 AND d.details ->> 'extension' = r.id::text
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
    words = checked_text("reason", reason, most=TEXT_LENGTH)
    asked = await database.with_retries(lambda: _ask(viewer, customer_id, by, words))
    return (await find_extensions(viewer, [asked]))[0]


async def decide(
    viewer: Viewer, extension_id: UUID | None, approve: bool, note: str | None
) -> Extension:
    """Approve or decline. The same decision again changes nothing; another one is refused."""
    words = checked_text("note", note or "", most=TEXT_LENGTH, least=0) or None
    decided = await database.with_retries(lambda: _decide(viewer, extension_id, approve, words))
    return (await find_extensions(viewer, [decided]))[0]


async def _ask(viewer: Viewer, customer_id: UUID | None, by: Span, reason: str) -> UUID:
    async with database.transaction():
        await lock_row(viewer, customer_id)
        holding = await held_by(viewer, customer_id)
        _refuse_span(holding, by)
        _movable_deadline(holding)
        return await _write_request(viewer, holding, by, reason)


async def _decide(
    viewer: Viewer, extension_id: UUID | None, approve: bool, note: str | None
) -> UUID:
    """Return the extension's id."""
    async with database.transaction():
        extension = await _read_locked(viewer, extension_id)
        if extension.status != ("APPROVED" if approve else "DECLINED"):
            _refuse_closed(extension)
            write = _approve if approve else _decline
            await write(viewer, extension, note)
        return extension.id


async def _read_locked(viewer: Viewer, extension_id: UUID | None) -> Extension:
    """Read it, lock its customer, and read it again: another decision may have come first."""
    extension = await _decidable(viewer, extension_id)
    await lock_row(viewer, extension.request.customer_id)
    return (await find_extensions(viewer, [extension.id]))[0]


async def _decidable(viewer: Viewer, extension_id: UUID | None) -> Extension:
    for extension in await find_extensions(viewer, [extension_id] if extension_id else []):
        if may_decide(viewer, extension):
            return extension
        if extension.request.actor_id == viewer.id:
            raise Forbidden("Only administrators of its pool decide on an extension.")
    raise NotFound


def _refuse_span(holding: Holding, by: Span) -> None:
    """Compares the dates that the spans lead to: P1W and working days compare by nothing else."""
    longest = holding.rules.extension_limit
    if longest is None:
        raise Forbidden("This pool grants no extensions.")
    if by.length <= NOTHING:
        raise InvalidInput.at("by", "must be longer than zero")
    if _after(holding, holding.now, by) > _after(holding, holding.now, longest):
        raise InvalidInput.at("by", Text("must be no longer than {longest}", longest=str(longest)))


def _movable_deadline(holding: Holding) -> datetime:
    """Return the deadline that an extension moves; refuse where there is none."""
    at = deadlines.extendable(holding.rules, holding.facts, holding.calendar)
    if at is None or at - holding.now > LONGEST:
        raise InvalidInput.at("customerId", "has no deadline that an extension could move")
    return at


def _refuse_closed(extension: Extension) -> None:
    if extension.status != "PENDING":
        raise InvalidInput.at("extensionId", "is no longer open: it was decided, or has lapsed")


async def _write_request(viewer: Viewer, holding: Holding, by: Span, reason: str) -> UUID:
    customer = holding.customer
    for row in await database.rows(
        ASK,
        viewer.organization.id,
        customer.id,
        customer.epoch,
        viewer.id,
        reason,
        customer.pool_id,
        str(by),
    ):
        asked: UUID = row["id"]
        return asked
    raise InvalidInput.at("customerId", "has an extension that waits to be decided")


async def _approve(viewer: Viewer, extension: Extension, note: str | None) -> None:
    request = extension.request
    assert request.customer_id is not None
    (holding,) = await read_holdings(viewer.organization.id, [request.customer_id])
    _refuse_span(holding, extension.by)
    until = _after(holding, _movable_deadline(holding), extension.by)
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
    request = extension.request
    await database.rows(
        DECLINE,
        viewer.organization.id,
        request.customer_id,
        request.epoch,
        viewer.id,
        request.actor_id,
        note,
        request.pool_id,
        str(request.id),
    )
    await alarms.ring()


def _after(holding: Holding, moment: datetime, span: Span) -> datetime:
    return holding.calendar.after(moment, span, holding.rules.working_days)
