"""What surrounds every mutation: fresh reads, idempotency, refusals as values, a count."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, TypeVar, cast

import strawberry
from graphql import GraphQLList, GraphQLUnionType, get_named_type, get_nullable_type
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from models.ledger.idempotency import idempotent as with_key
from models.ledger.outcomes import Outcome
from models.refusals import InvalidInput, Refusal
from schema.base import metrics
from schema.base.context import Context, Info
from schema.base.mutation.merged_ids import on_kept
from schema.base.mutation.request_identity import request_identity
from schema.base.refusals import to_graphql

KEY = "idempotency_key"
# Of the context, the key, the request's identity and the arguments; None where it can't answer.
Keyed = Callable[..., Awaitable[Outcome | None]]
Resolver = TypeVar("Resolver")
# prometheus_client takes longer to find a counter than to count. The schema has few.
_counter = cache(metrics.mutations.labels)


def mutation(
    graphql_type: Any,
    description: str | None = None,
    *,
    regards_access: bool = False,
    idempotent: bool = False,
    keyed: Keyed | None = None,
    seconds: float = 0.0,
) -> Callable[[Resolver], Resolver]:
    """Make a resolver a mutation.

    `regards_access`: it may change what its viewer may see and do. `idempotent`: it takes an
    `idempotencyKey`, and a repeated key gives the first answer again; the resolver must return an
    Outcome, or a list of them. `keyed`: a shorter way for requests with a key. `seconds`: it may
    take so long; without, as long as any request.
    """
    verb = Verb(regards_access=regards_access, idempotent=idempotent, keyed=keyed, seconds=seconds)
    made = strawberry.mutation(
        graphql_type=graphql_type, description=description, extensions=[verb]
    )
    return cast(Callable[[Resolver], Resolver], made)


class Verb(FieldExtension):
    def __init__(
        self, *, regards_access: bool, idempotent: bool, keyed: Keyed | None, seconds: float
    ) -> None:
        self.regards_access = regards_access
        self.idempotent = idempotent
        self.keyed = keyed
        self.seconds = seconds

    def apply(self, field: StrawberryField) -> None:
        if self.idempotent and not any(each.python_name == KEY for each in field.arguments):
            text = StrawberryAnnotation(str | None)
            field.arguments = [*field.arguments, StrawberryArgument(KEY, None, text, default=None)]

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **arguments: Any
    ) -> Any:
        context: Context = info.context
        context.forget()
        context.deadline.extend_to(self.seconds)
        key = arguments.pop(KEY, None)
        if key is None and self.idempotent:
            key = context.idempotency_key

        def act() -> Awaitable[Any]:
            return on_kept(info, arguments, lambda given: next_(source, info, **given))

        try:
            answer = await (act() if key is None else _once(info, key, arguments, act, self.keyed))
        except Refusal as refusal:
            answer = refusal.with_traceback(None)  # It would keep this frame, and all below it.
        if self.regards_access and not isinstance(answer, Refusal):
            await context.look_again()
        return _shown(answer, info)


async def _once(
    info: Info,
    key: str,
    arguments: dict[str, Any],
    act: Callable[[], Awaitable[Any]],
    keyed: Keyed | None,
) -> Any:
    """Act, unless the viewer's key was used: then return the first answer again.

    A refusal that the field's result can't name is an error, and leaves the key unused. So does an
    invalid request: the ledger need not keep it.
    """

    async def outcomes() -> list[Any]:
        try:
            answer = await act()
        except Refusal as refusal:
            if isinstance(refusal, InvalidInput) or not _names(info, refusal):
                raise
            answer = refusal.with_traceback(None)
        return answer if isinstance(answer, list) else [answer]

    request = request_identity(info.field_name, arguments)
    if keyed:
        answer = await keyed(info.context, key, request, **arguments)
        if answer is not None:
            return answer
    answers = await with_key(info.context.viewer, key, request, outcomes)
    return answers if _returns_list(info) else answers[0]


def _shown(answer: Any, info: Info) -> Any:
    answers = answer if isinstance(answer, list) else [answer]
    context: Context = info.context
    for each in answers:
        context.outcome = type(each).__name__
        _counter(info.field_name, context.outcome).inc()
        if isinstance(each, Refusal) and not _names(info, each):
            raise each
    shown = [to_graphql(each, context.reader) for each in answers]
    return shown if isinstance(answer, list) else shown[0]


def _names(info: Info, refusal: Refusal) -> bool:
    """Whether the contract has this refusal among the field's results."""
    result = get_named_type(info._raw_info.return_type)
    return isinstance(result, GraphQLUnionType) and any(
        kind.name == type(refusal).__name__ for kind in result.types
    )


def _returns_list(info: Info) -> bool:
    return isinstance(get_nullable_type(info._raw_info.return_type), GraphQLList)
