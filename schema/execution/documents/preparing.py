"""Parses, bounds and validates documents, off the event loop where that takes long."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
)
from strawberry.schema.base import BaseSchema

from schema.execution.aside import aside
from schema.execution.bodies.bounded_json import UNREADABLE
from schema.execution.documents.given import given_to
from schema.execution.documents.limits import (
    LONGEST_DOCUMENT,
    MOST_TOKENS,
    TOO_DEEP,
    cost_of,
    operations_of,
    too_large,
)
from schema.execution.documents.parsing import parse
from schema.execution.documents.validating import Rules, validate

# Remembered documents take about 150 times their length in memory.
LONGEST_REMEMBERED = 8 * 1024
MOST_REMEMBERED = 256 * 1024
MOST_COSTS = 100
# A longer one is prepared in the thread: validation may take 100 ms.
LONGEST_AT_ONCE = 1_000
TOO_LONG = f"The document is too long: at most {LONGEST_DOCUMENT:,} characters."
TOO_LONG_NUMBER = "A number of the document is too long."
NUL = re.compile(r"\\u(0000|\{0+\})")


@dataclass(eq=False)
class Prepared:
    """A document, or why it is refused; `document` is None where it was not validated."""

    document: DocumentNode | None
    problems: list[GraphQLError]
    _costs: dict[tuple[object, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.operations = operations_of(self.document) if self.document else []

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation of this name; without a name, the only one."""
        if name is None:
            return self.operations[0] if len(self.operations) == 1 else None
        return next(
            (each for each in self.operations if each.name and each.name.value == name), None
        )

    def cost(
        self, schema: GraphQLSchema, operation_name: str | None, variables: Mapping[str, Any]
    ) -> int:
        """Return what an operation of the document costs, weighed by field."""
        operation = self.operation(operation_name)
        if self.document is None or operation is None:
            return 0
        given = given_to(operation, variables)
        key = (operation_name, *given.items())
        if key not in self._costs:
            if len(self._costs) >= MOST_COSTS:
                self._costs.clear()
            self._costs[key] = cost_of(schema, self.document, operation, given)
        return self._costs[key]


class Preparation:
    """Prepares documents for one schema, and remembers the latest that are valid."""

    def __init__(self) -> None:
        self._remembered: OrderedDict[str, Prepared] = OrderedDict()
        self._size = 0

    async def of(self, schema: GraphQLSchema, query: str, rules: Rules) -> Prepared:
        if query in self._remembered:
            self._remembered.move_to_end(query)
            return self._remembered[query]
        if len(query) <= LONGEST_AT_ONCE:
            prepared = prepare(schema, query, rules)
        else:
            prepared = await aside(partial(prepare, schema, query, rules))
        if not prepared.problems and len(query) <= LONGEST_REMEMBERED:
            self._remember(query, prepared)
        return prepared

    def _remember(self, query: str, prepared: Prepared) -> None:
        if query not in self._remembered:
            self._size += len(query)
        self._remembered[query] = prepared
        while self._size > MOST_REMEMBERED:
            self._size -= len(self._remembered.popitem(last=False)[0])


def prepare(schema: GraphQLSchema, query: str, rules: Rules) -> Prepared:
    if len(query) > LONGEST_DOCUMENT:
        return _refused(TOO_LONG)
    try:
        document = parse(query, MOST_TOKENS)
        why = too_large(schema, document) or (UNREADABLE if NUL.search(query) else None)
        if why:
            return _refused(why)
        return Prepared(document, list(map(_clear, validate(schema, document, rules))))
    except RecursionError:
        return _refused(TOO_DEEP)
    except GraphQLError as wrong:
        # Its traceback keeps what was read of the document.
        return Prepared(None, [wrong.with_traceback(None)])


def _clear(error: GraphQLError) -> GraphQLError:
    """Name no other fields. An integer of over 4,300 digits is the client's mistake too."""
    BaseSchema.remove_field_suggestion(error)
    if isinstance(error.original_error, ValueError):
        return GraphQLError(TOO_LONG_NUMBER, error.nodes)
    return error


def _refused(why: str) -> Prepared:
    return Prepared(None, [GraphQLError(why)])
