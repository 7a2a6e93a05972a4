"""How an object is completed: field by field."""

from collections.abc import Sequence
from typing import Any, Protocol

from graphql import GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import invalid_return_type_error

from models.masking.contacts import may_have_contact
from schema.execution.plans.calls import Call
from schema.execution.plans.leaves import Write
from schema.execution.plans.places import Place
from schema.execution.plans.run import Asks, Finish, Run
from schema.execution.plans.sorts import sorts


class Field(Asks, Protocol):
    """A selected field; its value comes from an attribute, a function, or as `resolve` gets it."""

    key: str
    nullable: bool
    attribute: str | None
    call: Call | None
    resolve: Call
    mask: Call | None
    plain: type | None
    write: Write | None
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


def object_of(field: Selected, kind: GraphQLObjectType, known: set[type], plan: Plan) -> Finish:
    """Return what completes an object of this type; `known` are the classes that it has."""
    fields: list[Field] = []

    def finish(value: Any, place: Place, run: Run) -> dict[str, Any]:
        if not fields or type(value) not in known:
            if kind.is_type_of and not kind.is_type_of(value, field.info(run.executor)):
                raise invalid_return_type_error(kind, value, field.details)
            known.add(type(value))
            if not fields:
                fields.extend(plan.steps_of(kind, field.details, run))
        return execute(fields, value, place, run)

    return finish
