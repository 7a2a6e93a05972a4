"""Which events alert whom, and as what."""

from uuid import UUID

from models.tables import Event

KINDS = {
    "REMINDED": "REMINDER",
    "RELEASED": "RELEASED",
    "ASSIGNED": "ASSIGNED",
    "TRANSFERRED": "TRANSFERRED",
    "EXTENDED": "EXTENSION_DECIDED",
    "EXTENSION_DECLINED": "EXTENSION_DECIDED",
}
DECISIONS = ("EXTENDED", "EXTENSION_DECLINED")


def kind_of(event: Event, member_id: UUID) -> str | None:
    """What the event is to the member; None where it is no alert of theirs."""
    return KINDS.get(event.action) if member_id in concerned(event) else None


def concerned(event: Event) -> set[UUID]:
    """Whose alert it may be: of a transfer both owners', of a decision both sides'."""
    both = {event.member_id}
    if event.action == "TRANSFERRED":
        both.add(event.former_id)
    if event.action in DECISIONS:
        both.add(event.actor_id)
    return {id for id in both if id}
