"""Every GraphQL type against the Python classes whose objects it shows.

mypy checks a resolver against its return annotation. These tests check the annotations against the
GraphQL types: each field has a resolver for that class, or the class has an attribute of its name.
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import strawberry
from strawberry.types.base import StrawberryContainer, has_object_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from models import refusals, tables
from models.paging import Edge, Page
from models.rules import rules
from models.taking.capacity import OverCapacity
from schema.base.refusals import refusal_types
from schema.customers.duplicates import Duplicate
from schema.execution.schema import schema
from schema.mutations import Mutation
from schema.organizations.members import Member
from schema.pools.rules import Rules
from schema.pools.undo import MemberLoad
from schema.queries import Query
from schema.subscriptions import Subscription

WRAPPERS = (Awaitable, AsyncGenerator, UnionType, Union, list, tuple)


def classes(annotation: Any) -> Iterator[Any]:
    """The classes in an annotation, without their wrappers and without None."""
    if get_origin(annotation) in WRAPPERS:
        for each in get_args(annotation):
            yield from classes(each)
    elif annotation not in (None, type(None), Any, object, ...):
        yield annotation


def plain(kind: Any) -> Any:
    return get_origin(kind) or kind


def hints(function: Any) -> dict[str, Any]:
    return get_type_hints(inspect.unwrap(getattr(function, "__func__", function)))


def attribute(owner: Any, name: str) -> Any:
    """The annotation of an attribute or property; raises KeyError if there is none."""
    for base in (owner, *getattr(owner, "__orig_bases__", ())):
        if plain(base) is Page and name == "nodes":
            return get_args(base)[0]
        if plain(base) is Page and name == "edges":
            return Edge[get_args(base)[0]]  # type: ignore[misc]
        if plain(base) is Edge and name == "node":
            return get_args(base)[0]
    held = inspect.getattr_static(plain(owner), name, None)
    read = getattr(held, "fget", None) or getattr(held, "func", None)
    if read:
        return hints(read)["return"]
    columns = getattr(getattr(owner, "_meta", None), "fields", ())
    return (dict.fromkeys(columns, object) | hints(plain(owner)))[name]


def fields(kind: Any) -> list[StrawberryField]:
    found: list[StrawberryField] = kind.__strawberry_definition__.fields
    return found


def shown_class(kind: Any) -> Any:
    """The class that the type names by `shows(…)`, if it does."""
    is_type_of = kind.__dict__.get("is_type_of")
    return inspect.getclosurevars(is_type_of).nonlocals["kind"] if is_type_of else None


def problem(kind: Any, field: StrawberryField, shown: Any) -> str | None:
    """What is wrong with a field of the type, for objects of the class `shown`."""
    where = f"{kind.__name__}.{field.python_name} of {plain(shown).__name__}"
    if field.base_resolver is None:
        try:
            attribute(shown, field.python_name)
        except KeyError:
            return f"{where}: neither a resolver nor an attribute"
        return None
    parent = plain(hints(field.base_resolver.wrapped_func).get("root", object))
    if getattr(parent, "_is_protocol", False) or issubclass(plain(shown), parent):
        return None
    return f"{where}: its resolver takes {parent.__name__}"


def children(field: StrawberryField, shown: Any) -> Iterator[tuple[Any, Any]]:
    """The types that the field leads to, each with the class of its objects."""
    kind: Any = field.type
    while isinstance(kind, StrawberryContainer | LazyType):
        kind = kind.resolve_type() if isinstance(kind, LazyType) else kind.of_type
    resolver = field.base_resolver
    annotation = (
        hints(resolver.wrapped_func)["return"] if resolver else attribute(shown, field.python_name)
    )
    for each in classes(annotation):
        if has_object_definition(kind) and not kind.__strawberry_definition__.is_interface:
            yield kind, each
        elif has_object_definition(each):
            yield each, each


def problems(kind: Any, shown: Any, seen: set[tuple[Any, Any]]) -> list[str]:
    """The problems of the type and of all types that its fields lead to."""
    if (kind, shown) in seen:
        return []
    seen.add((kind, shown))
    own, found = shown_class(kind), []
    if own and not issubclass(plain(shown), own):
        found.append(f"{kind.__name__} shows {own.__name__}, not {plain(shown).__name__}")
    for field in fields(kind):
        wrong = problem(kind, field, shown)
        found += [wrong] if wrong else []
        for child in children(field, shown) if not wrong else ():
            found += problems(*child, seen)
    return found


def roots() -> dict[Any, Any]:
    """The types from which the others are reached, each with the class that it shows."""
    themselves = (Query, Mutation, Subscription, *refusal_types().values())
    found: dict[Any, Any] = {kind: kind for kind in themselves}
    for each in schema.schema_converter.type_map.values():
        kind = getattr(each.definition, "origin", None)
        if kind and shown_class(kind):
            found[kind] = shown_class(kind)
    return found


def test_every_type_can_show_the_objects_that_reach_it() -> None:
    seen: set[tuple[Any, Any]] = set()
    assert [wrong for root in roots().items() for wrong in problems(*root, seen)] == []
    assert {
        (Rules, rules.Rules),
        (MemberLoad, OverCapacity),
        (Duplicate, refusals.Duplicate),
    } <= seen


@strawberry.type
class Wrong:
    member: tables.Department = strawberry.field(graphql_type=Member)


def test_a_class_that_lacks_what_its_type_shows_is_found() -> None:
    found = problems(Wrong, Wrong, set())
    assert "Member shows Member, not Department" in found
    assert "Member.email of Department: neither a resolver nor an attribute" in found
    assert "Member.department of Department: its resolver takes Member" in found
