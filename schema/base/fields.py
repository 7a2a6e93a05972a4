"""Strawberry's decorators, typed so that mypy still sees the resolver that they wrap."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver")
# Resolves a field of many objects by one call, from them and the Info; None where it can't at once.
Together: TypeAlias = Callable[[Sequence[Any], Any], Sequence[Any] | None]
TOGETHER = "together"


def field(
    graphql_type: object = None, description: str | None = None, together: Together | None = None
) -> Callable[[Resolver], Resolver]:
    """`together` may answer for all objects of a list what the resolver answers for one."""
    metadata = {TOGETHER: together}
    made = strawberry.field(graphql_type=graphql_type, description=description, metadata=metadata)
    return cast(Callable[[Resolver], Resolver], made)


def subscription(graphql_type: object, description: str) -> Callable[[Resolver], Resolver]:
    made = strawberry.subscription(graphql_type=graphql_type, description=description)
    return cast(Callable[[Resolver], Resolver], made)
