"""The ledger replayed: what customers and seats must be, if every event is told."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models import database
from models.rules.evaluation import evaluate
from models.rules.holidays import stored_calendar
from models.rules.rules import parsed_rules
from models.tables import CUSTOMER_COLUMNS, ORGANIZATION_COLUMNS, Customer

EVENTS = """
SELECT e.customer_id, e.action, e.epoch, e.member_id, e.former_id, e.pool_id, e.at, o.time_zone,
  e.details ? 'registered' AS registered,
  (e.details ->> 'extended_to')::timestamptz AS extended_to,
  (e.details ->> 'won_at')::timestamptz AS won_at
FROM event e JOIN organization o ON o.id = e.organization_id
WHERE e.customer_id IS NOT NULL ORDER BY e.customer_id, e.seq
"""
CUSTOMERS = f"""
SELECT {CUSTOMER_COLUMNS},
  r.rules, r.at AS ruled_at, {ORGANIZATION_COLUMNS}
FROM customer c JOIN organization o ON o.id = c.organization_id
LEFT JOIN pool_rules r ON r.pool_id = c.pool_id AND r.version = c.rules_version
"""
SEATS = "SELECT pool_id, member_id, held, won, claimed_on, claimed_today FROM seat"
OWNED = ("CLAIMED", "ASSIGNED", "TRANSFERRED")


@dataclass
class Life:
    """What the events of one customer add up to."""

    pool_id: UUID | None = None
    owner_id: UUID | None = None
    epoch: int = 0
    claimed_at: datetime | None = None
    followed_up_at: datetime | None = None
    won_at: datetime | None = None
    locked_at: datetime | None = None
    extended_to: datetime | None = None
    opened_at: datetime | None = None

    def tell(self, event: dict[str, Any]) -> None:
        action, at = event["action"], event["at"]
        if action in ("CREATED", "MOVED"):
            self.pool_id, self.opened_at = event["pool_id"], at
        elif action in OWNED:
            self.owner_id, self.epoch = event["member_id"], event["epoch"]
            self.claimed_at, self.followed_up_at, self.opened_at = at, None, None
            self.locked_at = self.extended_to = None
            self.won_at = event["won_at"] or self.won_at
        elif action == "FOLLOWED_UP":
            self.followed_up_at = at
        elif action == "WON":
            self.won_at = self.won_at or at
        elif action in ("LOCKED", "UNLOCKED"):
            self.locked_at = at if action == "LOCKED" else None
        elif action == "EXTENDED":
            self.extended_to = event["extended_to"]
        elif action == "RELEASED":
            self.pool_id, self.opened_at = event["pool_id"], at
            self.owner_id = self.claimed_at = self.followed_up_at = self.won_at = None
            self.locked_at = self.extended_to = None
            self.epoch = event["epoch"] + 1


async def differences() -> list[str]:
    """Where the tables say other than the ledger; empty when all is well."""
    lives, claims = await _lives()
    customers = await database.rows(CUSTOMERS)
    found = [line for row in customers for line in _customer_differences(row, lives[row["id"]])]
    found += [f"{id} is in the ledger only" for id in lives.keys() - {r["id"] for r in customers}]
    return found + await _seat_differences(lives, claims)


async def _lives() -> tuple[dict[UUID, Life], dict[tuple[Any, ...], int]]:
    lives: dict[UUID, Life] = defaultdict(Life)
    claims: dict[tuple[Any, ...], int] = defaultdict(int)
    for event in await database.rows(EVENTS):
        lives[event["customer_id"]].tell(event)
        if event["action"] == "CLAIMED" and not event["registered"]:
            day = event["at"].astimezone(ZoneInfo(event["time_zone"])).date()
            claims[event["pool_id"], event["member_id"], day] += 1
    return lives, claims


def _customer_differences(row: dict[str, Any], life: Life) -> list[str]:
    lines = [
        f"customer {row['id']}: {name} is {row[name]}, the ledger says {told}"
        for name, told in vars(life).items()
        if row[name] != told
    ]
    release = _release(row)
    if release != (row["release_at"], row["release_reason"]):
        stored = (row["release_at"], row["release_reason"])
        lines.append(f"customer {row['id']}: release is {stored}, its rules say {release}")
    return lines


def _release(row: dict[str, Any]) -> tuple[datetime | None, str | None]:
    if row["owner_id"] is None:
        return None, None
    rules = parsed_rules(row["rules"])
    calendar = stored_calendar(row["time_zone"], row["calendar_overrides"])
    forecast = evaluate(database.as_model(Customer, row), rules, row["ruled_at"], calendar)
    return (forecast.at, str(forecast.reason)) if forecast else (None, None)


async def _seat_differences(
    lives: dict[UUID, Life], claims: dict[tuple[Any, ...], int]
) -> list[str]:
    held: dict[tuple[Any, Any], list[int]] = defaultdict(lambda: [0, 0])
    for life in lives.values():
        if life.owner_id:
            seat = held[life.pool_id, life.owner_id]
            seat[0] += 1
            seat[1] += life.won_at is not None
    lines = []
    for row in await database.rows(SEATS):
        key = (row["pool_id"], row["member_id"])
        told = [*held.pop(key, [0, 0]), claims.get((*key, row["claimed_on"]), 0)]
        stored = [row["held"], row["won"], row["claimed_today"]]
        if stored != told:
            lines.append(f"seat {json.dumps(key, default=str)}: {stored}, the ledger says {told}")
    return lines + [f"seat {key}: missing, the ledger says {told}" for key, told in held.items()]
