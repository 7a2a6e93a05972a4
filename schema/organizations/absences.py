"""Mutations that say when a member is absent."""

from datetime import date
from typing import Annotated

import strawberry

from models.ledger import outcomes
from models.organizations import absences
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import BULK_SECONDS
from schema.base.mutation import mutation
from schema.organizations.administration import MemberResult

From = Annotated[date, strawberry.argument(name="from")]
To = Annotated[date, strawberry.argument(name="to")]


@strawberry.type
class AbsenceChanges:
    @mutation(
        MemberResult,
        description="A member is absent on these days, both included: nothing is dealt out to them,"
        " and where a pool's rules say so, their clocks stand still. The same days again change"
        " nothing. Oneself; managers and admins for others.",
        idempotent=True,
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def set_absence(
        info: Info, member_id: strawberry.ID, first: From, last: To
    ) -> outcomes.MemberSaved:
        member = await absences.set_absence(
            info.context.viewer, ids.decode(member_id, "Member"), first, last
        )
        return outcomes.MemberSaved(member)

    @mutation(
        MemberResult,
        description="Take back the absence that begins on this day. If it has begun, it ended"
        " yesterday. Oneself; managers and admins for others.",
        idempotent=True,
        seconds=BULK_SECONDS,
    )
    @staticmethod
    async def cancel_absence(
        info: Info, member_id: strawberry.ID, first: From
    ) -> outcomes.MemberSaved:
        member = await absences.cancel_absence(
            info.context.viewer, ids.decode(member_id, "Member"), first
        )
        return outcomes.MemberSaved(member)
