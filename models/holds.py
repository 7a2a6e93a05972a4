"""A holding's clock: what rules and facts make of it, and the one statement that rewrites it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from models import database, deadlines
from models.calendars import Calendar
from models.deadlines import Facts, Forecast
from models.rules import Rules
from models.tables import CUSTOMER_COLUMNS, ORGANIZATION_COLUMNS, Customer, calendar_from

READ = f"""
SELECT {CUSTOMER_COLUMNS}, c.xmin::text AS revision, p.rules, p.rules_version AS pool_version,
  p.ruled_at, {ORGANIZATION_COLUMNS}, clock_timestamp() AS now
FROM customer c JOIN pool p ON p.id = c.pool_id JOIN organization o ON o.id = c.organization_id
WHERE c.organization_id = $1 AND c.id = ANY($2)
"""

# What stands for an offset where the owner is told that rules brought a deadline nearer. Behind it
# are the rules' version and the deadline that they know, as long as they have not heard: none
# where there was none.
NEARER = "nearer"

REWRITE = f"""
WITH wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(
    customer_id uuid, revision text, followed_up_at timestamptz, won_at timestamptz,
    locked_at timestamptz, extended_to timestamptz, rules_version integer,
    release_at timestamptz, release_reason text, remind_at timestamptz[],
    remind_offsets text[], moved boolean, wins boolean, action text, actor_id uuid,
    reason text, at timestamptz, details jsonb)
), picked AS MATERIALIZED (
  SELECT c.id, c.owner_id, c.pool_id FROM customer c JOIN wanted w ON w.customer_id = c.id
  WHERE c.owner_id IS NOT NULL AND c.xmin::text = w.revision
  ORDER BY c.id FOR UPDATE OF c
), seats AS MATERIALIZED (
  SELECT s.id, n.wins FROM seat s JOIN (
    SELECT p.pool_id, p.owner_id, count(*) AS wins
    FROM picked p JOIN wanted w ON w.customer_id = p.id AND w.wins GROUP BY 1, 2
  ) n ON n.pool_id = s.pool_id AND n.owner_id = s.member_id
  ORDER BY s.id FOR UPDATE OF s
), seated AS (
  UPDATE seat s SET won = s.won + n.wins FROM seats n WHERE n.id = s.id
), rewritten AS (
  UPDATE customer c SET followed_up_at = w.followed_up_at, won_at = w.won_at,
    locked_at = w.locked_at, extended_to = w.extended_to, rules_version = w.rules_version,
    release_at = w.release_at, release_reason = w.release_reason, remind_at = w.remind_at,
    remind_offsets = w.remind_offsets
  FROM picked p JOIN wanted w ON w.customer_id = p.id WHERE c.id = p.id
  RETURNING c.*
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, reason,
    pool_id, due_at, at, details)
  SELECT r.organization_id, r.id, r.epoch, w.action, w.actor_id, r.owner_id, w.reason,
    r.pool_id, r.release_at, w.at, w.details
  FROM rewritten r JOIN wanted w ON w.customer_id = r.id WHERE w.action IS NOT NULL
)
SELECT {CUSTOMER_COLUMNS} FROM rewritten c
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """When a holding is released and its owner reminded, ready for the row."""

    release_at: datetime | None
    release_reason: str | None
    remind_at: tuple[datetime, ...]
    remind_offsets: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "release_at": self.release_at and self.release_at.isoformat(),
            "release_reason": self.release_reason,
            "remind_at": [at.isoformat() for at in self.remind_at],
            "remind_offsets": list(self.remind_offsets),
        }


@dataclass(frozen=True, slots=True)
class Holding:
    """A held customer as read, with the rules in force and the database's time."""

    customer: Customer
    revision: str
    rules: Rules
    version: int
    ruled_at: datetime
    calendar: Calendar
    now: datetime

    @property
    def facts(self) -> Facts:
        return facts_of(self.customer, self.rules, self.ruled_at, self.calendar)

    @property
    def known_release(self) -> datetime | None:
        """The release that its owner knows of: of a nearer one they may have still to hear."""
        return _known(self.unheard) if self.unheard else self.customer.release_at

    @property
    def newer_rules(self) -> int | None:
        """The version in force, where rules changed since its owner heard when it is released."""
        changed = self.unheard or self.customer.rules_version != self.version
        return self.version if changed else None

    @property
    def unheard(self) -> str | None:
        told = (text for text in self.customer.remind_offsets if text.startswith(NEARER))
        return next(told, None)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a holding: its new facts and, for the ledger, what happened."""

    holding: Holding
    facts: Facts
    calendar: Calendar
    by_another: bool = False
    wins: bool = False
    action: str | None = None
    actor_id: UUID | None = None
    reason: str | None = None
    details: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        customer, now = self.holding.customer, self.holding.now
        clock = reset(
            self.holding.rules,
            self.facts,
            self.calendar,
            now,
            before=self.holding.known_release,
            by_another=self.by_another,
            newer_rules=self.holding.newer_rules,
        )
        return clock.to_json() | {
            "customer_id": str(customer.id),
            "revision": self.holding.revision,
            "followed_up_at": _text(self.facts.followed_up_at),
            "won_at": _text(self.facts.won_at),
            "locked_at": _text((customer.locked_at or now) if self.facts.locked else None),
            "extended_to": _text(self.facts.extended_to),
            "rules_version": self.holding.version,
            "wins": self.wins,
            "action": self.action,
            "actor_id": self.actor_id and str(self.actor_id),
            "reason": self.reason,
            "at": now.isoformat(),
            "details": self.details or {},
        }


@dataclass(frozen=True, slots=True)
class Ownership:
    """As much of a held customer's row as its deadline hangs on."""

    claimed_at: datetime
    followed_up_at: datetime | None
    won_at: datetime | None
    level: str | None
    locked_at: datetime | None
    extended_to: datetime | None


