"""A pool's report over a period, and the capacity that fits its history."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated

import strawberry

from models import tables
from models.pools import advice, reports
from models.rules.deadlines import ReleaseReason
from models.rules.durations import Span
from schema.base import ids
from schema.base.context import Info
from schema.base.deadline import READ_SECONDS
from schema.base.fields import field
from schema.organizations.members import Member


@strawberry.type
class CapacityAdvice:
    capacity: int
    conversion_cycle: Span
    visits_per_day: float
    sample: int = strawberry.field(
        description="How many signed customers the figures rest on; 0 where both were given."
    )
    visits: int = strawberry.field(
        description="How many visits the figures rest on; 0 where visitsPerDay was given."
    )


@strawberry.type
class ReasonCount:
    reason: ReleaseReason
    count: int


@strawberry.type
class MemberReport:
    claims: int
    releases: int
    deals: int
    held: int = strawberry.field(description="Customers of this pool that the member holds now.")

    @field(Member)
    @staticmethod
    def member(
        root: strawberry.Parent[reports.MemberReport], info: Info
    ) -> Awaitable[tables.Member | None]:
        return info.context.loaders.members.load(root.member_id)


@strawberry.type
class PoolReport:
    claims: int
    releases: list[ReasonCount]
    deals: int
    conversion: float | None = strawberry.field(
        description="Share of the customers claimed or assigned in the period that were signed in"
        " it, from 0 to 1; null if none was claimed or assigned."
    )
    median_hold: Span | None = strawberry.field(
        description="Median time for which the last owner held a customer that the period released."
    )
    members: list[MemberReport]


@strawberry.type
class Reports:
    @field(
        CapacityAdvice,
        description="A private capacity that fits this pool: conversion cycle in days times"
        " visits a day. Measured from history where an argument is left out."
        " Pool administrators only.",
    )
    @staticmethod
    async def advise_capacity(
        info: Info,
        pool_id: strawberry.ID,
        conversion_cycle: Span | None = None,
        visits_per_day: float | None = None,
    ) -> advice.Advice:
        info.context.deadline.extend_to(READ_SECONDS)
        pool = ids.decode(pool_id, "Pool")
        return await advice.advise_capacity(
            info.context.viewer, pool, conversion_cycle, visits_per_day
        )

    @field(
        PoolReport,
        description="Claims, releases by reason, deals and conversion per pool and per member"
        " over a period: from `from` on, before `to`; of all, or of the people who are in a"
        " department or below it now. Pool administrators only, and who leads the department.",
    )
    @staticmethod
    async def pool_report(
        info: Info,
        pool_id: strawberry.ID,
        since: Annotated[datetime, strawberry.argument(name="from")],
        until: Annotated[datetime, strawberry.argument(name="to")],
        department_id: strawberry.ID | None = None,
    ) -> reports.Report:
        info.context.deadline.extend_to(READ_SECONDS)
        pool = ids.decode(pool_id, "Pool")
        department = ids.decode_given(department_id, "Department")
        return await reports.report(info.context.viewer, pool, since, until, department)
