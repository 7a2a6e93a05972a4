"""Mutations that work on a customer: follow-ups, deals, what is known of it, its pool."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from models.customers import moves
from models.customers.moves import move_customers
from models.customers.update import update_customer
from models.holding import comments, follow_ups
from models.texts.text import Reader
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.enums import FollowUpKind
from schema.base.mutation import mutation
from schema.base.refusals import (
    AlreadyHeld,
    Forbidden,
    InvalidInput,
    NotFound,
    Refusal,
    refusal_to_graphql,
)
from schema.customers.inputs import CustomerChanges
from schema.customers.results import CommentResult, CustomerResult, CustomerSaved, HoldResult


@strawberry.type
class MoveAnswer:
    customer_id: strawberry.ID
    moved: bool = strawberry.field(description="It lies in the pool now, also if it did before.")
    refusal: Refusal | None


@strawberry.type(description="One answer for each id, in their order.")
class Moved:
    count: int = strawberry.field(description="How many came from another pool.")
    results: list[MoveAnswer]


MoveResult = Annotated[
    Moved | AlreadyHeld | Forbidden | NotFound | InvalidInput, strawberry.union("MoveResult")
]


@strawberry.type
class Work:
    @mutation(
        HoldResult,
        description="Log a contact with a held customer; the rules' `followUpWithin` starts again."
        " Its owner.",
        idempotent=True,
    )
    @staticmethod
    async def log_follow_up(
        info: Info, customer_id: strawberry.ID, kind: FollowUpKind, note: str
    ) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await follow_ups.log_follow_up(info.context.viewer, customer, kind.value, note)

    @mutation(
        HoldResult,
        description="Sign a held customer. With the rule `dealApproval` it counts once an"
        " administrator of the pool has confirmed it. Its owner.",
        idempotent=True,
    )
    @staticmethod
    async def record_deal(info: Info, customer_id: strawberry.ID, amount: Decimal) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await follow_ups.record_deal(info.context.viewer, customer, amount)

    @mutation(
        CommentResult,
        description="Tell the owner of a held customer something; no follow-up, and no deadline"
        " moves. Administrators of its pool, and who leads its owner; the owner may answer.",
        idempotent=True,
    )
    @staticmethod
    async def comment(info: Info, customer_id: strawberry.ID, text: str) -> Any:
        customer = ids.decode(customer_id, "Customer")
        return await comments.comment(info.context.viewer, customer, text)

    @mutation(
        CustomerResult,
        description="Change what is known of a customer."
        " Only what is given changes; null clears. Its owner, and administrators of its pool.",
    )
    @staticmethod
    async def update_customer(
        info: Info, customer_id: strawberry.ID, customer: CustomerChanges
    ) -> Any:
        id = ids.decode(customer_id, "Customer")
        changed: Any = await update_customer(info.context.viewer, id, customer.to_domain())
        return CustomerSaved(customer=changed)

    @mutation(
        MoveResult,
        description="Move customers to another pool: pooled ones only. Administrators of both."
        "\nThe others are refused one by one; with allOrNothing, one refusal keeps all."
        " If all are refused for one reason, that is the answer.",
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def move_customers(
        info: Info,
        customer_ids: list[strawberry.ID],
        pool_id: strawberry.ID,
        all_or_nothing: bool = False,
    ) -> Any:
        moved = await move_customers(
            info.context.viewer,
            [ids.decode(id, "Customer") for id in customer_ids],
            ids.decode(pool_id, "Pool"),
            all_or_nothing=all_or_nothing,
        )
        answers = zip(customer_ids, moved.answers, strict=True)
        return Moved(
            count=moved.count,
            results=[_move_answer(id, answer, info.context.reader) for id, answer in answers],
        )


def _move_answer(id: strawberry.ID, answer: moves.MoveAnswer, reader: Reader) -> MoveAnswer:
    refusal = refusal_to_graphql(answer.refusal, reader) if answer.refusal else None
    return MoveAnswer(customer_id=id, moved=answer.moved, refusal=refusal)
