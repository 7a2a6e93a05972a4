"""Every string, number and list that a client may send has a bound."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    is_introspection_type,
    specified_scalar_types,
)

from models.refusals import InvalidInput
from models.tables import Event, Member
from models.texts.text import PLAIN
from schema.base.inputs.bounds import CHARACTERS, ITEMS, MOST_ITEMS
from schema.base.scalars import LONGEST_CURSOR, BadValue
from schema.execution.schema import schema
from tests.schema.test_isolation import ROOTS, document
from tests.support.asking import DEAL, ask, gid
from tests.support.running import Client
from tests.support.samples import Office

# Of a type: what fits, and what is over its bound.
VALUES: dict[str, tuple[Any, Any]] = {
    "String": ("x", "x" * 10_001),
    "ID": ("x", "x" * 1_001),
    "Float": (1.0, 1e10),
    "Cursor": ("x", "x" * (LONGEST_CURSOR + 1)),
    "Duration": ("P1D", "P" + "0" * 100 + "1D"),
    "DateTime": ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00." + "0" * 100 + "Z"),
    "Date": ("2026-01-01", "0" * 100 + "2026-01-01"),
    "Decimal": ("1", "1" + "0" * 100),
}
# These have their bounds by the language itself.
BOUNDED = {"Int": 1, "Boolean": True}
Way = tuple[Any, ...]


def inputs(given: dict[str, Any], owner: str) -> Iterator[tuple[Way, Any, str]]:
    """The way to each value that can be too large, its type, and its place in the schema."""
    for name, value in given.items():
        yield from within(value.type, (name,), f"{owner}.{name}")


def within(kind: Any, way: Way, place: str) -> Iterator[tuple[Way, Any, str]]:
    plain = not_null(kind)
    if isinstance(plain, GraphQLList):
        yield way, plain, place
        yield from within(plain.of_type, (*way, 0), place)
    elif isinstance(plain, GraphQLInputObjectType):
        for rest, inner, at in inputs(plain.fields, plain.name):
            yield (*way, *rest), inner, at
    elif plain.name not in BOUNDED and not isinstance(plain, GraphQLEnumType):
        yield way, plain, place


def not_null(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def fitting(kind: Any) -> Any:
    """The smallest value of a type."""
    plain = not_null(kind)
    if isinstance(plain, GraphQLList):
        return []
    if isinstance(plain, GraphQLInputObjectType):
        return smallest(plain.fields)
    if isinstance(plain, GraphQLEnumType):
        return next(iter(plain.values))
    return BOUNDED[plain.name] if plain.name in BOUNDED else VALUES[plain.name][0]


def smallest(given: dict[str, Any]) -> dict[str, Any]:
    needed = {n: v for n, v in given.items() if isinstance(v.type, GraphQLNonNull)}
    return {n: fitting(v.type) for n, v in needed.items() if v.default_value is Undefined}


def too_large(kind: Any, place: str) -> Any:
    if isinstance(kind, GraphQLList):
        return [fitting(kind.of_type)] * (ITEMS.get(place, MOST_ITEMS) + 1)
    return "x" * (CHARACTERS[place] + 1) if place in CHARACTERS else VALUES[kind.name][1]


def with_value(kind: Any, way: Way, value: Any) -> Any:
    """A value of the type that has this one at the end of the way."""
    if not way:
        return value
    plain, (step, *rest) = not_null(kind), way
    if isinstance(plain, GraphQLList):
        return [with_value(plain.of_type, tuple(rest), value)]
    inside = with_value(plain.fields[step].type, tuple(rest), value)
    return smallest(plain.fields) | {step: inside}


def arguments(field: Any, way: Way, value: Any) -> dict[str, Any]:
    name = way[0]
    return smallest(field.args) | {name: with_value(field.args[name].type, way[1:], value)}


async def told(api: Client, who: Member, text: str, given: dict[str, Any]) -> list[Any]:
    answer = await api.graphql(who, text, **given)
    if "errors" in answer:
        assert {each["extensions"]["code"] for each in answer["errors"]} == {"InvalidInput"}
        return [problem for each in answer["errors"] for problem in each["extensions"]["problems"]]
    (value,) = answer["data"].values()
    return list(value["problems"])


@pytest.mark.parametrize("root", ["query", "mutation"])
async def test_each_value_over_its_bound_is_invalid_at_its_path(
    api: Client, office: Office, root: str
) -> None:
    admin, kind, wrong = (await office.admin()).member, ROOTS[root], []
    assert kind is not None
    for name, field in kind.fields.items():
        for way, inner, place in inputs(field.args, f"{kind.name}.{name}"):
            if ITEMS.get(place, 0) > MOST_ITEMS:
                continue
            given = arguments(field, way, too_large(inner, place))
            found = await told(api, admin, document(root, name, given), given)
            path = ".".join(map(str, way))
            if path not in {each["path"] for each in found}:
                wrong.append((name, path, found))
    assert wrong == []
    assert await Event.all().count() == 1


def everything() -> Iterator[tuple[Any, Way, Any, str]]:
    """Each field with each of its values that can be too large."""
    for kind in schema._schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not is_introspection_type(kind):
            for name, field in kind.fields.items():
                for found in inputs(field.args, f"{kind.name}.{name}"):
                    yield field, *found


def test_no_input_of_any_field_is_without_a_bound() -> None:
    scalars = set()
    for field, way, inner, place in everything():
        if isinstance(inner, GraphQLList) or inner.name in specified_scalar_types:
            given = arguments(field, way, too_large(inner, place))
            assert refused_paths(field, given) == [".".join(map(str, way))]
        else:
            scalars.add(inner)
    assert {each.name for each in scalars} == VALUES.keys() - specified_scalar_types.keys()
    for scalar in scalars:
        over = VALUES[scalar.name][1]
        if scalar.name == "Decimal":
            assert scalar.parse_value(over).is_nan()
        else:
            with pytest.raises(BadValue):
                scalar.parse_value(over)


def refused_paths(field: Any, given: dict[str, Any]) -> list[str]:
    """Of the bound alone: what the field does behind it is not reached."""
    act = field.subscribe or field.resolve
    try:
        refused = act(None, SimpleNamespace(context=SimpleNamespace(reader=PLAIN)), **given)
    except InvalidInput as raised:
        refused = raised
    return [each.path for each in refused.problems]


async def test_what_is_just_within_its_bound_is_no_longer_refused_for_it(
    api: Client, office: Office
) -> None:
    admin = await office.admin()
    text = "query ($id: ID!) { node(id: $id) { id } }"
    assert await ask(api, admin, text, id="x" * 1_000) is None


async def test_sixty_thousand_zeros_are_no_amount(api: Client, office: Office) -> None:
    li = await office.person()
    for amount in ("1." + "0" * 60_000, "1" + "0" * 64):
        answer = await ask(api, li, DEAL, customer=gid("Customer", li.id), amount=amount)
        assert answer["__typename"] == "InvalidInput"
        assert [each["path"] for each in answer["problems"]] == ["amount"]
