"""Changes of a holding, and the one statement that writes them."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models import database
from models.holding.alarms import next_due
from models.holding.holdings import Holding
from models.rules.calendars import Calendar
from models.rules.deadlines import Facts
from models.rules.schedule import Schedule, schedule
from models.tables import CUSTOMER_COLUMNS, Customer
from models.telemetry import tracing

# Why each step names ids in an array too: see models/taking/take_statement.py.
REWRITE = f"""
WITH wanted AS MATERIALIZED (
  -- 1. The new values of each customer, and the event that tells of them.
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(
    customer_id uuid, revision text, followed_up_at timestamptz,
    won_at timestamptz, locked_at timestamptz, extended_to timestamptz, rules_version integer,
    release_at timestamptz, release_reason text, remind_at timestamptz[], remind_offsets text[],
    unannounced_rules_version integer, announced_release_at timestamptz, wins boolean,
    action text, actor_id uuid, reason text, at timestamptz, details jsonb, texts jsonb)
), picked AS MATERIALIZED (
  -- 2. Lock the customers whose row is still as it was read.
  SELECT c.id, c.owner_id, c.pool_id
  FROM customer c JOIN wanted w ON c.organization_id = $2 AND c.id = w.customer_id
    AND c.id = ANY(ARRAY(SELECT customer_id FROM wanted))
  WHERE c.owner_id IS NOT NULL AND c.xmin::text = w.revision
  ORDER BY c.id FOR UPDATE OF c
), seats AS MATERIALIZED (
  -- 3. Lock the seats whose owner signed a customer.
  SELECT s.id, n.wins FROM seat s JOIN (
    SELECT p.pool_id, p.owner_id, count(*) AS wins
    FROM picked p JOIN wanted w ON w.customer_id = p.id AND w.wins GROUP BY 1, 2
  ) n ON s.organization_id = $2 AND n.pool_id = s.pool_id AND n.owner_id = s.member_id
    AND s.pool_id = ANY(ARRAY(SELECT pool_id FROM picked))
    AND s.member_id = ANY(ARRAY(SELECT owner_id FROM picked))
  ORDER BY s.id FOR UPDATE OF s
), seated AS (
  -- 4. Count the signed customers.
  UPDATE seat s SET won = s.won + n.wins FROM seats n
  WHERE s.organization_id = $2 AND s.id = n.id AND s.id = ANY(ARRAY(SELECT id FROM seats))
), rewritten AS (
  -- 5. Write the customers.
  UPDATE customer c SET followed_up_at = w.followed_up_at, won_at = w.won_at,
    locked_at = w.locked_at, extended_to = w.extended_to, rules_version = w.rules_version,
    release_at = w.release_at, release_reason = w.release_reason, remind_at = w.remind_at,
    remind_offsets = w.remind_offsets, unannounced_rules_version = w.unannounced_rules_version,
    announced_release_at = w.announced_release_at,
    deal_reported_at = CASE w.action
      WHEN 'DEAL_REPORTED' THEN w.at WHEN 'WON' THEN NULL ELSE c.deal_reported_at END
  FROM picked p JOIN wanted w ON w.customer_id = p.id
  WHERE c.organization_id = $2 AND c.id = p.id AND c.id = ANY(ARRAY(SELECT id FROM picked))
  RETURNING c.*
), logged AS (
  -- 6. Write their events.
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id,
    pool_id, due_at, at, details)
  SELECT r.organization_id, r.id, r.epoch, w.action, w.actor_id, r.owner_id,
    r.pool_id, r.release_at, w.at, w.details
  FROM rewritten r JOIN wanted w ON w.customer_id = r.id WHERE w.action IS NOT NULL
  RETURNING organization_id, id, customer_id
), texted AS (
  -- 7. Write what people said of them, which may be erased.
  INSERT INTO event_text (organization_id, id, customer_id, reason, details)
  SELECT l.organization_id, l.id, l.customer_id, w.reason, w.texts
  FROM logged l JOIN wanted w ON w.customer_id = l.customer_id
  WHERE w.reason IS NOT NULL OR w.texts <> jsonb_build_object()
)
SELECT {CUSTOMER_COLUMNS} FROM rewritten c
"""
REWRITE_FREE = database.skip_locked(REWRITE)


@dataclass(frozen=True, slots=True)
class Change:
    """New facts of a held customer and, for the ledger, what happened.

    `by_another`: not the owner's own act, so the owner is reminded if the release moves. What a
    person wrote is the `reason`, or in `texts`: it can be erased, the other details stay.
    """

    holding: Holding
    facts: Facts
    calendar: Calendar
    by_another: bool = False
    wins: bool = False
    action: str | None = None
    actor_id: UUID | None = None
    reason: str | None = None
    details: dict[str, Any] | None = None
    texts: dict[str, str] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the change as a row of REWRITE."""
        return self._facts_to_json() | self._event_to_json() | self.schedule().to_json()

    def schedule(self) -> Schedule:
        return schedule(
            self.holding.rules,
            self.facts,
            self.calendar,
            self.holding.now,
            before=self.holding.schedule,
            announced=self.holding.announced_release,
            newer_rules=self.holding.newer_rules,
            by_another=self.by_another,
        )

    def _facts_to_json(self) -> dict[str, Any]:
        customer, now = self.holding.customer, self.holding.now
        return {
            "customer_id": str(customer.id),
            "revision": self.holding.revision,
            "followed_up_at": _text(self.facts.followed_up_at),
            "won_at": _text(self.facts.won_at),
            "locked_at": _text((customer.locked_at or now) if self.facts.locked else None),
            "extended_to": _text(self.facts.extended_to),
            "rules_version": self.holding.version,
            "wins": self.wins,
        }

    def _event_to_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "actor_id": self.actor_id and str(self.actor_id),
            "reason": self.reason,
            "at": self.holding.now.isoformat(),
            "details": (self.details or {}) | tracing.details(),
            "texts": self.texts or {},
        }


async def rewrite_holdings(changes: list[Change], *, waits: bool = True) -> list[Customer]:
    """Write the changes with their events in one statement.

    All are of one organization. Returns the customers that were written. One that has changed
    since it was read is left out, and one in use unless it `waits`. Only a change that wins
    nothing may leave them out.
    """
    if not changes:
        return []
    organization_id = changes[0].holding.customer.organization_id
    wanted = json.dumps([change.to_json() for change in changes], ensure_ascii=False)
    sql = REWRITE if waits else REWRITE_FREE
    act = partial(database.models, Customer, sql, wanted, organization_id)
    return await database.with_retries(act)


def came_nearer(changes: list[Change], customers: list[Customer]) -> list[Customer]:
    """Return the customers whose next alarm moved earlier.

    A later one needs no new job: the job of the earlier alarm arms the later one.
    """
    before = {each.holding.customer.id: each.holding for each in changes}
    return [each for each in customers if _is_nearer(each, before[each.id])]


def _is_nearer(customer: Customer, before: Holding) -> bool:
    present = next_due(customer.release_at, customer.remind_at, before.now)
    former = next_due(before.customer.release_at, before.customer.remind_at, before.now)
    return present is not None and (former is None or present < former)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
