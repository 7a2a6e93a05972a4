"""The variables of a known operation are read as graphql-core reads them."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, Undefined, build_schema, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given
from hypothesis import strategies as some

from schema.execution.plans.variables import MOST_PROBLEMS, Variables
from schema.execution.schema import schema as ours

SCHEMA = build_schema("""
  enum Level { A B }
  input Range { from: Int!, to: Int = 5 }
  type Query { field: Int }
""")
TYPES = (
    "Int",
    "Int!",
    "ID",
    "ID!",
    "Level",
    "Boolean!",
    "[Int!]",
    "Range",
    "String",
    "Query",
    "No",
)
NAMES = ("a", "b", "c")
VALUES: Any = (
    some.none()
    | some.booleans()
    | some.integers(-(2**33), 2**33)
    | some.floats(allow_nan=False)
    | some.sampled_from(["A", "", "x", [1, None], {"from": 1}, {"to": {}}])
)
DEFAULTS = ("", " = 3", ' = "x"', " = A", " = null")


def told(values: Any) -> object:
    if not isinstance(values, VariableValues):
        return [each.formatted for each in values]
    sources = {
        name: (each.value, str(each.signature.type), each.signature.default is None)
        for name, each in values.sources.items()
    }
    return sources, values.coerced, {name: type(each) for name, each in values.coerced.items()}


def definitions_of(text: str) -> Any:
    (operation,) = parse(f"query {text} {{ field }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation.variable_definitions or ()


@given(
    some.lists(some.tuples(some.sampled_from(TYPES), some.sampled_from(DEFAULTS)), max_size=3),
    some.dictionaries(some.sampled_from(NAMES), VALUES),
)
def test_they_are_those_of_graphql_core(
    kinds: list[tuple[str, str]], values: dict[str, Any]
) -> None:
    each = (
        f"${name}: {kind}{default}" for name, (kind, default) in zip(NAMES, kinds, strict=False)
    )
    definitions = definitions_of(f"({', '.join(each)})" if kinds else "")
    found = Variables(SCHEMA, definitions).of(values)
    wanted = get_variable_values(SCHEMA, definitions, values, max_errors=MOST_PROBLEMS)
    assert told(found) == told(wanted)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("DateTime", "2026-01-02T03:04:05Z"), ("DateTime!", "never"), ("ID!", 5), ("ID", "abc")],
)
def test_our_own_scalars_too(kind: str, value: object) -> None:
    schema, definitions = ours._schema, definitions_of(f"($a: {kind}, $b: {kind} )")
    for values in ({"a": value}, {"a": value, "b": value}, {"b": None}, {"other": value}):
        found = Variables(schema, definitions).of(values)
        wanted = get_variable_values(schema, definitions, values, max_errors=MOST_PROBLEMS)
        assert told(found) == told(wanted)


def test_a_value_that_was_not_given_stays_undefined() -> None:
    found = Variables(SCHEMA, definitions_of("($a: Int)")).of({})
    assert isinstance(found, VariableValues)
    assert found.sources["a"].value is Undefined
    assert found.coerced == {}
