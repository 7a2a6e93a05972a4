"""How a step calls a resolver with arguments."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLField,
    IntValueNode,
    NullValueNode,
    StringValueNode,
)
from graphql.execution.values import get_argument_values

from schema.execution.plans.run import Asks, Run

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

    def resolve(source: Any, run: Run) -> Any:
        nonlocal constant
        given = constant or run.arguments.get(step)
        if given is None:
            given = run.arguments[step] = _arguments(step, run)
            constant = given if is_constant else None
        call = function or run.executor.field_resolver
        return call(source, run.infos[step], **given)

    return resolve


def _arguments(step: Resolved, run: Run) -> dict[str, Any]:
    executor = run.executor
    return get_argument_values(
        step.field, step.nodes[0], executor.variable_values, None, executor.hide_suggestions
    )
