"""How an object is completed: field by field."""

from collections.abc import Sequence
from typing import Any, Protocol

from graphql import GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import invalid_return_type_error

from models.masking.contacts import may_have_contact
from schema.execution.values.columns import Column, close, fill_columns
from schema.execution.values.places import Place
from schema.execution.values.run import Finish, Run
from schema.execution.values.sorts import is_ready, sorts


class Field(Column, Protocol):
    """A selected field; its value comes from an attribute, a function, or as `resolve` gets it."""

    known: set[type]
    finish: Finish


class Plan(Protocol):
    def steps_of(
        self, kind: GraphQLObjectType, details: FieldDetailsList, run: Run
    ) -> Sequence[Field]: ...


class Selected(Protocol):
    details: FieldDetailsList

    def info(self, executor: Any) -> Any: ...


def execute(fields: Sequence[Field], source: Any, place: Place | None, run: Run) -> dict[str, Any]:
    """Return the object's fields; raises GraphQLError where one failed that may not be null."""
    data: dict[str, Any] = {}
    run.left -= len(fields)
    infos = run.infos
    for field in fields:
        key = field.key
        try:
            if field.attribute:
                value = getattr(source, field.attribute)
            elif field.call:
                value = field.call(source, infos[field])
            else:
                value = field.resolve(source, run)
            kind = type(value)
            if field.mask and (kind is not str or may_have_contact(value)):
                value = field.mask(value, source, run.executor.context_value)
                kind = type(value)
            if kind is field.plain:
                data[key] = value
            elif value is None and field.nullable:
                data[key] = None
            elif field.write and value is not None and not sorts[kind]:
                data[key] = field.write(value)
            elif value is source and kind in field.known:
                # The same row as another type: no other row shares it.
                data[key] = field.finish(value, (place, data, key, field.nullable), run)
            else:
                data[key] = field.complete(value, (place, data, key, field.nullable), run)
        except Exception as raised:
            data[key] = None
            run.refused(raised, field, (place, data, key, field.nullable))
    return data


class Objects:
    """Completes objects of a type; `known` are the classes that it has."""

    def __init__(
        self, field: Selected, kind: GraphQLObjectType, known: set[type], plan: Plan
    ) -> None:
        self.fields: Sequence[Field] = ()
        self._field = field
        self._kind = kind
        self._known = known
        self._plan = plan
        # The fields of a row, in their order.
        self._blank: dict[str, Any] = {}

    def finish(self, value: Any, place: Place, run: Run) -> dict[str, Any]:
        if not (self.fields and type(value) in self._known) and not self._learns(value, run):
            raise invalid_return_type_error(self._kind, value, self._field.details)
        return execute(self.fields, value, place, run)

    def many(self, values: Sequence[Any], run: Run) -> Sequence[Any] | None:
        """Complete objects together; what several places have is completed once."""
        unique = {id(value): value for value in values if value is not None}
        sources = [*unique.values()]
        rows = self.begun(sources, run)
        if rows is None:
            return None
        if rest := fill_columns(self.fields, sources, rows, run):
            close(rest)
            return None
        made = dict(zip(unique, rows, strict=True))
        return [made.get(id(value)) for value in values]

    def begun(self, values: Sequence[Any], run: Run) -> list[dict[str, Any]] | None:
        """Return empty rows for objects; None where a value is not of the type."""
        if not self.fields or not set(map(type, values)) <= self._known:
            try:
                if not all(is_ready(each) and self._learns(each, run) for each in values):
                    return None
            except Exception:
                return None
        run.left -= len(values) * (1 + len(self._blank))
        return [self._blank.copy() for _ in values]

    def _learns(self, value: Any, run: Run) -> bool:
        """Whether the value is of the type; its fields and classes are known then."""
        kind, field = self._kind, self._field
        if type(value) not in self._known:
            if kind.is_type_of and not kind.is_type_of(value, field.info(run.executor)):
                return False
            self._known.add(type(value))
        if not self.fields:
            self.fields = self._plan.steps_of(kind, field.details, run)
            self._blank = dict.fromkeys([each.key for each in self.fields])
        return True
