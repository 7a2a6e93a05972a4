"""Every document that the tests and the docs send, with variables of the right types."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLNonNull,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
    parse,
    type_from_ast,
    validate,
)

from schema.execution.schema import schema
from tests.schema.test_statement_counts import LISTS
from tests.support import asking
from tests.support.asking import gid

ROOT = Path(__file__).parents[4]
FENCED = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
LONGEST = 20_000
# Values of scalars that any argument takes.
SCALARS: dict[str, Any] = {
    "String": "客户",
    "Int": 2,
    "Float": 1.5,
    "Boolean": True,
    "Decimal": "12.50",
    "DateTime": "2026-01-01T00:00:00Z",
    "Date": "2026-01-01",
    "Duration": "P3D",
}
NEVER = UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class Operation:
    text: str
    document: DocumentNode
    node: OperationDefinitionNode

    @property
    def name(self) -> str | None:
        return self.node.name.value if self.node.name else None

    @property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY

    @property
    def is_mutation(self) -> bool:
        return self.node.operation is OperationType.MUTATION

    def takes_ids(self) -> bool:
        """Whether each of its root fields has a variable id: one that never was is refused."""
        ids = {
            each.variable.name.value
            for each in self.node.variable_definitions or ()
            if get_named_type(_type_of(each)).name == "ID"
        }
        return all(
            any(f"${name}" in _printed(field) for name in ids)
            for field in self.node.selection_set.selections
        )

    def variables(self, ids: dict[str, str], other: str) -> dict[str, Any]:
        """A value for each variable that has no default; an id by its name, or one of `other`."""
        known = ids | {"": ids[other]}
        given = {
            each.variable.name.value: _value(_type_of(each), each.variable.name.value, known)
            for each in self.node.variable_definitions or ()
            if each.default_value is None and "key" not in each.variable.name.value.lower()
        }
        return {name: value for name, value in given.items() if value is not None}


@cache
def operations() -> list[Operation]:
    found: dict[str, Operation] = {}
    for text in {*_of_tests(), *_of_docs(), *_of_asking()}:
        try:
            document = parse(text)
        except (GraphQLError, RecursionError):
            continue
        if validate(schema._schema, document):
            continue
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                operation = Operation(text, document, node)
                found[f"{text}{operation.name}"] = operation
    return [found[key] for key in sorted(found)]


def _of_tests() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and len(text) < LONGEST and "{" in text:
                yield text


def _of_docs() -> Iterator[str]:
    for path in (ROOT / "docs").rglob("*.md"):
        yield from FENCED.findall(path.read_text("utf-8"))


def _of_asking() -> Iterator[str]:
    """Those that are put together."""
    texts = [*vars(asking).values(), *LISTS.values()]
    yield from (text for text in texts if isinstance(text, str) and "{" in text)


def _type_of(variable: VariableDefinitionNode) -> Any:
    return type_from_ast(schema._schema, variable.type)


def _printed(node: Any) -> str:
    return str(node.loc.source.body[node.loc.start : node.loc.end])


def _value(kind: Any, name: str, ids: dict[str, str]) -> Any:
    if is_non_null_type(kind):
        return _value(kind.of_type, name, ids)
    if is_list_type(kind):
        return [_value(kind.of_type, name, ids)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            field: _value(each.type, field, ids)
            for field, each in kind.fields.items()
            if isinstance(each.type, GraphQLNonNull) or get_named_type(each.type).name == "String"
        }
    if kind.name == "ID":
        return next(id for part, id in ids.items() if part.lower() in name.lower())
    return SCALARS.get(kind.name)


def ids_that_never_were(ids: dict[str, str]) -> dict[str, str]:
    return {kind: gid(kind, NEVER) for kind in ids}
