"""Customers that share an exact key."""

from collections.abc import Mapping
from typing import Any
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
    """Return the duplicates; each names its customer only if the viewer may see it."""
    return [duplicate(viewer, row, keys) for row in await same(viewer, keys, besides)]


async def same(
    viewer: Viewer, keys: Mapping[str, str | None], besides: UUID | None = None
) -> list[dict[str, Any]]:
    wanted = [keys[name] for name in ("name_key", "phone_key", "email_key", "registration_key")]
    return await database.rows(SAME, viewer.organization.id, *wanted, besides)


def duplicate(viewer: Viewer, row: Mapping[str, Any], keys: Mapping[str, str | None]) -> Duplicate:
    shows = may_show(viewer, row["owner_id"], row["pool_id"])
    return Duplicate(
        matched_on=tuple(
            key for name, key in KEYS.items() if keys[name] and keys[name] == row.get(name)
        ),
        standing=_standing(viewer, row["owner_id"]),
        customer_id=row["id"] if shows else None,
    )


def _standing(viewer: Viewer, owner_id: UUID | None) -> str:
    if owner_id is None:
        return "IN_POOL"
    return "HELD_BY_YOU" if owner_id == viewer.id else "HELD_BY_COLLEAGUE"


def may_show(viewer: Viewer, owner_id: UUID | None, pool_id: UUID) -> bool:
    """Return whether the viewer may learn which customer it is."""
    if owner_id == viewer.id or viewer.administers(pool_id):
        return True
    return owner_id is None and viewer.sees_pool(pool_id)
