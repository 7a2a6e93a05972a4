"""Releases by hand."""

from functools import partial
from uuid import UUID

from models import database
from models.ledger.outcomes import Outcome, Released
from models.ownership.release_statement import Release, release_sql, write_release
from models.refusals import InvalidInput, NotFound, NotHolder
from models.rules.deadlines import ReleaseReason
from models.tables import CUSTOMER_COLUMNS, Customer
from models.texts.text import Text
from models.validation import text_problem
from models.viewers import Viewer, find_one, seen_pool

REASON_LENGTH = 500

CHOSEN = release_sql(
    """WHERE c.organization_id = $6 AND c.id = $7 AND c.pool_id = $8 AND c.owner_id IS NOT NULL
    AND ($9::uuid IS NULL OR c.owner_id = $9) FOR UPDATE OF c""",
    CUSTOMER_COLUMNS,
    organization="$6",
)


async def give_back(
    viewer: Viewer, customer_id: UUID | None, reason: str, pool_id: UUID | None = None
) -> Outcome:
    """Release by hand: for its owner, who leads them, and the administrators of its pool.

    Into the pool that is named, else where the rules of its pool send it.
    """
    words = checked_reason(reason)
    async for _ in database.attempts(f"customer {customer_id}"):
        customer = await find_one(viewer, Customer, customer_id)
        target = await seen_pool(viewer, pool_id) if pool_id else None
        _refuse_unless_holder(viewer, customer)
        release = partial(
            write_release,
            CHOSEN,
            Release(
                reason=ReleaseReason.GIVEN_BACK,
                words=words,
                actor_id=viewer.id,
                to_pool=target.id if target else None,
            ),
            viewer.organization.id,
            customer.id,
            customer.pool_id,
            None if viewer.administers(customer.pool_id) else customer.owner_id,
        )
        if released := await database.with_retries(release):
            break
    return Released(database.as_model(Customer, released[0]))


def checked_reason(reason: str) -> str:
    """Return the reason, trimmed; raises InvalidInput."""
    if text_problem("reason", reason, most=REASON_LENGTH):
        raise InvalidInput.at(
            "reason", Text("say why, in 1 to {most} characters", most=REASON_LENGTH)
        )
    return reason.strip()


def _refuse_unless_holder(viewer: Viewer, customer: Customer) -> None:
    if not viewer.sees(customer):
        raise NotFound
    if customer.owner_id is None:
        raise NotHolder
    if customer.owner_id != viewer.id and not viewer.decides(customer):
        raise NotHolder
