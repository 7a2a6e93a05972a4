"""What a webhook is told of an event: who and what, never how to reach the customer."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

# The contract's actions; whatever else the ledger knows is its own affair.
ACTIONS = frozenset(
    {
        "CREATED",
        "UPDATED",
        "MOVED",
        "CLAIMED",
        "ASSIGNED",
        "TRANSFERRED",
        "FOLLOWED_UP",
        "WON",
        "LOCKED",
        "UNLOCKED",
        "EXTENDED",
        "REMINDED",
        "RELEASED",
    }
)


def message_id(taken: dict[str, Any]) -> str:
    """The same for every attempt, so that a receiver can tell what it has had already."""
    return global_id("Event", taken["event_id"])


def body(taken: dict[str, Any]) -> str:
    """The message as JSON, in the form that Standard Webhooks recommends."""
    message = {
        "type": f"customer.{taken['action'].lower()}",
        "timestamp": _instant(taken["at"]),
        "data": {
            "id": global_id("Event", taken["event_id"]),
            "action": taken["action"],
            "customer": _named("Customer", taken["customer_id"], taken["customer_name"]),
            "actor": _named("Member", taken["actor_id"], taken["actor_name"]),
            "member": _named("Member", taken["member_id"], taken["member_name"]),
            "reason": taken["reason"],
            "at": _instant(taken["at"]),
        },
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def global_id(type_name: str, id: UUID) -> str:
    """As the API writes it; a test holds the two together."""
    return f"{type_name}_{id.hex}"


def _named(type_name: str, id: UUID | None, name: str | None) -> dict[str, Any] | None:
    return {"id": global_id(type_name, id), "name": name} if id else None


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
