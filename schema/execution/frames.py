"""What a websocket's frame must be, before Strawberry handles it."""

from typing import Any

from schema.execution.bodies.envelope import operation_in
from schema.execution.bodies.refused import Refused

KINDS = ("connection_init", "ping", "pong", "subscribe", "complete")
WITH_ID = ("subscribe", "complete")
LONGEST_ID = 255
# RFC 6455, 5.5.1: a control frame has 125 bytes, two of them for the code.
LONGEST_REASON = 123

NO_OBJECT = "A message must be a JSON object."
NO_KIND = f"The type of a message must be one of {', '.join(KINDS)}."
NO_ID = f"The id of a message must be a string of 1 to {LONGEST_ID} characters."
NO_PAYLOAD = "The payload of a message must be an object, or left out."


def problem_of(message: Any) -> str | None:
    """Return what is wrong with a message, and None if nothing is."""
    if isinstance(message, Refused):
        return message.message
    if not isinstance(message, dict):
        return NO_OBJECT
    kind, id, payload = message.get("type"), message.get("id"), message.get("payload")
    if kind not in KINDS:
        return NO_KIND
    if kind in WITH_ID and not (isinstance(id, str) and 0 < len(id) <= LONGEST_ID):
        return NO_ID
    if kind != "complete" and not isinstance(payload, dict | None):
        return NO_PAYLOAD
    return _problem_of_operation(payload) if kind == "subscribe" else None


def _problem_of_operation(payload: object) -> str | None:
    try:
        operation_in(payload)
    except Refused as refused:
        return refused.message
    return None


def with_document(message: Any) -> Any:
    """Return a message without problems; one that names its document by an id has the document."""
    if message["type"] != "subscribe" or message["payload"].get("query"):
        return message
    document = operation_in(message["payload"]).document
    return message | {"payload": message["payload"] | {"query": document}}


def short(reason: str) -> str:
    """Return as much of the reason of a close as a frame may have."""
    return reason.encode()[:LONGEST_REASON].decode(errors="ignore")
