"""A customer's life in the demo, told by the rules that hold for everybody else.

Each verb writes the event that the real one would have written at that moment; reminders and
releases that fall due in between come by themselves.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from models.demo.companies import Company
from models.demo.organizations import DemoPool, id_of
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.schedule import Schedule, schedule

NO_CLOCK = Schedule(None, None, (), ())
Event = dict[str, Any]


@dataclass
class Life:
    company: Company
    organization_id: UUID
    pool: DemoPool
    calendar: Calendar
    events: list[Event] = field(default_factory=list)
    created_at: datetime | None = None
    entered_at: datetime | None = None
    opened_at: datetime | None = None
    owner_id: UUID | None = None
    epoch: int = 0
    facts: Facts | None = None
    clock: Schedule = NO_CLOCK

    @property
    def id(self) -> UUID:
        return id_of("customer", self.pool.organization, self.company.name)

    def created(self, at: datetime, actor: UUID) -> None:
        self.created_at = self.entered_at = self.opened_at = at
        self._tell("CREATED", at, actor)

    def moved(self, at: datetime, actor: UUID, pool: DemoPool) -> None:
        self.passes(at)
        assert self.owner_id is None, "only pooled customers are moved"
        self.pool, self.entered_at, self.opened_at = pool, at, at
        self._tell("MOVED", at, actor)

    def claimed(self, at: datetime, member: UUID) -> None:
        self._taken("CLAIMED", at, member, actor=member)

    def assigned(self, at: datetime, member: UUID, actor: UUID) -> None:
        self._taken("ASSIGNED", at, member, actor=actor)

    def transferred(self, at: datetime, member: UUID, actor: UUID) -> None:
        former = self._holder(at)
        won_at = self.facts.won_at if self.facts else None
        self._starts(at, member, Facts(at, won_at=won_at, level=self.company.level), True)
        self._tell(
            "TRANSFERRED",
            at,
            actor,
            member_id=member,
            former_id=former,
            release_reason="TRANSFERRED",
            due_at=self.clock.release_at,
        )

    def followed_up(self, at: datetime, kind: str, note: str) -> None:
        owner, details = self._holder(at), {"kind": kind, "note": note}
        self._works(at, followed_up_at=at)
        due = self.clock.release_at
        self._tell("FOLLOWED_UP", at, owner, member_id=owner, due_at=due, details=details)

    def won(self, at: datetime, amount: int) -> None:
        owner, details = self._holder(at), {"amount": str(amount)}
        self._works(at, won_at=at)
        due = self.clock.release_at
        self._tell("WON", at, owner, member_id=owner, due_at=due, details=details)

    def given_back(self, at: datetime, words: str) -> None:
        owner = self._holder(at)
        self._released(at, "GIVEN_BACK", words, actor=owner)

    def passes(self, until: datetime) -> None:
        """What falls due by then happens, each at its moment."""
        while self.clock.remind_at and self.clock.remind_at[0] <= until:
            self._reminded()
        due = self.clock.release_at
        if due and due <= until:
            assert self.clock.release_reason
            self._released(due, self.clock.release_reason, self.clock.release_reason, actor=None)

    def _taken(self, action: str, at: datetime, member: UUID, actor: UUID) -> None:
        self.passes(at)
        assert self.owner_id is None, "only pooled customers are taken"
        facts = Facts(claimed_at=at, level=self.company.level)
        self._starts(at, member, facts, by_another=actor != member)
        self._tell(action, at, actor, member_id=member, due_at=self.clock.release_at)

    def _starts(self, at: datetime, member: UUID, facts: Facts, by_another: bool) -> None:
        self.owner_id, self.epoch, self.facts, self.opened_at = member, self.epoch + 1, facts, None
        rules = self.pool.rules
        self.clock = schedule(rules, facts, self.calendar, at, by_another=by_another)

    def _holder(self, at: datetime) -> UUID:
        self.passes(at)
        assert self.owner_id, "only held customers are worked"
        return self.owner_id

    def _works(
        self, at: datetime, followed_up_at: datetime | None = None, won_at: datetime | None = None
    ) -> None:
        assert self.facts
        self.facts = Facts(
            claimed_at=self.facts.claimed_at,
            followed_up_at=followed_up_at or self.facts.followed_up_at,
            won_at=self.facts.won_at or won_at,
            level=self.facts.level,
        )
        before = self.clock.release_at
        self.clock = schedule(self.pool.rules, self.facts, self.calendar, at, announced=before)

    def _reminded(self) -> None:
        clock = self.clock
        self._tell(
            "REMINDED",
            clock.remind_at[0],
            None,
            member_id=self.owner_id,
            release_reason=clock.release_reason,
            due_at=clock.release_at,
            details={"offset": clock.remind_offsets[0]},
        )
        self.clock = Schedule(
            clock.release_at, clock.release_reason, clock.remind_at[1:], clock.remind_offsets[1:]
        )

    def _released(self, at: datetime, reason: str, words: str, actor: UUID | None) -> None:
        self._tell(
            "RELEASED",
            at,
            actor,
            member_id=self.owner_id,
            former_id=self.owner_id,
            reason=words,
            release_reason=reason,
            due_at=self.clock.release_at,
        )
        self.owner_id, self.facts, self.clock = None, None, NO_CLOCK
        self.epoch, self.opened_at = self.epoch + 1, at

    def _tell(self, action: str, at: datetime, actor: UUID | None, **told: Any) -> None:
        self.events.append(
            {
                "organization_id": self.organization_id,
                "customer_id": self.id,
                "epoch": self.epoch,
                "action": action,
                "actor_id": actor,
                "pool_id": self.pool.id,
                "at": at,
            }
            | told
        )
