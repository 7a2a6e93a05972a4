"""Who is asking, and what of their organization they may see and do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from models import database
from models.database.seal import Seal
from models.refusals import Forbidden, NotFound
from models.tables import (
    LED_BY_MEMBER,
    OPENS_TO_MEMBER,
    ORGANIZATION_COLUMNS,
    Customer,
    Member,
    Organization,
    Pool,
)
from models.tables.owned import Owned

SEEN = f"""
SELECT m.*, {ORGANIZATION_COLUMNS}, o.cursor_key, now() AS now,
  ARRAY(SELECT p.id FROM pool p WHERE p.organization_id = m.organization_id AND (
    m.role = 'ADMIN' OR EXISTS (
      SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = p.id
      AND {OPENS_TO_MEMBER}))) AS open_pools,
  ARRAY(
    SELECT a.pool_id FROM pool_access a
    WHERE a.organization_id = $1 AND a.member_id = m.id AND a.administers)
    AS administered,
  CASE WHEN led.departments <> '{{}}' THEN ARRAY(
    SELECT p.id FROM member p WHERE p.organization_id = $1
    AND p.department_id = ANY (led.departments) AND p.id <> m.id) END AS people
FROM member m JOIN organization o ON o.id = m.organization_id, {LED_BY_MEMBER} AS led
WHERE m.organization_id = $1 AND m.id = ANY($2::uuid[]) AND m.active
"""


@dataclass(frozen=True, slots=True, eq=False)
class Viewer:
    """An active member; `open_pools` they see and claim from, `administered` they run.

    `people`: the others in the departments that they lead, and below. `seal` signs the cursors of
    their organization.
    """

    member: Member
    organization: Organization
    open_pools: frozenset[UUID]
    administered: frozenset[UUID]
    people: frozenset[UUID]
    asked_at: datetime
    seal: Seal

    @property
    def id(self) -> UUID:
        return self.member.id

    @property
    def is_admin(self) -> bool:
        return self.member.role == "ADMIN"

    def require_admin(self) -> None:
        if not self.is_admin:
            raise Forbidden("Only admins of the organization may do that.")

    def of(self, model: type[Owned]) -> QuerySet[Owned]:
        """Rows of the viewer's organization: where every queryset of a verb begins."""
        return model.filter(organization_id=self.organization.id)

    @property
    def manages(self) -> bool:
        return self.member.role != "SALES" or bool(self.administered)

    def sees_pool(self, pool_id: UUID) -> bool:
        return pool_id in self.open_pools

    def administers(self, pool_id: UUID) -> bool:
        return pool_id in self.administered

    def sees(self, customer: Customer) -> bool:
        return customer.pool_id in self.open_pools or self.holds(customer.owner_id)

    def holds(self, owner_id: UUID | None) -> bool:
        """Return whether the viewer or one of their people is this owner."""
        return owner_id == self.id or owner_id in self.people

    @property
    def holders(self) -> list[UUID]:
        """The owners whose customers the viewer sees whole, wherever they are: for statements."""
        return [self.id, *self.people]

    def decides(self, customer: Customer) -> bool:
        """Return whether the viewer runs its pool, or leads its owner."""
        return self.administers(customer.pool_id) or customer.owner_id in self.people


async def viewer(organization_id: UUID, member_id: UUID) -> Viewer | None:
    """The member as of now, in one statement; None where there is none or they have left."""
    return (await viewers(organization_id, [member_id])).get(member_id)


async def viewers(organization_id: UUID, ids: Collection[UUID]) -> dict[UUID, Viewer]:
    """Those of the members that are active, as of now, in one statement."""
    rows = await database.records(SEEN, organization_id, list(ids))
    organization = organization_in(rows)
    return {row["id"]: viewer_in(row, organization) for row in rows}


def organization_in(rows: Sequence[Mapping[str, Any]]) -> Organization | None:
    """Return the organization of rows of SEEN, which have the same one."""
    return Organization.of(rows[0]) if rows else None


def viewer_in(row: Mapping[str, Any], organization: Organization | None) -> Viewer:
    """Return the viewer of a row of SEEN, and of its organization."""
    assert organization
    open_pools = frozenset(row["open_pools"])
    runs_all = row["role"] in ("ADMIN", "MANAGER")
    return Viewer(
        member=database.as_model(Member, row),
        organization=organization,
        open_pools=open_pools,
        administered=open_pools if runs_all else frozenset(row["administered"]),
        people=frozenset(row["people"] or ()),
        asked_at=row["now"],
        seal=Seal(row["cursor_key"]),
    )


async def find(viewer: Viewer, model: type[Owned], ids: Iterable[UUID | None]) -> dict[UUID, Owned]:
    """Rows of the viewer's organization by id, as find_in returns them."""
    return await find_in(viewer.organization.id, model, ids)


async def find_in(
    organization_id: UUID, model: type[Owned], ids: Iterable[UUID | None]
) -> dict[UUID, Owned]:
    """Rows of the organization by id: the only place that fetches by id.

    The id of a customer that was merged into another one gives the one that was kept.
    """
    found = await database.rows_by_id(model, organization_id, [id for id in ids if id])
    if model is not Customer:
        return found
    merged = {id: into for id, row in found.items() if (into := getattr(row, "merged_into", None))}
    if not merged:
        return found
    kept = await database.rows_by_id(model, organization_id, list(merged.values()))
    return found | {id: kept[into] for id, into in merged.items()}


async def kept_ids(viewer: Viewer, ids: Iterable[UUID | None]) -> dict[UUID, UUID]:
    """Return for those of the customers that were merged into another one which one was kept."""
    found = await find(viewer, Customer, ids)
    return {id: row.id for id, row in found.items() if row.id != id}


async def find_one(viewer: Viewer, model: type[Owned], id: UUID | None) -> Owned:
    """Raises NotFound, the same for another organization's id as for one that never was."""
    found = (await find(viewer, model, [id])).get(id) if id else None
    if found is None:
        raise NotFound
    return found


async def seen_pool(viewer: Viewer, id: UUID | None) -> Pool:
    pool = await find_one(viewer, Pool, id)
    if not viewer.sees_pool(pool.id):
        raise NotFound
    return pool


async def administered_pool(viewer: Viewer, id: UUID | None) -> Pool:
    """Raises NotFound for a pool the viewer cannot see, Forbidden for one they do not run."""
    pool = await seen_pool(viewer, id)
    if not viewer.administers(pool.id):
        raise Forbidden("Only administrators of this pool may do that.")
    return pool
