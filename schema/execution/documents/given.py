"""What the cost of an operation needs to know of its variables."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import IntValueNode, OperationDefinitionNode, ValueNode

# More than any integer of the schema has; Python reads no more than 4,300.
MOST_DIGITS = 40


class Many(NamedTuple):
    """The length of a list (0 for an object), and the values in it, at every depth."""

    length: int = 0
    values: int = 0


Given = Mapping[str, int | Many]


def given_to(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Given:
    """Return the numbers and the sizes of the operation's variables, defaults among them."""
    given: dict[str, int | Many] = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        value = variables.get(name)
        if name not in variables and definition.default_value:
            value = literal_int(definition.default_value, None)
        if isinstance(value, int):
            given[name] = value
        elif isinstance(value, (dict, list)):
            given[name] = Many(len(value) if isinstance(value, list) else 0, _count(value))
    return given


def literal_int(value: ValueNode, default: object) -> object:
    """Return the integer of a literal, else the default; None for one that is too long."""
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) <= MOST_DIGITS else None
    return default


def _count(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_count, value.values()))
    return len(value) + sum(map(_count, value)) if isinstance(value, list) else 0
