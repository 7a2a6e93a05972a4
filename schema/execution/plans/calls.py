"""How a step calls a resolver with arguments."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from graphql import GraphQLField
from graphql.execution.values import get_argument_values

from schema.execution.plans.run import Asks, Run

Call: TypeAlias = Callable[[Any, Run], Any]


class Resolved(Asks, Protocol):
    field: GraphQLField


def caller(step: Resolved, function: Any) -> Call:
    """Return what calls a resolver that is neither an attribute nor a function, as graphql-core."""

    def resolve(source: Any, run: Run) -> Any:
        if step not in run.arguments:
            run.arguments[step] = _arguments(step, run)
        call = function or run.executor.field_resolver
        return call(source, run.infos[step], **run.arguments[step])

    return resolve


def _arguments(step: Resolved, run: Run) -> dict[str, Any]:
    executor = run.executor
    return get_argument_values(
        step.field, step.nodes[0], executor.variable_values, None, executor.hide_suggestions
    )
