"""An administrator approves or declines a request for more time."""

from uuid import UUID

from models import database
from models.holding import alarms
from models.holding.changes import Change, rewrite_holdings
from models.holding.extension_checks import TEXT_LENGTH, later, movable_deadline, refuse_span
from models.holding.extension_reads import Extension, find_extensions, may_decide
from models.holding.holdings import lock_row, read_holdings
from models.refusals import Forbidden, InvalidInput, NotFound
from models.validation import checked_text
from models.viewers import Viewer

DECLINE = """
WITH declined AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
    details)
  VALUES ($1, $2, $3, 'EXTENSION_DECLINED', $4, $5, $7, jsonb_build_object('extension', $8::text))
  RETURNING organization_id, id, customer_id
)
INSERT INTO event_text (organization_id, id, customer_id, reason)
SELECT organization_id, id, customer_id, $6::text FROM declined WHERE $6::text IS NOT NULL
"""


OWN = "Another administrator of its pool must decide on your own extension."
OTHERS = "Only administrators of its pool decide on an extension."


async def decide(
    viewer: Viewer, extension_id: UUID | None, approve: bool, note: str | None
) -> Extension:
    """Approve or decline. The same decision again changes nothing; another one is refused."""
    words = checked_text("note", note or "", most=TEXT_LENGTH, least=0) or None
    decided = await database.with_retries(lambda: _decide(viewer, extension_id, approve, words))
    return (await find_extensions(viewer, [decided]))[0]


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
        own = extension.request.actor_id == viewer.id
        if may_decide(viewer, extension) and not own:
            return extension
        if own:
            raise Forbidden(OWN if may_decide(viewer, extension) else OTHERS)
    raise NotFound


def _refuse_closed(extension: Extension) -> None:
    if extension.status != "PENDING":
        raise InvalidInput.at("extensionId", "is already decided, or has lapsed")


async def _approve(viewer: Viewer, extension: Extension, note: str | None) -> None:
    request = extension.request
    assert request.customer_id is not None
    (holding,) = await read_holdings(viewer.organization.id, [request.customer_id])
    refuse_span(holding, extension.by)
    until = later(holding, movable_deadline(holding), extension.by)
    change = Change(
        holding,
        holding.facts._replace(extended_to=until),
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
