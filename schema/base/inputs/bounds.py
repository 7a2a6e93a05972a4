"""The bound of every string, number and list that a client may send, by where it goes.

Scalars of our own have theirs in schema/base/scalars.py; Int has 32 bits. What a value means is
checked by the verbs, which say more: these bounds keep out what nobody could mean.
"""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
)

from models.refusals import InvalidInput, Problem
from models.sheets.xlsx_child import MOST_COLUMNS
from models.texts.text import Text
from schema.base.context import Context
from schema.base.refusals import to_graphql

MOST_CHARACTERS = {"String": 10_000, "ID": 1_000}
MOST_ITEMS = 1_000
MOST_NUMBER = 1e9
CHARACTERS = {"Mutation.importCustomers.csv": 16_000_000}
ITEMS = {
    "ChannelInput.kinds": 100,
    "RulesInput.capacities": 10_000,
    "RulesInput.levels": 100,
    "RulesInput.reminders": 10,
    "RulesInput.masked": 10,
    "Mutation.importSheet.mapping": MOST_COLUMNS,
    "Query.nodes.ids": 100,
    "Query.previewImport.mapping": MOST_COLUMNS,
    "Mutation.setDuplicateKeys.blocking": 10,
    "Mutation.handOver.toMemberIds": 100,
    "Mutation.deactivateMember.handOverTo": 100,
    "Mutation.setCalendar.holidays": 366,
    "Mutation.setCalendar.workingWeekends": 366,
}

Check = Callable[[Any, str], Iterator[Problem]]
Inputs = dict[str, GraphQLArgument] | dict[str, GraphQLInputField]


def bound_inputs(schema: GraphQLSchema) -> None:
    """Make each field refuse arguments over their bounds, before anything else happens."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind):
            for name, field in kind.fields.items():
                checks = _checks(f"{kind.name}.{name}", field.args)
                if checks:
                    _bound(field, checks)


def _bound(field: GraphQLField, checks: dict[str, Check]) -> None:
    """A subscription reads its arguments when it begins."""
    name = "subscribe" if field.subscribe else "resolve"
    act = getattr(field, name)
    result = get_nullable_type(field.type)
    has_answer = isinstance(result, GraphQLUnionType) and any(
        kind.name == InvalidInput.__name__ for kind in result.types
    )

    def within_bounds(root: Any, info: GraphQLResolveInfo[Context], **given: Any) -> Any:
        problems = tuple(_problems(checks, given, ""))
        if not problems:
            return act(root, info, **given)
        if has_answer:
            return to_graphql(InvalidInput(problems), info.context.reader)
        raise InvalidInput(problems)

    setattr(field, name, within_bounds)


def _problems(checks: dict[str, Check], given: dict[str, Any], prefix: str) -> Iterator[Problem]:
    for name, check in checks.items():
        if (value := given.get(name)) is not None:
            yield from check(value, prefix + name)


def _checks(owner: str, inputs: Inputs) -> dict[str, Check]:
    found = {name: _check(f"{owner}.{name}", each.type) for name, each in inputs.items()}
    return {name: check for name, check in found.items() if check}


def _check(place: str, kind: GraphQLInputType) -> Check | None:
    """Return what finds the problems of a value at this place; None where its type bounds it."""
    plain = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(plain, GraphQLList):
        return _check_list(ITEMS.get(place, MOST_ITEMS), _check(place, plain.of_type))
    if isinstance(plain, GraphQLInputObjectType):
        checks = _checks(plain.name, plain.fields)
        return lambda value, path: _problems(checks, value, f"{path}.")
    name = get_named_type(plain).name
    if name in MOST_CHARACTERS:
        return _check_length(CHARACTERS.get(place, MOST_CHARACTERS[name]))
    return _check_number if name == "Float" else None


def _check_list(most: int, check: Check | None) -> Check:
    def problems(values: list[Any], path: str) -> Iterator[Problem]:
        if len(values) > most:
            yield Problem(path, Text("must be no more than {most}", most=most))
        elif check:
            for index, value in enumerate(values):
                if value is not None:
                    yield from check(value, f"{path}.{index}")

    return problems


def _check_length(most: int) -> Check:
    def problems(value: str, path: str) -> Iterator[Problem]:
        if len(value) > most:
            yield Problem(path, Text("must be no longer than {most} characters", most=most))

    return problems


def _check_number(value: float, path: str) -> Iterator[Problem]:
    if abs(value) > MOST_NUMBER:
        yield Problem(path, Text("must be no more than {most}", most=int(MOST_NUMBER)))
