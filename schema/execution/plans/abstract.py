"""How a value of an interface or a union is completed: by the type that it has."""

from collections.abc import Callable
from typing import Any, Protocol

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import default_type_resolver

from schema.execution.plans.run import Finish, Place, Run


class Selected(Protocol):
    details: FieldDetailsList

    def info(self, run: Run) -> Any: ...


def abstract(
    step: Selected, kind: GraphQLAbstractType, of_object: Callable[[GraphQLObjectType], Finish]
) -> Finish:
    """The class of a value decides its type: so a type is looked for once."""
    finishes: dict[type, Finish] = {}

    def finish(value: Any, place: Place, run: Run) -> Any:
        if type(value) not in finishes:
            info = step.info(run)
            name = (kind.resolve_type or default_type_resolver)(value, info, kind)
            found = run.executor.ensure_valid_runtime_type(name, kind, step.details, info, value)
            finishes[type(value)] = of_object(found)
        return finishes[type(value)](value, place, run)

    return finish
