"""Strawberry's decorators, typed so that mypy still sees the resolver that they wrap."""

from collections.abc import Callable
from typing import TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver")


def field(
    graphql_type: object = None, description: str | None = None
) -> Callable[[Resolver], Resolver]:
    made = strawberry.field(graphql_type=graphql_type, description=description)
    return cast(Callable[[Resolver], Resolver], made)


def subscription(graphql_type: object, description: str) -> Callable[[Resolver], Resolver]:
    made = strawberry.subscription(graphql_type=graphql_type, description=description)
    return cast(Callable[[Resolver], Resolver], made)
