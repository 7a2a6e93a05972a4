"""A pool's rules as clients send them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.base import get_object_definition

from models.rules import rules
from models.rules.durations import Span
from models.viewers import Viewer, administered_pool
from schema.base import ids
from schema.base.enums import ContactField
from schema.pools.distribution import DistributionInput


@strawberry.input(description="Exactly one of memberId and departmentId.")
class CapacityInput:
    capacity: int
    member_id: strawberry.ID | None = None
    department_id: strawberry.ID | None = None

    def to_domain(self) -> rules.CapacityRule:
        return rules.CapacityRule(
            member=ids.decode_given(self.member_id, "Member"),
            department=ids.decode_given(self.department_id, "Department"),
            capacity=self.capacity,
        )


def _capacity(kind: type, value: Mapping[str, Any], context: object) -> CapacityInput:
    return CapacityInput(
        capacity=value["capacity"],
        member_id=value.get("memberId"),
        department_id=value.get("departmentId"),
    )


# There may be thousands: Strawberry's own way takes 30 microseconds for each.
_definition: Any = get_object_definition(CapacityInput, strict=True)
_definition.from_input = _capacity


@strawberry.input
class LevelRulesInput:
    level: str
    first_follow_up_within: Span | None = None
    follow_up_within: Span | None = None
    deal_within: Span | None = None
    max_hold: Span | None = None

    def to_domain(self) -> rules.LevelRules:
        return rules.LevelRules(**vars(self) | {"level": self.level.strip()})


@strawberry.input
class RulesInput:
    capacity: int | None = None
    capacities: list[CapacityInput] = strawberry.field(default_factory=list)
    won_count: bool = True
    daily_claim_limit: int | None = None
    new_customer_lock: Span | None = None
    reclaim_cooldown: Span | None = None
    first_follow_up_within: Span | None = None
    follow_up_within: Span | None = None
    deal_within: Span | None = None
    max_hold: Span | None = None
    deal_exempts: bool = True
    won_for: Span | None = None
    deal_approval: bool = False
    reminders: list[Span] = strawberry.field(default_factory=lambda: list(rules.REMINDERS))
    working_days: bool = False
    grace: Span | None = None
    lock_limit: int = 0
    extension_limit: Span | None = None
    release_to: strawberry.ID | None = None
    escalate_before: Span | None = None
    levels: list[LevelRulesInput] = strawberry.field(default_factory=list)
    masked: list[ContactField] = strawberry.field(
        default_factory=lambda: [ContactField.PHONE, ContactField.EMAIL]
    )
    distribution: DistributionInput | None = None
    absence_stops_clock: bool = False

    def to_domain(self) -> rules.Rules:
        return rules.Rules(
            **vars(self)
            | {
                "capacities": tuple(each.to_domain() for each in self.capacities),
                "reminders": tuple(self.reminders),
                "release_to": ids.decode_given(self.release_to, "Pool"),
                "levels": tuple(each.to_domain() for each in self.levels),
                "masked": frozenset(field.value for field in self.masked),
                "distribution": self.distribution and self.distribution.to_domain(),
            }
        )


async def rules_of(viewer: Viewer, pool_id: UUID, given: RulesInput) -> rules.Rules:
    """Read the rules for a pool, after a check that the viewer may set them: they may be long."""
    if not viewer.administers(pool_id):
        await administered_pool(viewer, pool_id)
    return given.to_domain()
