"""How a step calls its field's resolver."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from graphql import GraphQLField
from graphql.execution.values import get_argument_values

from schema.execution.outgoing_texts import Masking
from schema.execution.plans.resolvers import Attribute, Function
from schema.execution.plans.run import Completes, Run

Call: TypeAlias = Callable[[Any, Run], Any]


class Resolved(Completes, Protocol):
    field: GraphQLField

    def info(self, run: Run) -> Any: ...


def caller(step: Resolved, resolve: Any) -> Call:
    """Return what calls the resolver with a source and what else it asks for."""
    if isinstance(resolve, Masking):
        inner = caller(step, resolve.resolve)
        mask = resolve.mask
        return lambda source, run: mask(inner(source, run), source, run.executor.context_value)
    if isinstance(resolve, Attribute):
        name = resolve.name
        return lambda source, _run: getattr(source, name)
    if isinstance(resolve, Function):
        return _called(step, resolve)
    return _generic(step, resolve)


def _called(step: Resolved, function: Function) -> Call:
    call = function.call
    if function.info is None:
        return lambda source, _run: call(source, None)

    def resolve(source: Any, run: Run) -> Any:
        info = run.infos.get(step)
        if info is None:
            info = run.infos[step] = function.info_of(step.info(run))
        return call(source, info)

    return resolve


def _generic(step: Resolved, function: Any) -> Call:
    """Any other resolver, as graphql-core would call it."""

    def resolve(source: Any, run: Run) -> Any:
        if step not in run.infos:
            run.infos[step] = step.info(run)
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
