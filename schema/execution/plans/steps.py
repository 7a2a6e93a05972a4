"""The steps of a plan: each field of each selected type, and how its values are completed.

A value is completed as the specification says (https://spec.graphql.org/draft, 6.4.3), and an error
has graphql-core's words.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import invalid_return_type_error
from graphql.pyutils import Path

from schema.execution.plans.abstract import abstract
from schema.execution.plans.calls import caller
from schema.execution.plans.leaves import AS_IT_IS, Write, writer
from schema.execution.plans.lists import items
from schema.execution.plans.places import Place
from schema.execution.plans.resolvers import Attribute
from schema.execution.plans.run import Finish, Run
from schema.execution.plans.shared import once
from schema.execution.plans.sorts import AWAITABLE, FAULT, NOTHING, sorts


class Plan(Protocol):
    def steps_of(
        self, kind: GraphQLObjectType, details: FieldDetailsList, run: Run
    ) -> list["Step"]: ...


class Value:
    """The values of a field, or the items of its list."""

    def __init__(self, step: "Step", kind: GraphQLOutputType, plan: Plan) -> None:
        self.step = step
        self.nodes = [each.node for each in step.details]
        self.nullable = not is_non_null_type(kind)
        inner: Any = kind.of_type if is_non_null_type(kind) else kind
        self.write: Write | None = writer(inner) if is_leaf_type(inner) else None
        self.plain = AS_IT_IS.get(inner.name) if self.write else None
        self._finish = _finish(step, inner, self.write, plan)

    def complete(self, value: Any, place: Place, run: Run) -> Any:
        """Return what the value is written as; None where it is awaited first."""
        sort = NOTHING if value is None else sorts[type(value)]
        if sort == NOTHING:
            if self.nullable:
                return None
            name = f"{self.step.of.name}.{self.step.name}"
            raise TypeError(f"Cannot return null for non-nullable field {name}.")
        if sort == FAULT:
            raise value
        if sort == AWAITABLE:
            run.waiting.append((value, self, place))
            return None
        return self._finish(value, place, run)


class Step(Value):
    """A field of an object, under its name in the answer."""

    def __init__(
        self,
        key: str,
        of: GraphQLObjectType,
        field: GraphQLField,
        details: FieldDetailsList,
        plan: Plan,
    ) -> None:
        self.key = key
        self.of = of
        self.field = field
        self.details = details
        self.name = details[0].node.name.value
        super().__init__(self, field.type, plan)
        if not (self.write or is_list_type(get_nullable_type(field.type))):
            self._finish = once(self, self._finish)
        resolve = field.resolve
        self.attribute = resolve.name if isinstance(resolve, Attribute) else None
        self.resolve = caller(self, resolve)

    def info(self, run: Run) -> Any:
        """A new one; its path names the field alone."""
        path = Path(None, self.key, self.of.name)
        return run.executor.build_resolve_info(self.field, self.nodes, self.of, path)


def execute(steps: Sequence[Step], source: Any, place: Place | None, run: Run) -> dict[str, Any]:
    """Return the object's fields; raises GraphQLError where one failed that may not be null."""
    data: dict[str, Any] = {}
    run.left -= len(steps)
    for step in steps:
        key = step.key
        try:
            attribute = step.attribute
            value = getattr(source, attribute) if attribute else step.resolve(source, run)
            kind = type(value)
            if kind is step.plain:
                data[key] = value
            elif step.write and value is not None and not sorts[kind]:
                data[key] = step.write(value)
            else:
                data[key] = step.complete(value, (place, data, key, step.nullable), run)
        except Exception as raised:
            data[key] = None
            run.refused(raised, step, (place, data, key, step.nullable))
    return data


def _finish(step: Step, kind: Any, write: Write | None, plan: Plan) -> Finish:
    if write:
        return lambda value, _place, _run: write(value)
    if is_list_type(kind):
        return items(f"{step.of.name}.{step.name}", Value(step, kind.of_type, plan))
    if is_abstract_type(kind):
        return abstract(step, kind, lambda found: _object(step, found, plan))
    return _object(step, kind, plan)


def _object(step: Step, kind: GraphQLObjectType, plan: Plan) -> Finish:
    checked: set[type] = set()
    steps: list[Step] = []

    def finish(value: Any, place: Place, run: Run) -> dict[str, Any]:
        if type(value) not in checked:
            if kind.is_type_of and not kind.is_type_of(value, step.info(run)):
                raise invalid_return_type_error(kind, value, step.details)
            checked.add(type(value))
            if not steps:
                steps.extend(plan.steps_of(kind, step.details, run))
        return execute(steps, value, place, run)

    return finish
