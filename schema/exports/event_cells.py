"""What stands in the cells of a customer's history."""

from collections.abc import Collection
from uuid import UUID

from models import tables
from models.exports.words import ACTIONS, REASONS
from models.rules.deadlines import ReleaseReason
from models.texts.text import Text, render
from schema.base.context import Context
from schema.customers.contact import may_read_notes
from schema.exports.cells import Cell, masked

HISTORY = (
    Text("When"),
    Text("What"),
    Text("By"),
    Text("Owner"),
    Text("Reason for the release"),
    Text("Reason"),
    Text("Note"),
)


async def event_cells(
    context: Context, customer: tables.Customer, hidden: Collection[str], event: tables.Event
) -> list[Cell]:
    note, reason = _written(event)
    may_read = may_read_notes(context.viewer, customer)
    why = event.release_reason and REASONS[ReleaseReason(event.release_reason)]
    return [
        event.at,
        render(ACTIONS[event.action], context.reader),
        await _name(context, event.actor_id),
        await _name(context, event.member_id),
        why and render(why, context.reader),
        masked(reason if reason != event.release_reason else None, hidden),
        masked(note, hidden) if may_read else None,
    ]


def _written(event: tables.Event) -> tuple[str | None, str | None]:
    """Return what only those read who may read notes, and the reason."""
    if event.action == "COMMENTED":
        return event.reason, None
    return event.details.get("note") if event.action == "FOLLOWED_UP" else None, event.reason


async def _name(context: Context, member_id: UUID | None) -> str | None:
    member = await context.loaders.members.load(member_id) if member_id else None
    return member.name if member else None
