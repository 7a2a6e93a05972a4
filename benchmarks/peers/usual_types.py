"""The usual stack's types: each resolver loads what it needs, data loaders gather it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from redis.asyncio import Redis
from strawberry.dataloader import DataLoader

from benchmarks.peers import terms, usual_steps
from models import refusals, tables
from models.masking.masks import mask_email, mask_phone
from models.rules.evaluation import evaluate
from models.rules.remedies import remedy
from schema.base import ids


@dataclass
class Context:
    viewer: usual_steps.Viewer
    redis: "Redis"
    pools: "DataLoader[UUID, tables.Pool]"
    seats: "DataLoader[UUID, tables.Seat | None]"
    losses: "DataLoader[UUID, usual_steps.Losses]"


Info = strawberry.Info[Context, None]


@strawberry.interface
class Refusal:
    message: str

    @classmethod
    def of(cls, refusal: refusals.Refusal) -> "NotClaimable":
        return NotClaimable(message=type(refusal).__name__)


@strawberry.type
class NotClaimable(Refusal):
    pass


@strawberry.type
class Claimable:
    release_at: datetime | None


@strawberry.type
class Contact:
    person: str | None
    phone: str | None
    email: str | None
    masked: bool


@strawberry.type
class ReleaseCondition:
    reason: str
    at: datetime
    remedy: str


@strawberry.type
class ReleaseForecast:
    at: datetime
    reason: str
    conditions: list[ReleaseCondition]


@strawberry.type
class Holding:
    row: strawberry.Private[tables.Customer]
    since: datetime
    followed_up_at: datetime | None
    remind_at: list[datetime]

    @strawberry.field
    async def release(self, info: Info) -> ReleaseForecast | None:
        row = self.row
        if row.release_at is None or row.release_reason is None:
            return None
        pool = await info.context.pools.load(row.pool_id)
        calendar = info.context.viewer.calendar
        forecast = evaluate(row, pool.rules, pool.rules_changed_at, calendar)
        conditions = [
            ReleaseCondition(reason=each.reason, at=each.at, remedy=remedy(each, pool.rules))
            for each in (forecast.conditions if forecast else ())
        ]
        return ReleaseForecast(at=row.release_at, reason=row.release_reason, conditions=conditions)


@strawberry.type
class Customer:
    row: strawberry.Private[tables.Customer]
    id: strawberry.ID
    name: str
    level: str | None
    opened_at: datetime | None

    @classmethod
    def of(cls, row: tables.Customer) -> "Customer":
        id = ids.encode("Customer", row.id)
        return cls(row=row, id=id, name=row.name, level=row.level, opened_at=row.opened_at)

    @strawberry.field
    async def contact(self, info: Info) -> Contact:
        row = self.row
        pool = await info.context.pools.load(row.pool_id)
        hidden = pool.rules.masked if row.owner_id is None else frozenset[str]()
        phone = mask_phone(row.phone) if row.phone and "PHONE" in hidden else row.phone
        email = mask_email(row.email) if row.email and "EMAIL" in hidden else row.email
        masked = (phone, email) != (row.phone, row.email)
        return Contact(person=row.person, phone=phone, email=email, masked=masked)

    @strawberry.field
    async def claimable(
        self, info: Info
    ) -> Annotated[Claimable | NotClaimable, strawberry.union("ClaimCheck")]:
        row, context = self.row, info.context
        pool = await context.pools.load(row.pool_id)
        seat = await context.seats.load(row.pool_id)
        losses, now = await context.losses.load(row.id), datetime.now(UTC)
        if refusal := usual_steps.refusal(context.viewer, seat, pool, row, losses, now):
            return Refusal.of(refusal)
        plan = terms.planned(pool.rules, context.viewer.calendar, row.level, now)
        return Claimable(release_at=plan.release_at)

    @strawberry.field
    async def holding(self) -> Holding | None:
        row = self.row
        if row.claimed_at is None or row.owner_id is None:
            return None
        return Holding(
            row=row,
            since=row.claimed_at,
            followed_up_at=row.followed_up_at,
            remind_at=row.remind_at,
        )


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class CustomerConnection:
    nodes: list[Customer]
    page_info: PageInfo


@strawberry.type
class Claimed:
    customer: Customer


def loaders(viewer: usual_steps.Viewer) -> dict[str, Any]:
    """Return the data loaders of one request."""
    organization_id = viewer.member.organization_id

    async def pools(wanted: list[UUID]) -> list[tables.Pool]:
        rows = await tables.Pool.filter(organization_id=organization_id, id__in=wanted)
        by_id = {each.id: each for each in rows}
        return [by_id[id] for id in wanted]

    async def seats(wanted: list[UUID]) -> list[tables.Seat | None]:
        mine = tables.Seat.filter(organization_id=organization_id, member_id=viewer.member.id)
        by_pool = {each.pool_id: each for each in await mine.filter(pool_id__in=wanted)}
        return [by_pool.get(id) for id in wanted]

    async def losses(wanted: list[UUID]) -> list[usual_steps.Losses]:
        found = await usual_steps.losses_of(viewer, wanted)
        return [found.get(id, usual_steps.NO_LOSSES) for id in wanted]

    return {
        "pools": DataLoader(load_fn=pools),
        "seats": DataLoader(load_fn=seats),
        "losses": DataLoader(load_fn=losses),
    }
