"""The message that a webhook receives for an event: who and what, no contact details."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from models.ledger.actions import WEBHOOK_TYPES
from models.masking.masks import mask_text
from models.rules.rules import MASKED


def message_id(taken: dict[str, Any]) -> str:
    """The same for every attempt, so that a receiver recognizes a repeated message."""
    return global_id("Event", taken["event_id"])


def body(taken: dict[str, Any]) -> str:
    """The message as JSON, in the form that Standard Webhooks recommends."""
    message = {
        "type": WEBHOOK_TYPES[taken["action"]],
        "timestamp": _instant(taken["at"]),
        "data": {
            "id": global_id("Event", taken["event_id"]),
            "action": taken["action"],
            "customer": _named("Customer", taken["customer_id"], _masked(taken["customer_name"])),
            "actor": _named("Member", taken["actor_id"], taken["actor_name"]),
            "member": _named("Member", taken["member_id"], taken["member_name"]),
            "reason": _masked(taken["reason"]),
            "at": _instant(taken["at"]),
            **({"count": taken["count"]} if taken["count"] else {}),
        },
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def global_id(type_name: str, id: UUID) -> str:
    """An id as the API writes it; a test compares the two."""
    return f"{type_name}_{id.hex}"


def _named(type_name: str, id: UUID | None, name: str | None) -> dict[str, Any] | None:
    return {"id": global_id(type_name, id), "name": name} if id else None


def _masked(text: str | None) -> str | None:
    """The receiver is no member: no pool's rules show it a contact."""
    return text and mask_text(text, MASKED)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
