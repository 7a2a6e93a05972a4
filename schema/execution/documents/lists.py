"""Cuts the lists of variables before they are read: their fields refuse what is too long."""

from itertools import islice
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    type_from_ast,
)

from schema.base.inputs.bounds import ITEMS, MOST_ITEMS

MOST_UNKNOWN = 10
# A variable may be a list of these by itself.
ITEMS_OF = {"CapacityInput": ITEMS["RulesInput.capacities"]}


def cut(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> dict[str, Any]:
    """Return the variables with each list one longer than it may be, at most.

    Of the fields that an object does not have, only the first are left: each is refused at length.
    """
    return variables | {
        name: _cut(value, type_from_ast(schema, definition.type), None)
        for definition in operation.variable_definitions or ()
        if isinstance(value := variables.get(name := definition.variable.name.value), (dict, list))
    }


def _cut(value: Any, kind: Any, most: int | None) -> Any:
    kind = get_nullable_type(kind)
    if isinstance(value, list) and isinstance(kind, GraphQLList):
        most = most or ITEMS_OF.get(get_named_type(kind).name, MOST_ITEMS)
        if not isinstance(get_named_type(kind), GraphQLInputObjectType):
            most = MOST_ITEMS  # Cheap to read: errors name more of them.
        return [_cut(each, kind.of_type, None) for each in value[: most + 1]]
    if isinstance(value, dict) and isinstance(kind, GraphQLInputObjectType):
        return _cut_object(value, kind)
    return value


def _cut_object(value: dict[str, Any], kind: GraphQLInputObjectType) -> dict[str, Any]:
    unknown = (name for name in value if name not in kind.fields)
    return {name: value[name] for name in islice(unknown, MOST_UNKNOWN)} | {
        name: _cut(value[name], field.type, ITEMS.get(f"{kind.name}.{name}"))
        for name, field in kind.fields.items()
        if name in value
    }
