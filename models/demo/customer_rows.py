"""The demo's customers and seats as rows of their tables."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from models.demo.lives import Life
from models.demo.organizations import ORGANIZATIONS, id_of
from models.duplicates.keys import duplicate_keys, former_columns
from models.lists.name_order import name_columns

Key = tuple[UUID, UUID]
ORGANIZATION_OF = {pool.id: each.id for each in ORGANIZATIONS for pool in each.pools}


def customer_row(life: Life) -> dict[str, Any]:
    """The life as it stands at its end, as a row of customer."""
    company, facts = life.company, life.facts
    known = {
        "name": company.name,
        "phone": company.phone,
        "email": company.email,
        "registrationNumber": company.registration_number,
    }
    return {
        "id": life.id,
        "organization_id": life.organization_id,
        "pool_id": life.pool.id,
        "name": company.name,
        "level": company.level,
        "person": company.person,
        "phone": company.phone,
        "email": company.email,
        "registration_number": company.registration_number,
        "created_at": life.created_at,
        "entered_at": life.entered_at,
        "opened_at": life.opened_at,
        "owner_id": life.owner_id,
        "epoch": life.epoch,
        "claimed_at": facts and facts.claimed_at,
        "followed_up_at": facts and facts.followed_up_at,
        "won_at": facts and facts.won_at,
        "rules_version": 1 if life.owner_id else None,
        **former_columns(duplicate_keys(known)),
        **name_columns(company.name),
        **life.clock.to_json(),
    }


def seat_rows(lives: list[Life]) -> list[dict[str, Any]]:
    """A seat for every member who ever owned a customer of the pool, with today's counts."""
    claims: dict[Key, list[date]] = defaultdict(list)
    owned: dict[Key, list[Life]] = defaultdict(list)
    for life in lives:
        for event in life.events:
            if event["action"] == "CLAIMED":
                day = life.calendar.day_of(event["at"])
                claims[event["pool_id"], event["member_id"]].append(day)
        if life.owner_id:
            owned[life.pool.id, life.owner_id].append(life)
    return [_seat(key, owned[key], claims[key]) for key in sorted({*claims, *owned})]


def _seat(key: Key, owned: list[Life], claims: list[date]) -> dict[str, Any]:
    pool, member = key
    last_day = max(claims, default=None)
    return {
        "id": id_of("seat", str(pool), str(member)),
        "organization_id": ORGANIZATION_OF[pool],
        "pool_id": pool,
        "member_id": member,
        "held": len(owned),
        "won": sum(bool(life.facts and life.facts.won_at) for life in owned),
        "claimed_on": last_day,
        "claimed_today": claims.count(last_day) if last_day else 0,
    }
