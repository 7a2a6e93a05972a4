"""An executor from an earlier one of the same operation, without reading the document again.

It is in no circle of references: all rows of an answer would wait there for the garbage collector.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from graphql import GraphQLError
from graphql.execution.executor import CollectedErrors, Executor
from graphql.type.definition import GraphQLResolveInfoHelpers

from schema.execution.plans.variables import Variables


def of_nobody(executor: Executor[Any]) -> Any:
    """Return a copy that keeps nothing of its request; what it would share, no plan uses."""
    made: Any = copy(executor)
    made.variable_values = made.context_value = None
    made.variables = Variables(made.schema, made.operation.variable_definitions or ())
    made.async_helpers = GraphQLResolveInfoHelpers(made.gather_async_work, made.track_async_work)
    vars(made).pop("execute_field", None)
    return made


def for_request(
    first: Any, variables: Mapping[str, Any] | None, context: object
) -> Executor[Any] | list[GraphQLError]:
    """Return what `Executor.build` would: an executor, or the errors of the variables."""
    values = first.variables.of(variables or {})
    if isinstance(values, list):
        return values
    made: Executor[Any] = object.__new__(type(first))
    vars(made).update(vars(first))
    made.variable_values, made.context_value = values, context
    made.collected_errors = CollectedErrors()
    return made
