"""Which events alert which members, and as what kind."""

from uuid import UUID

from models.ledger.actions import ALERTS, AlertKind
from models.tables import Event


def kind_of(event: Event, member_id: UUID) -> AlertKind | None:
    """What the event is to the member; None if it does not alert them."""
    return ALERTS[event.action].alert if member_id in alerted(event) else None


def alerted(event: Event) -> set[UUID]:
    """The members whom the event alerts, by the catalogue."""
    action = ALERTS.get(event.action)
    members = (getattr(event, party) for party in action.alerts) if action else ()
    return {id for id in members if id}
