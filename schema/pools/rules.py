"""A pool's rules: the GraphQL types and inputs."""

from collections.abc import Awaitable

import strawberry

from models import tables
from models.rules import rules
from models.rules.durations import Span
from schema.base import ids
from schema.base.context import Info
from schema.base.enums import ContactField
from schema.base.fields import field
from schema.base.references import MEMBER
from schema.organizations.organization import Department
from schema.pools.distribution import Distribution


@strawberry.type
class Capacity:
    capacity: int

    @field(MEMBER | None)
    @staticmethod
    def member(
        root: strawberry.Parent[rules.CapacityRule], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.member) if root.member else None

    @field(Department | None)
    @staticmethod
    def department(
        root: strawberry.Parent[rules.CapacityRule], info: Info
    ) -> Awaitable[tables.Department | None] | None:
        return info.context.loaders.departments.load(root.department) if root.department else None


@strawberry.type
class LevelRules:
    level: str
    first_follow_up_within: Span | None
    follow_up_within: Span | None
    deal_within: Span | None
    max_hold: Span | None


@strawberry.type
class Rules:
    capacity: int | None = strawberry.field(
        description="How many customers a member may hold from this pool. Null: no limit."
        " Won customers count unless wonCount is false."
    )
    capacities: list[Capacity] = strawberry.field(
        description="Other capacities: a member's own, else their department's, else"
        " that of the nearest one above it, else the pool's."
    )
    won_count: bool
    daily_claim_limit: int | None
    new_customer_lock: Span | None = strawberry.field(
        description="A customer new to the pool can't be claimed for this long."
        " Null: it can at once."
    )
    reclaim_cooldown: Span | None = strawberry.field(
        description="A member who lost a customer can't claim it back for this long."
        " Null: they can at once."
    )
    first_follow_up_within: Span | None = strawberry.field(
        description="The first follow-up must come within this of the claim."
        " Null: within `followUpWithin`."
    )
    follow_up_within: Span | None = strawberry.field(
        description="Each further follow-up must come within this of the one before."
        " Null: none is due."
    )
    deal_within: Span | None = strawberry.field(
        description="A deal must be signed within this of the claim. Null: none is due."
    )
    max_hold: Span | None = strawberry.field(
        description="Held no longer than this, unless a deal exempts it. Null: no such end."
    )
    deal_exempts: bool = strawberry.field(
        description="A signed customer is no longer released, but by `wonFor`."
    )
    won_for: Span | None = strawberry.field(
        description="A signed customer is released this long after its latest deal, even where"
        " deals exempt. Null: never for that reason."
    )
    deal_approval: bool = strawberry.field(
        description="A deal counts once an administrator of the pool has confirmed it."
    )
    reminders: list[Span] = strawberry.field(
        description="How long before a release its owner is reminded."
    )

    working_days: bool = strawberry.field(
        description="Whole days count on working days of the organization's calendar only."
    )
    grace: Span | None = strawberry.field(
        description="After a change of rules nobody loses a customer sooner than this."
        " Null: they may at once."
    )
    lock_limit: int = strawberry.field(
        description="How many customers a member may lock against release; 0: none."
    )
    extension_limit: Span | None = strawberry.field(
        description="The longest that one extension may add; null: extensions can't be asked for."
    )

    @field(
        strawberry.ID | None,
        description="The pool that releases go to, by the rules, by hand and of leavers, unless"
        " another one is named. Null: they stay in this pool.",
    )
    @staticmethod
    def release_to(root: strawberry.Parent[rules.Rules]) -> strawberry.ID | None:
        return ids.encode("Pool", root.release_to) if root.release_to else None

    escalate_before: Span | None = strawberry.field(
        description="Each morning, who administers the pool or leads an owner gets one alert."
        " It tells of releases within this, and of all of tomorrow's. Null: they get none."
    )
    levels: list[LevelRules] = strawberry.field(
        description="Rules that differ for customers of a level."
    )
    absence_stops_clock: bool = strawberry.field(
        description="Days on which the owner is absent count neither for follow-ups nor for a deal."
    )
    distribution: Distribution | None = strawberry.field(
        description="How the pool deals its customers out by itself. Null: it does not."
    )

    @field(description="What is masked until the customer is held.")
    @staticmethod
    def masked(root: strawberry.Parent[rules.Rules]) -> list[ContactField]:
        return [field for field in ContactField if field in root.masked]
