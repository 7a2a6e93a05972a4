"""Arguments that are variables are taken as graphql-core takes them."""

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, build_schema, parse
from graphql.execution.values import VariableValues, get_argument_values

from schema.execution.values.calls import from_variables

SCHEMA = build_schema("type Query { field(a: Int!, b: Int, c: Int = 5, d: [Int!]): Int }")
FIELD = SCHEMA.query_type.fields["field"] if SCHEMA.query_type else None
MISSING = object()


def step_of(arguments: str) -> Any:
    (operation,) = parse(f"query ($x: Int) {{ field({arguments}) }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    return SimpleNamespace(field=FIELD, nodes=[node])


@pytest.mark.parametrize(
    "arguments", ["a: $x, c: $z", "a: $x, b: $y, c: $z", "b: $y, c: $z, a: $x, d: $x"]
)
def test_they_are_those_of_graphql_core_or_left_to_it(arguments: str) -> None:
    step, taken = step_of(arguments), 0
    taking = from_variables(step)
    assert taking
    for x, y, z in product((3, None, MISSING), repeat=3):
        given = dict(zip("xyz", (x, y, z), strict=True))
        values = {name: value for name, value in given.items() if value is not MISSING}
        found = taking(values)
        if found is not None:
            taken += 1
            expected = get_argument_values(step.field, step.nodes[0], VariableValues({}, values))
            assert list(found.items()) == list(expected.items())
        else:
            assert x in (None, MISSING) or z is MISSING
    assert taken


@pytest.mark.parametrize("arguments", ["a: 1, c: $z", "a: $x", "c: $z", "a: $x, c: $z, d: [$x]"])
def test_what_is_no_variable_or_has_a_default_is_left_to_it(arguments: str) -> None:
    assert from_variables(step_of(arguments)) is None
