"""Customers that share an exact key, one that they have now or one that they ever had."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.duplicates.keys import KINDS, Key, duplicate_keys
from models.refusals import Duplicate, DuplicateFound
from models.viewers import Viewer

# Two companies may share these, so two registration numbers tell them apart.
OUTRANKED = ("NAME", "PHONE")
MOST_LISTED = 50

# One pass by the keys alone, whichever index a planner without statistics takes.
SAME = """
SELECT c.id, c.owner_id, c.pool_id, c.name, c.phone, c.email,
  c.registration_number AS "registrationNumber",
  array_agg(k.kind) AS kinds, array_agg(k.key) AS keys,
  (SELECT array_agg(r.key) FROM customer_key r WHERE r.organization_id = c.organization_id
    AND r.customer_id = c.id AND r.kind = 'REGISTRATION_NUMBER') AS numbers
FROM customer_key k
JOIN customer c ON c.organization_id = k.organization_id AND c.id = k.customer_id
WHERE k.organization_id = $1 AND k.key = ANY($2::text[])
  AND k.kind || ':' || k.key = ANY($3::text[]) AND k.customer_id IS DISTINCT FROM $4
GROUP BY c.organization_id, c.id
ORDER BY bool_or(k.kind = ANY($5::text[])) DESC, c.id LIMIT $6
"""


@dataclass(frozen=True, slots=True)
class Match:
    """A customer and the keys that it shares, `formerly` those that it has no more.

    `refuses`: it is the same customer, by the keys that its organization lets refuse.
    """

    customer_id: UUID
    owner_id: UUID | None
    pool_id: UUID
    keys: frozenset[Key]
    formerly: frozenset[Key]
    refuses: bool

    def told_to(self, viewer: Viewer) -> Duplicate:
        """It names the customer only if the viewer may see it."""
        shows = may_show(viewer, self.owner_id, self.pool_id)
        return Duplicate(
            matched_on=_kinds(self.keys),
            standing=standing(viewer, self.owner_id),
            customer_id=self.customer_id if shows else None,
            formerly=_kinds(self.formerly),
            refuses=self.refuses,
        )


async def refusing(
    viewer: Viewer, keys: Collection[Key], fresh: Collection[Key], besides: UUID | None = None
) -> list[Match]:
    """Return whoever shares one of the `fresh` keys that may refuse a customer with all `keys`."""
    blocking = viewer.organization.duplicate_keys
    wanted = [key for key in fresh if key.kind in blocking]
    return await _matches(viewer, keys, wanted, besides, None) if wanted else []


async def sharing(viewer: Viewer, keys: Collection[Key]) -> list[Match]:
    """Return whoever shares any of the keys, those that refuse first; MOST_LISTED of them."""
    found = await _matches(viewer, keys, keys, None, MOST_LISTED)
    return sorted(found, key=lambda each: not each.refuses)


async def _matches(
    viewer: Viewer,
    keys: Collection[Key],
    wanted: Collection[Key],
    besides: UUID | None,
    most: int | None,
) -> list[Match]:
    blocking = viewer.organization.duplicate_keys
    values, named = [key.value for key in wanted], [f"{key.kind}:{key.value}" for key in wanted]
    rows = await database.rows(
        SAME, viewer.organization.id, values, named, besides, list(blocking), most
    )
    return [_match(row, keys, blocking) for row in rows]


def refuse(viewer: Viewer, found: Iterable[Match]) -> None:
    """Raises DuplicateFound with those that refuse, if any does."""
    told = [each.told_to(viewer) for each in found if each.refuses]
    if told:
        raise DuplicateFound(tuple(told[:MOST_LISTED]))


def taken_keys(found: Iterable[Match]) -> frozenset[Key]:
    return frozenset(key for each in found for key in each.keys)


def stored_keys(
    viewer: Viewer, keys: Iterable[Key], taken: Collection[Key]
) -> list[dict[str, Any]]:
    """Return keys as they are stored: one blocks if its kind does and nobody else has it."""
    blocking = viewer.organization.duplicate_keys
    return [
        {"kind": key.kind, "key": key.value, "blocks": key.kind in blocking and key not in taken}
        for key in keys
    ]


def refuses(
    shared: Iterable[Key], blocking: Collection[str], own: Iterable[Key], numbers: Collection[str]
) -> bool:
    """Return whether shared keys make a customer with the keys `own` one with these numbers.

    Two different registration numbers outrank an equal name or phone.
    """
    mine = {key.value for key in own if key.kind == "REGISTRATION_NUMBER"}
    apart = bool(mine and numbers) and mine.isdisjoint(numbers)
    return any(key.kind in blocking and not (apart and key.kind in OUTRANKED) for key in shared)


def _match(row: dict[str, Any], own: Collection[Key], blocking: Collection[str]) -> Match:
    shared = frozenset(map(Key, row["kinds"], row["keys"]))
    return Match(
        customer_id=row["id"],
        owner_id=row["owner_id"],
        pool_id=row["pool_id"],
        keys=shared,
        formerly=shared.difference(duplicate_keys(row)),
        refuses=refuses(shared, blocking, own, row["numbers"] or ()),
    )


def _kinds(keys: Collection[Key]) -> tuple[str, ...]:
    present = {key.kind for key in keys}
    return tuple(kind for kind in KINDS.values() if kind in present)


def standing(viewer: Viewer, owner_id: UUID | None) -> str:
    if owner_id is None:
        return "IN_POOL"
    return "HELD_BY_YOU" if owner_id == viewer.id else "HELD_BY_COLLEAGUE"


def may_show(viewer: Viewer, owner_id: UUID | None, pool_id: UUID) -> bool:
    """Return whether the viewer may learn which customer it is."""
    if viewer.holds(owner_id) or viewer.administers(pool_id):
        return True
    return owner_id is None and viewer.sees_pool(pool_id)
