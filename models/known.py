"""Customers that are already known by one of the exact keys."""

from collections.abc import Mapping
from uuid import UUID

from models import database
from models.refusals import Duplicate
from models.viewers import Viewer

KEYS = {
    "registration_key": "REGISTRATION_NUMBER",
    "name_key": "NAME",
    "phone_key": "PHONE",
    "email_key": "EMAIL",
}

SAME = """
SELECT c.id, c.owner_id, c.pool_id, c.name_key, c.phone_key, c.email_key, c.registration_key
FROM customer c WHERE c.organization_id = $1 AND c.id IS DISTINCT FROM $6
  AND (c.name_key = $2 OR c.phone_key = $3 OR c.email_key = $4 OR c.registration_key = $5)
"""


async def duplicates_of(
    viewer: Viewer, keys: Mapping[str, str | None], besides: UUID | None = None
) -> list[Duplicate]:
    """Which keys agree and how it stands; the customer itself only where the viewer may see it."""
    wanted = [keys[name] for name in ("name_key", "phone_key", "email_key", "registration_key")]
    rows = await database.rows(SAME, viewer.organization.id, *wanted, besides)
    return [
        Duplicate(
            matched_on=tuple(
                key for name, key in KEYS.items() if keys[name] == row[name] and keys[name]
            ),
            standing=_standing(viewer, row["owner_id"]),
            customer_id=row["id"] if _visible(viewer, row) else None,
        )
        for row in rows
    ]


def _standing(viewer: Viewer, owner_id: UUID | None) -> str:
    if owner_id is None:
        return "IN_POOL"
    return "HELD_BY_YOU" if owner_id == viewer.id else "HELD_BY_COLLEAGUE"


def _visible(viewer: Viewer, row: Mapping[str, UUID | None]) -> bool:
    if row["owner_id"] == viewer.id:
        return True
    pool_id = row["pool_id"]
    assert pool_id is not None
    held = row["owner_id"] is not None
    return viewer.administers(pool_id) or (viewer.sees_pool(pool_id) and not held)
