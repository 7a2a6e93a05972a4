"""How a value of an interface or a union is completed: by the type that it has."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.execution.executor import default_type_resolver
from strawberry.types.cast import get_strawberry_type_cast

from schema.execution.values.objects import Objects, Selected
from schema.execution.values.places import Place
from schema.execution.values.run import Run
from schema.execution.values.sorts import is_ready


class Abstract:
    """The class of a value, or what it is cast to, decides its type: it is looked for once.

    `classes` gets those of the values that were found to be objects.
    """

    def __init__(
        self,
        step: Selected,
        kind: GraphQLAbstractType,
        classes: set[type],
        of_object: Callable[[GraphQLObjectType], Objects],
    ) -> None:
        self._step = step
        self._kind = kind
        self._classes = classes
        self._of_object = of_object
        self._known: dict[type, Objects] = {}

    def finish(self, value: Any, place: Place, run: Run) -> Any:
        return self._objects_of(value, run).finish(value, place, run)

    def many(self, values: Sequence[Any], run: Run) -> Sequence[Any] | None:
        """Complete objects together, those of each type."""
        by_type: dict[Objects, list[Any]] = {}
        for value in {id(value): value for value in values if value is not None}.values():
            if type(value) not in self._classes and not is_ready(value):
                return None
            by_type.setdefault(self._objects_of(value, run), []).append(value)
        made: dict[int, Any] = {}
        for objects, found in by_type.items():
            done = objects.many(found, run)
            if done is None:
                return None
            made |= zip(map(id, found), done, strict=True)
        return [made.get(id(value)) for value in values]

    def _objects_of(self, value: Any, run: Run) -> Objects:
        known = get_strawberry_type_cast(value) or type(value)
        if known not in self._known:
            step, kind = self._step, self._kind
            info = step.info(run.executor)
            name = (kind.resolve_type or default_type_resolver)(value, info, kind)
            found = run.executor.ensure_valid_runtime_type(name, kind, step.details, info, value)
            self._known[known] = self._of_object(found)
            self._classes.add(type(value))
        return self._known[known]
