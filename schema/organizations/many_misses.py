"""What admins see of members who look up much that no customer has."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from models import tables
from models.duplicates import misses as domain
from models.texts.text import Text, render
from schema.base.context import Info
from schema.base.fields import field
from schema.base.references import MEMBER


@strawberry.type(description="A member's look-ups of a day that found nobody; many are guesses.")
class ManyMisses:
    misses: int
    at: datetime

    @field(MEMBER)
    @staticmethod
    def member(
        root: strawberry.Parent[domain.ManyMisses], info: Info
    ) -> Awaitable[tables.Member | None]:
        return info.context.loaders.members.load(root.member_id)

    @field(description="In words for a person.")
    @staticmethod
    async def message(root: strawberry.Parent[domain.ManyMisses], info: Info) -> str:
        member = await info.context.loaders.members.load(root.member_id)
        assert member is not None
        return render(
            Text(
                "{name} looked up {count} values until {at} that no customer has."
                " They may be guesses.",
                name=member.name,
                count=root.misses,
                at=root.at,
            ),
            info.context.reader,
        )
