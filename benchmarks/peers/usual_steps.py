"""The usual stack's work: ORM steps, one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from benchmarks.peers import terms
from benchmarks.peers.usual_tables import LedgerEvent
from models.ledger.idempotency import digest
from models.refusals import InvalidInput, NotFound, Refusal
from models.rules.calendars import Calendar
from models.rules.holidays import stored_calendar
from models.tables import Customer, Member, Organization, Pool, PoolAccess, Seat

Losses = dict[str, list[Any]]


@dataclass(frozen=True)
class Viewer:
    member: Member
    open_pools: frozenset[UUID]
    calendar: Calendar


async def find_viewer(organization_id: UUID, member_id: UUID) -> Viewer:
    """Raises DoesNotExist where no active member has the id."""
    member = await Member.get(organization_id=organization_id, id=member_id, active=True)
    organization = await Organization.get(id=organization_id)
    opened = Q(member_id=member.id) | Q(department_id=member.department_id or member.id)
    pools: list[Any] = await PoolAccess.filter(opened, organization_id=organization_id).values_list(
        "pool_id", flat=True
    )
    if member.role == "ADMIN":
        pools = await Pool.filter(organization_id=organization_id).values_list("id", flat=True)
    return Viewer(member, frozenset(pools), stored_calendar(organization.time_zone, None))


async def pooled(viewer: Viewer, pool_id: UUID, first: int) -> list[Customer]:
    return (
        await Customer.filter(
            organization_id=viewer.member.organization_id, pool_id=pool_id, owner_id=None
        )
        .order_by("-opened_at", "-id")
        .limit(first)
    )


async def held(viewer: Viewer, first: int) -> list[Customer]:
    """By the release; a customer that nothing releases comes last in PostgreSQL."""
    mine = Customer.filter(organization_id=viewer.member.organization_id, owner_id=viewer.member.id)
    return await mine.order_by("release_at", "id").limit(first)


async def losses_of(viewer: Viewer, customers: Iterable[UUID]) -> dict[UUID, Losses]:
    """Return by customer when the viewer lost it and the cool-downs of where."""
    found: dict[UUID, Losses] = {}
    organization_id = viewer.member.organization_id
    events = await LedgerEvent.filter(
        organization_id=organization_id,
        customer_id__in=list(customers),
        former_id=viewer.member.id,
    )
    if not events:
        return {}
    sources = {each.id: each.details.get("from_pool", each.pool_id) for each in events}
    pools = await Pool.filter(organization_id=organization_id, id__in=set(sources.values()))
    by_id = {str(each.id): each.rules for each in pools}
    for event in events:
        rules = by_id[str(sources[event.id])]
        span = rules.reclaim_cooldown
        assert event.customer_id
        losses = found.setdefault(
            event.customer_id, {"lost_at": [], "cool_downs": [], "cool_down_works": []}
        )
        losses["lost_at"].append(event.at)
        losses["cool_downs"].append(span.text if span else None)
        losses["cool_down_works"].append(rules.working_days)
    return found


def claimer(viewer: Viewer, seat: Seat | None) -> terms.Claimer:
    member = viewer.member
    if seat is None:
        return terms.Claimer(member.id, member.department_id, 0, 0, None, 0)
    return terms.Claimer(
        member.id,
        member.department_id,
        seat.held,
        seat.won,
        seat.claimed_on,
        seat.claimed_today,
    )


def refusal(
    viewer: Viewer, seat: Seat | None, pool: Pool, customer: Customer, losses: Losses, now: datetime
) -> Refusal | None:
    return terms.refusal(
        claimer(viewer, seat),
        pool.rules,
        viewer.calendar,
        now,
        owner_id=customer.owner_id,
        entered_at=customer.entered_at,
        losses=losses,
    )


NO_LOSSES: Losses = {"lost_at": [], "cool_downs": [], "cool_down_works": []}


async def claim(
    viewer: Viewer, redis: "Redis", customer_id: UUID, key: str | None
) -> Customer | Refusal:
    request = digest(["claim", [str(customer_id)]])
    async with in_transaction():
        found = await _claim(viewer, customer_id, key, request)
    if isinstance(found, Refusal):
        return found
    customer: Customer
    customer, is_new, now = found
    if is_new:
        await terms.arm(redis, customer, now)
    return customer


async def _claim(viewer: Viewer, customer_id: UUID, key: str | None, request: str) -> Any:
    member, now = viewer.member, datetime.now(UTC)
    organization_id = member.organization_id
    if key is not None:
        answers = LedgerEvent.filter(organization_id=organization_id, actor_id=member.id)
        if answer := await answers.get_or_none(idempotency_key=key):
            if answer.details["request"] != request:
                return InvalidInput.at("idempotencyKey", "was used for another request")
            return await Customer.get(organization_id=organization_id, id=customer_id), False, now
    mine = Customer.filter(organization_id=organization_id).select_for_update()
    customer = await mine.get_or_none(id=customer_id)
    if customer is None or customer.pool_id not in viewer.open_pools:
        return NotFound()
    pool = await Pool.get(organization_id=organization_id, id=customer.pool_id)
    of_seat: dict[str, Any] = {
        "organization_id": organization_id,
        "pool_id": pool.id,
        "member_id": member.id,
    }
    seat = await Seat.select_for_update().get_or_none(**of_seat)
    if seat is None:
        await Seat.create(**of_seat)
        seat = await Seat.select_for_update().get(**of_seat)
    losses = (await losses_of(viewer, [customer.id])).get(customer.id, NO_LOSSES)
    if reason := refusal(viewer, seat, pool, customer, losses, now):
        return reason
    plan = terms.planned(pool.rules, viewer.calendar, customer.level, now)
    await _take(viewer, customer, pool, plan, now)
    await _count(seat, viewer.calendar, now)
    await _log(customer, key, request)
    return customer, True, now


async def _take(viewer: Viewer, customer: Customer, pool: Pool, plan: Any, now: datetime) -> None:
    changed = {
        "owner_id": viewer.member.id,
        "epoch": customer.epoch + 1,
        "claimed_at": now,
        "won_at": None,
        "opened_at": None,
        "rules_version": pool.rules_version,
        "release_at": plan.release_at,
        "release_reason": plan.release_reason,
        "remind_at": list(plan.remind_at),
        "remind_offsets": list(plan.remind_offsets),
        "deal_reported_at": None,
    }
    customer.update_from_dict(changed)
    await customer.save(update_fields=list(changed))


async def _count(seat: Seat, calendar: Calendar, now: datetime) -> None:
    today = calendar.day_of(now)
    fresh = seat.claimed_on is None or seat.claimed_on < today
    seat.claimed_today = 1 if fresh else seat.claimed_today + 1
    seat.claimed_on = today if fresh else seat.claimed_on
    seat.held += 1
    await seat.save(update_fields=["held", "claimed_on", "claimed_today"])


async def _log(customer: Customer, key: str | None, request: str) -> None:
    who: dict[str, Any] = {
        "organization_id": customer.organization_id,
        "actor_id": customer.owner_id,
        "at": customer.claimed_at,
    }
    await LedgerEvent.create(
        **who,
        customer_id=customer.id,
        epoch=customer.epoch,
        action="CLAIMED",
        member_id=customer.owner_id,
        pool_id=customer.pool_id,
        due_at=customer.release_at,
    )
    if key is not None:
        answer = {"type": "Claimed", "customer": str(customer.id)}
        details = {"request": request, "answer": [answer]}
        await LedgerEvent.create(**who, action="ANSWERED", idempotency_key=key, details=details)
