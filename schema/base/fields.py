"""Strawberry's decorators with their types: they leave a resolver as it is."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver")


def field(
    graphql_type: Any = None, description: str | None = None
) -> Callable[[Resolver], Resolver]:
    made = strawberry.field(graphql_type=graphql_type, description=description)
    return cast(Callable[[Resolver], Resolver], made)


def subscription(graphql_type: Any, description: str) -> Callable[[Resolver], Resolver]:
    made = strawberry.subscription(graphql_type=graphql_type, description=description)
    return cast(Callable[[Resolver], Resolver], made)
