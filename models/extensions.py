"""More time for a customer: its owner asks, an administrator of its pool decides.

An extension is its request in the ledger; the event of its decision, of which there is at most
one, gives its status.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from models import alarms, database, deadlines, holds
from models.durations import LONGEST, NOTHING, Span
from models.follow_ups import held_by
from models.holds import Change, Holding
from models.keyset import Order, Page, Query, by_parent, page_of, page_rows
from models.refusals import Forbidden, InvalidInput, NotFound, Problem
from models.tables import Event
from models.texts import Text
from models.viewers import Viewer

WORDS = 500
DECIDED = {"EXTENDED": "APPROVED", "EXTENSION_DECLINED": "DECLINED"}
BY_TIME = Order("c.seq", "bigint", descending=True)

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
# With its decision, and whether the ownership that it was asked for lasts.
COLUMNS = """c.*, d.id AS decision_id, d.action AS decision, d.actor_id AS decider_id,
  d.reason AS note, held.epoch IS NOT NULL AS lasts"""
JOINED = """
  LEFT JOIN event d ON d.details ->> 'extension' = c.id::text
    AND d.action IN ('EXTENDED', 'EXTENSION_DECLINED')
  LEFT JOIN customer held ON held.id = c.customer_id AND held.epoch = c.epoch
"""
FOUND = f"""
SELECT {COLUMNS} FROM event c {JOINED}
WHERE c.organization_id = $1 AND c.id = ANY($2) AND c.action = 'EXTENSION_REQUESTED'
"""
IN_STATUS = {
    "PENDING": " AND decision_id IS NULL AND lasts",
    "APPROVED": " AND decision = 'EXTENDED'",
    "DECLINED": " AND (decision = 'EXTENSION_DECLINED' OR (decision_id IS NULL AND NOT lasts))",
}
OF_POOL = "unnest($1::uuid[]) WITH ORDINALITY AS parent(id, n)"


@dataclass(frozen=True, slots=True)
class Extension:
    """`decider_id` and `note` are None while it waits, and where it lapsed with its ownership."""

    request: Event
    status: str
    decider_id: UUID | None
    note: str | None

    @property
    def id(self) -> UUID:
        return self.request.id

    @property
    def by(self) -> Span:
        return Span.parse(self.request.details["by"])


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

    return (await _found(viewer, [await database.again(act)]))[0]


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
            extension = (await _found(viewer, [extension.id]))[0]
            if extension.status == ("APPROVED" if approve else "DECLINED"):
                return
            if extension.status != "PENDING":
                raise _invalid("extensionId", "is no longer open: it was decided, or has lapsed")
            decision = _approve if approve else _decline
            await decision(viewer, extension, (note or "").strip() or None)

    await database.again(act)
    return (await _found(viewer, [extension_id] if extension_id else []))[0]


async def seen(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Extension]:
    """Those that the viewer asked for, and those of pools that they run."""
    return {
        each.id: each
        for each in await _found(viewer, ids)
        if each.request.actor_id == viewer.id or _runs(viewer, each)
    }


async def of_pools(
    viewer: Viewer, pool_ids: Sequence[UUID], *, first: int, after: str | None, status: str
) -> dict[UUID, Page[Extension]]:
    """The latest first."""
    source = f"(SELECT {COLUMNS} FROM event c {JOINED} WHERE c.action = 'EXTENSION_REQUESTED')"
    where = "c.pool_id = parent.id" + IN_STATUS[status]
    name, query = f"extensions {status}", Query(list(pool_ids))
    rows = await page_rows(query, OF_POOL, source, "c.*", where, BY_TIME, name, first, after)
    grouped = by_parent(rows, len(pool_ids))
    return {id: _page(each, name, first) for id, each in zip(pool_ids, grouped, strict=True)}


async def _ask(viewer: Viewer, holding: Holding, by: Span, reason: str) -> UUID:
    customer = holding.customer
    place = (customer.id, customer.epoch, viewer.id)
    organization = viewer.organization.id
    for row in await database.rows(ASK, organization, *place, reason, customer.pool_id, str(by)):
        asked: UUID = row["id"]
        return asked
    raise _invalid("customerId", "has an extension that waits to be decided")


def _check_span(holding: Holding, by: Span) -> None:
    """On the calendar, as P1W and P7D, or P10D of working days, are compared by no other means."""
    longest = holding.rules.extension_limit
    if longest is None:
        raise Forbidden("This pool grants no extensions.")
    if by.length <= NOTHING:
        raise _invalid("by", "must be longer than zero")
    if _later(holding, by) > _later(holding, longest):
        raise _invalid("by", Text("must be no longer than {longest}", longest=str(longest)))


def _later(holding: Holding, span: Span) -> datetime:
    return holding.calendar.after(holding.now, span, holding.rules.working_days)


def _check_extendable(holding: Holding) -> datetime:
    at = deadlines.extendable(holding.rules, holding.facts, holding.calendar)
    if at is None or at - holding.now > LONGEST:
        raise _invalid("customerId", "has no deadline that an extension could move")
    return at


async def _decidable(viewer: Viewer, extension_id: UUID | None) -> Extension:
    for extension in await _found(viewer, [extension_id] if extension_id else []):
        if _runs(viewer, extension):
            return extension
        if extension.request.actor_id == viewer.id:
            raise Forbidden("Only administrators of its pool decide on an extension.")
    raise NotFound


async def _approve(viewer: Viewer, extension: Extension, note: str | None) -> None:
    request = extension.request
    assert request.customer_id is not None
    (holding,) = await holds.read(viewer.organization.id, [request.customer_id])
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
    (customer,) = await holds.rewrite([change])
    await alarms.arm([customer], holding.now)


async def _decline(viewer: Viewer, extension: Extension, note: str | None) -> None:
    request, organization = extension.request, viewer.organization.id
    place = (request.customer_id, request.epoch, viewer.id, request.actor_id)
    await database.rows(DECLINE, organization, *place, note, request.pool_id, str(request.id))
    await alarms.ring()


async def _found(viewer: Viewer, ids: Iterable[UUID]) -> list[Extension]:
    rows = await database.rows(FOUND, viewer.organization.id, list(ids))
    return [_extension(row) for row in rows]


def _page(rows: list[dict[str, Any]], name: str, first: int) -> Page[Extension]:
    events = page_of(rows, Event, name, first)
    return Page([_extension(row) for row in rows[:first]], events.has_next, events.end_cursor)


def _extension(row: dict[str, Any]) -> Extension:
    waits = "PENDING" if row["lasts"] else "DECLINED"
    return Extension(
        request=Event._init_from_db(**row),
        status=DECIDED.get(row["decision"], waits),
        decider_id=row["decider_id"],
        note=row["note"],
    )


def _runs(viewer: Viewer, extension: Extension) -> bool:
    pool_id = extension.request.pool_id
    return pool_id is not None and viewer.administers(pool_id)


def _check_words(path: str, words: str, *, least: int) -> None:
    if not least <= len(words.strip()) <= WORDS or "\0" in words:
        words = Text("must have {least} to {most} characters", least=least, most=WORDS)
        raise _invalid(path, words)


def _invalid(path: str, message: str) -> InvalidInput:
    return InvalidInput((Problem(path, message),))
