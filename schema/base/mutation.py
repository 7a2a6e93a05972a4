"""Around every mutation: fresh reads before, refusals as values after, the outcome counted."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry
from graphql import GraphQLUnionType, get_named_type
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver

from models.refusals import Refusal
from schema.base import metrics
from schema.base.context import Context, Info
from schema.base.refusals import to_graphql

Resolver = TypeVar("Resolver")


def mutation(
    graphql_type: Any, description: str | None = None, *, regards_access: bool = False
) -> Callable[[Resolver], Resolver]:
    verb = Verb(regards_access=regards_access)
    made = strawberry.mutation(
        graphql_type=graphql_type, description=description, extensions=[verb]
    )
    return cast(Callable[[Resolver], Resolver], made)


class Verb(FieldExtension):
    """`regards_access`: it may change what its own viewer may see and do."""

    def __init__(self, *, regards_access: bool = False) -> None:
        self.regards_access = regards_access

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **arguments: Any
    ) -> Any:
        context: Context = info.context
        context.forget()
        try:
            answer = await next_(source, info, **arguments)
        except Refusal as refusal:
            answer = refusal
        if self.regards_access and not isinstance(answer, Refusal):
            await context.look_again()
        return _told(answer, info)


def _told(answer: Any, info: Info) -> Any:
    answers = answer if isinstance(answer, list) else [answer]
    for each in answers:
        metrics.mutations.labels(info.field_name, type(each).__name__).inc()
        if isinstance(each, Refusal) and not _names(info, each):
            raise each
    told = [to_graphql(each, info.context.reader) for each in answers]
    return told if isinstance(answer, list) else told[0]


def _names(info: Info, refusal: Refusal) -> bool:
    """Whether the contract has this refusal among the field's results."""
    result = get_named_type(info._raw_info.return_type)
    return isinstance(result, GraphQLUnionType) and any(
        kind.name == type(refusal).__name__ for kind in result.types
    )