def evaluate(
    customer: Customer | Ownership, rules: Rules, ruled_at: datetime, calendar: Calendar
) -> Forecast | None:
    """What the rules in force since `ruled_at` make of it: in a change, a preview, a forecast."""
    return deadlines.forecast(rules, facts_of(customer, rules, ruled_at, calendar), calendar)


def facts_of(
    customer: Customer | Ownership, rules: Rules, ruled_at: datetime, calendar: Calendar
) -> Facts:
    """As the rules in force since `ruled_at` look at it: who was held by then has their grace."""
    assert customer.claimed_at is not None
    graced = rules.grace is not None and customer.claimed_at < ruled_at
    return Facts(
        claimed_at=customer.claimed_at,
        followed_up_at=customer.followed_up_at,
        won_at=customer.won_at,
        level=customer.level,
        locked=customer.locked_at is not None,
        extended_to=customer.extended_to,
        not_before=calendar.after(ruled_at, rules.grace, rules.working_days)
        if graced and rules.grace
        else None,
    )


def reset(
    rules: Rules,
    facts: Facts,
    calendar: Calendar,
    now: datetime,
    *,
    before: datetime | None = None,
    by_another: bool = False,
    newer_rules: int | None = None,
) -> Clock:
    """The clock as it stands from now on.

    Reminders already past are dropped after the owner's own act, and collapse into one at once
    where somebody else moved the deadline (DESIGN, "When a customer is released"). Where newer
    rules made it nearer than `before`, that is told at once, and once for these rules.
    """
    forecast = deadlines.forecast(rules, facts, calendar)
    if forecast is None:
        return Clock(None, None, (), ())
    planned = deadlines.reminders(rules, forecast.at, calendar)
    pending = [(at, span.text) for span, at in planned if at > now]
    past = [span.text for span, at in planned if at <= now]
    nearer = newer_rules and (before is None or forecast.at < before)
    if by_another and (past or nearer) and before != forecast.at and forecast.at > now:
        pending.insert(0, (now, _nearer(newer_rules, before) if nearer else past[-1]))
    return Clock(
        forecast.at,
        str(forecast.reason),
        tuple(at for at, _ in pending),
        tuple(text for _, text in pending),
    )


def forecast_of(
    customer: Customer, rules: Rules, ruled_at: datetime, calendar: Calendar
) -> Forecast | None:
    """The stored release with every rule that bears on it, for whoever asks why."""
    if customer.release_at is None:
        return None
    return evaluate(customer, rules, ruled_at, calendar)


async def read(organization_id: UUID, ids: Iterable[UUID]) -> list[Holding]:
    rows = await database.rows(READ, organization_id, list(ids))
    return [
        Holding(
            customer=Customer._init_from_db(**row),
            revision=row["revision"],
            rules=parsed_rules(row["rules"]),
            version=row["pool_version"],
            ruled_at=row["ruled_at"],
            calendar=calendar_from(row["time_zone"], row["own_days"]),
            now=row["now"],
        )
        for row in rows
    ]


async def rewrite(changes: list[Change]) -> list[Customer]:
    """Write those whose row is still as it was read, with their events, in one statement."""
    wanted = json.dumps([change.to_json() for change in changes], ensure_ascii=False)
    return [Customer._init_from_db(**row) for row in await database.rows(REWRITE, wanted)]


def came_nearer(changes: list[Change], customers: list[Customer]) -> list[Customer]:
    """Whom to arm anew: a later deadline is re-armed when its old alarm rings."""
    before = {change.holding.customer.id: change.holding.customer for change in changes}
    return [
        customer
        for customer in customers
        if customer.release_at is not None
        and _came_nearer(customer, before[customer.id].release_at)
    ]


def _came_nearer(customer: Customer, before: datetime | None) -> bool:
    assert customer.release_at is not None
    return before is None or customer.release_at < before


@lru_cache(maxsize=4096)
def parsed_rules(text: str) -> Rules:
    return Rules.from_json(json.loads(text))


def _nearer(version: int | None, known: datetime | None) -> str:
    return f"{NEARER} {version} {known.isoformat() if known else ''}".strip()


def _known(unheard: str) -> datetime | None:
    known = unheard.split()[2:]
    return datetime.fromisoformat(known[0]) if known else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
