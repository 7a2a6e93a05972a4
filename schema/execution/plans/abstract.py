"""How a value of an interface or a union is completed: by the type that it has."""

from collections.abc import Callable
from typing import Any, Protocol

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import default_type_resolver
from strawberry.types.cast import get_strawberry_type_cast

from schema.execution.plans.places import Place
from schema.execution.plans.run import Finish, Run


class Selected(Protocol):
    details: FieldDetailsList

    def info(self, executor: Any) -> Any: ...


def abstract(
    step: Selected,
    kind: GraphQLAbstractType,
    classes: set[type],
    of_object: Callable[[GraphQLObjectType], Finish],
) -> Finish:
    """The class of a value, or what it is cast to, decides its type: it is looked for once.

    `classes` gets those of the values that were found to be objects.
    """
    finishes: dict[type, Finish] = {}

    def finish(value: Any, place: Place, run: Run) -> Any:
        known = get_strawberry_type_cast(value) or type(value)
        if known not in finishes:
            info = step.info(run.executor)
            name = (kind.resolve_type or default_type_resolver)(value, info, kind)
            found = run.executor.ensure_valid_runtime_type(name, kind, step.details, info, value)
            finishes[known] = of_object(found)
            classes.add(type(value))
        return finishes[known](value, place, run)

    return finish
