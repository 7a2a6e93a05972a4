"""What every operation comes in, over HTTP and websockets: its shape is checked here alone."""

import re
from dataclasses import dataclass
from typing import Any

from schema.execution.bodies.persisted import persisted
from schema.execution.bodies.refused import Malformed

NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,254}")
NO_OBJECT = "The request's body must be a JSON object."
NO_VARIABLES = "`variables` must be an object, or left out."
NO_EXTENSIONS = "`extensions` must be an object, or left out."
NO_JSON_TYPE = "Send JSON, with the header Content-Type: application/json."
NO_SUBSCRIPTION = (
    "Subscribe by a websocket with the protocol graphql-transport-ws, or by POST with the header"
    " Accept: text/event-stream."
)
NO_NAME = "`operationName` must be the name of an operation, or left out."


@dataclass(slots=True)
class Operation:
    document: str
    variables: dict[str, Any] | None
    name: str | None


def operation_in(payload: object) -> Operation:
    """Return the operation of a request's payload; raises Malformed."""
    if not isinstance(payload, dict):
        raise Malformed(NO_OBJECT)
    variables, name = payload.get("variables"), payload.get("operationName")
    if variables is not None and not isinstance(variables, dict):
        raise Malformed(NO_VARIABLES)
    extensions = payload.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise Malformed(NO_EXTENSIONS)
    if name is not None and not (isinstance(name, str) and NAME.fullmatch(name)):
        raise Malformed(NO_NAME)
    return Operation(persisted.document_of(payload), variables, name)


def no_operation(name: str | None) -> str:
    if name is None:
        return "The document has no operation."
    return f"The document has no operation that is named {name}."
