"""How a step calls a resolver with arguments."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLArgument,
    GraphQLField,
    IntValueNode,
    NullValueNode,
    StringValueNode,
    Undefined,
    VariableNode,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution.values import get_argument_values

from schema.execution.values.run import Asks, Run

PLAIN = (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    NullValueNode,
    StringValueNode,
)
Call: TypeAlias = Callable[..., Any]


class Resolved(Asks, Protocol):
    field: GraphQLField


def caller(step: Resolved, function: Any) -> Call:
    """Return what calls a resolver that is neither an attribute nor a function, as graphql-core."""
    # Arguments that no variable decides are the same for all requests.
    constant: dict[str, Any] | None = None
    is_constant = all(isinstance(each.value, PLAIN) for each in step.nodes[0].arguments or ())
    of_variables = None if is_constant else from_variables(step)

    def resolve(source: Any, run: Run) -> Any:
        nonlocal constant
        given = constant or run.arguments.get(step)
        if given is None:
            given = of_variables and of_variables(run.executor.variable_values.coerced)
            if given is None:
                given = _arguments(step, run)
            run.arguments[step] = given
            constant = given if is_constant else None
        call = function or run.executor.field_resolver
        return call(source, run.infos[step], **given)

    return resolve


def from_variables(step: Resolved) -> Callable[[Mapping[str, Any]], dict[str, Any] | None] | None:
    """Return what takes a field's arguments from the values of variables, which are read already.

    None where some argument is not a variable; it answers None where graphql-core is to look.
    """
    named = {each.name.value: each.value for each in step.nodes[0].arguments or ()}
    wanted: list[tuple[str, str, bool, bool]] = []
    for name, argument in step.field.args.items():
        value, is_plain = named.get(name), _has_no_default(argument)
        if isinstance(value, VariableNode):
            may_be_null = not is_non_null_type(argument.type)
            place = (argument.out_name or name, value.name.value)
            wanted.append((*place, may_be_null, may_be_null and is_plain))
        elif value or not is_plain or is_required_argument(argument):
            return None

    def given(values: Mapping[str, Any]) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        for name, variable, may_be_null, may_be_left_out in wanted:
            if variable in values:
                found[name] = value = values[variable]
                if value is None and not may_be_null:
                    return None
            elif not may_be_left_out:
                return None
        return found

    return given


def _has_no_default(argument: GraphQLArgument) -> bool:
    return argument.default is None and argument.default_value is Undefined


def _arguments(step: Resolved, run: Run) -> dict[str, Any]:
    executor = run.executor
    return get_argument_values(
        step.field, step.nodes[0], executor.variable_values, None, executor.hide_suggestions
    )
