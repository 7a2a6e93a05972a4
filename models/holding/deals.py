"""Deals: what signs a customer, at once or when an administrator has confirmed it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models.holding.changes import Change
from models.holding.holdings import Holding
from models.refusals import InvalidInput


def deal_change(holding: Holding, owner_id: UUID, amount: str) -> Change:
    """The owner's deal: it signs the customer, or waits. Raises InvalidInput if one waits."""
    if not holding.rules.deal_approval:
        return signing_change(holding, owner_id, {"amount": amount})
    if holding.customer.deal_reported_at:
        raise InvalidInput.at("customerId", "already has a deal that waits for confirmation")
    return Change(
        holding,
        holding.facts,
        holding.calendar,
        action="DEAL_REPORTED",
        actor_id=owner_id,
        details={"amount": amount},
    )


def carried_change(
    holding: Holding, actor_id: UUID, won_at: datetime, details: dict[str, Any]
) -> Change:
    """The deal of a customer that is merged into this one, signed at `won_at`."""
    return Change(
        holding,
        holding.facts._replace(won_at=won_at),
        holding.calendar,
        by_another=True,
        wins=True,
        action="WON",
        actor_id=actor_id,
        details=details | {"won_at": won_at.isoformat()},
    )


def signing_change(
    holding: Holding, actor_id: UUID, details: dict[str, Any], *, note: str | None = None
) -> Change:
    """The first deal signs the customer; a later one renews a contract that ends."""
    won_at = holding.facts.won_at
    renews = won_at is not None and holding.rules.won_for is not None
    signed_at = holding.now if won_at is None or renews else won_at
    return Change(
        holding,
        holding.facts._replace(won_at=signed_at),
        holding.calendar,
        by_another=actor_id != holding.customer.owner_id,
        wins=won_at is None,
        action="WON",
        actor_id=actor_id,
        reason=note,
        details=details | ({"renews": True} if renews else {}),
    )
