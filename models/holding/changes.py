"""Changes of a holding, and the one statement that writes them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import database
from models.holding.holdings import Holding
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.schedule import schedule
from models.tables import CUSTOMER_COLUMNS, Customer

REWRITE = f"""
WITH wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(
    customer_id uuid, revision text, followed_up_at timestamptz, won_at timestamptz,
    locked_at timestamptz, extended_to timestamptz, rules_version integer,
    release_at timestamptz, release_reason text, remind_at timestamptz[],
    remind_offsets text[], unannounced_rules_version integer, announced_release_at timestamptz,
    wins boolean, action text, actor_id uuid,
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
    remind_offsets = w.remind_offsets, unannounced_rules_version = w.unannounced_rules_version,
    announced_release_at = w.announced_release_at
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
        clock = schedule(
            self.holding.rules,
            self.facts,
            self.calendar,
            now,
            announced=self.holding.announced_release,
            newer_rules=self.holding.newer_rules,
            by_another=self.by_another,
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


async def rewrite_holdings(changes: list[Change]) -> list[Customer]:
    """Write those whose row is still as it was read, with their events, in one statement."""
    wanted = json.dumps([change.to_json() for change in changes], ensure_ascii=False)
    return await database.models(Customer, REWRITE, wanted)


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


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
