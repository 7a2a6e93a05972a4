"""Finds the operation in a body; long ones off the event loop."""

from functools import partial

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse

from schema.execution.aside import aside
from schema.execution.bodies.bounded_json import (
    LONGEST_STRING,
    TOO_LONG_STRING,
    long_strings,
)
from schema.execution.bodies.envelope import Operation, operation_in
from schema.execution.bodies.huge_strings import Apart
from schema.execution.bodies.reading import LARGEST, TOO_LARGE
from schema.execution.bodies.refused import Malformed, TooLarge
from schema.execution.bodies.small_json import read
from schema.execution.turns import SLICE, Line

# A longer one is read in a thread: its values may take some milliseconds.
LONGEST_AT_ONCE = 16 * 1024
IMPORTS = {"importCustomers"}
MOST_TOKENS = 500


async def operation_of(body: bytes) -> Operation:
    """Raises Malformed, or TooLarge where only an import may be as large."""
    if len(body) <= LONGEST_AT_ONCE:
        return operation_in(read(body))
    operation = await aside(partial(_long_operation, body))
    await Line().turn(SLICE)  # Several that are read together do not go on together.
    return operation


def _long_operation(body: bytes) -> Operation:
    apart = Apart(body)
    operation = operation_in(apart.value)
    long = [text for text in long_strings(apart.value) if text is not operation.document]
    if (long or len(body) > LARGEST) and not _is_import(operation.document):
        raise TooLarge(TOO_LARGE) if len(body) > LARGEST else Malformed(TOO_LONG_STRING)
    if len(long) + len(apart) > 1:
        raise Malformed(TOO_LONG_STRING)
    return operation_in(apart.whole()) if len(apart) else operation


def _is_import(document: str) -> bool:
    """Whether every operation of the document does nothing but import."""
    if len(document) > LONGEST_STRING:
        return False
    try:
        definitions = parse(document, max_tokens=MOST_TOKENS).definitions
    except (GraphQLError, RecursionError):
        return False
    return all(
        isinstance(each, OperationDefinitionNode)
        and len(each.selection_set.selections) == 1
        and isinstance(field := each.selection_set.selections[0], FieldNode)
        and field.name.value in IMPORTS
        for each in definitions
    )
