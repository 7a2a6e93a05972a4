"""What a replay reads of one snapshot, each list in the order of its ids."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

from models.database import Snapshot
from models.ledger.differences import EVALUATED, LIFE, RulesVersion, Versions
from models.rules.absences import Absences, parsed_absences
from models.rules.rules import parsed_rules
from models.tables import ORGANIZATION_COLUMNS, Organization

SLICE = 1000
ORGANIZATIONS = f"""
SELECT {ORGANIZATION_COLUMNS} FROM organization o
WHERE $1::uuid IS NULL OR o.id = $1 ORDER BY o.id
"""
RULES = """
SELECT pool_id, version, rules, at, version = max(version) OVER (PARTITION BY pool_id) AS newest
FROM pool_rules WHERE organization_id = $1
"""
ABSENCES = """
SELECT id, absences::text AS absences FROM member
WHERE organization_id = $1 AND absences <> '[]'
"""
SEATS = """
SELECT pool_id, member_id, held, won, claimed_on, claimed_today
FROM seat WHERE organization_id = $1
"""
COLUMNS = ", ".join(
    sorted({"id", "rules_version", "release_at", "release_reason", *LIFE, *EVALUATED})
)
CUSTOMERS = f"SELECT {COLUMNS} FROM customer WHERE organization_id = $1 ORDER BY id"
EVENTS = """
SELECT customer_id, action, epoch, member_id, pool_id, at, details ? 'registered' AS registered,
  details ? 'renews' AS renews, details ? 'into' AS into,
  (details ->> 'extended_to')::timestamptz AS extended_to,
  (details ->> 'won_at')::timestamptz AS won_at
FROM event WHERE organization_id = $1 AND customer_id IS NOT NULL ORDER BY customer_id, seq
"""


async def organizations(snapshot: Snapshot, id: UUID | None) -> list[Organization]:
    """This organization, or all."""
    return [Organization.of(row) for row in await snapshot.rows(ORGANIZATIONS, id)]


async def versions(snapshot: Snapshot, organization_id: UUID) -> Versions:
    return {
        (row["pool_id"], row["version"]): RulesVersion(
            parsed_rules(row["rules"]), row["at"], row["newest"]
        )
        for row in await snapshot.rows(RULES, organization_id)
    }


async def absences(snapshot: Snapshot, organization_id: UUID) -> dict[UUID, Absences]:
    """By member; those without any are left out."""
    rows = await snapshot.rows(ABSENCES, organization_id)
    return {row["id"]: parsed_absences(row["absences"]) for row in rows}


async def seats(snapshot: Snapshot, organization_id: UUID) -> list[dict[str, Any]]:
    return await snapshot.rows(SEATS, organization_id)


def customers(snapshot: Snapshot, organization_id: UUID) -> AsyncGenerator[dict[str, Any], None]:
    return snapshot.stream(CUSTOMERS, organization_id, size=SLICE)


def events(snapshot: Snapshot, organization_id: UUID) -> AsyncGenerator[dict[str, Any], None]:
    """In the order of their customers; each customer's in the order in which they happened."""
    return snapshot.stream(EVENTS, organization_id, size=SLICE)
