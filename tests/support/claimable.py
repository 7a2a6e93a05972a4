"""Whether customers may be claimed, asked by their ids."""

from collections.abc import Iterable
from uuid import UUID

from models.ownership import claimable as answers
from models.refusals import Refusal
from models.tables import Customer, Pool
from models.taking.terms import terms_of
from models.viewers import Viewer, find


async def claimable(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Refusal | answers.Claimable]:
    customers = [*(await find(viewer, Customer, ids)).values()]
    pools = await find(viewer, Pool, {each.pool_id for each in customers})
    told = answers.claimable(viewer, customers, await terms_of(viewer, customers, pools))
    return {each.id: answer for each, answer in zip(customers, told, strict=True)}
