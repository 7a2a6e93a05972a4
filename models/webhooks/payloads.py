"""The messages that a webhook receives: of an event who and what, no contact details; or a ping."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from models.ledger.actions import WEBHOOK_TYPES
from models.masking.masks import mask_text
from models.rules.rules import MASKED

PING = "ping"


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same for every attempt, so that a receiver recognizes a repeated message."""

    id: str
    sent_at: datetime
    body: str


def of_event(taken: dict[str, Any]) -> Message:
    """The message of a delivery that `attempts.take` returned, for its present attempt."""
    id, at = global_id("Event", taken["event_id"]), _instant(taken["at"])
    data = {
        "id": id,
        "action": taken["action"],
        "customer": _named("Customer", taken["customer_id"], _masked(taken["customer_name"])),
        "actor": _named("Member", taken["actor_id"], taken["actor_name"]),
        "member": _named("Member", taken["member_id"], taken["member_name"]),
        "reason": _masked(taken["reason"]),
        "at": at,
        **({"count": taken["count"]} if taken["count"] else {}),
    }
    return Message(id, taken["attempted_at"], _json(WEBHOOK_TYPES[taken["action"]], at, data))


def of_ping(webhook_id: UUID, at: datetime) -> Message:
    """A message of no event and no customer."""
    id = global_id("Ping", uuid4())
    data = {"id": id, "webhook": {"id": global_id("Webhook", webhook_id)}}
    return Message(id, at, _json(PING, _instant(at), data))


def global_id(type_name: str, id: UUID) -> str:
    """An id as the API writes it; a test compares the two."""
    return f"{type_name}_{id.hex}"


def _json(type_name: str, at: str, data: dict[str, Any]) -> str:
    """In the form that Standard Webhooks recommends."""
    message = {"type": type_name, "timestamp": at, "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _named(type_name: str, id: UUID | None, name: str | None) -> dict[str, Any] | None:
    return {"id": global_id(type_name, id), "name": name} if id else None


def _masked(text: str | None) -> str | None:
    """The receiver is no member: no pool's rules show it a contact."""
    return text and mask_text(text, MASKED)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
