"""What is stored of a person, as JSON, for the person: of a customer or a member."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import database
from models.erasure import export_statements as sql
from models.ledger.recording import record
from models.refusals import InvalidInput
from models.tables import Customer, Member
from models.viewers import Viewer, find_one

MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Export:
    """`json` has at most MOST_EVENTS events, the oldest first; `end_cursor` leads to the next."""

    json: str
    end_cursor: str | None


async def export_customer(viewer: Viewer, id: UUID | None, after: str | None) -> Export:
    """Of a customer and those that were merged into it; for admins, and the ledger tells of it.

    Raises Forbidden, NotFound and InvalidInput.
    """
    viewer.require_admin()
    customer = await find_one(viewer, Customer, id)
    scope = _Scope(viewer, "customer", customer.id, after)
    rows = await scope.rows(sql.OF_CUSTOMERS, customer.id)
    ids = [UUID(row["id"]) for row in rows]
    parts = {"customers": rows, "keys": await scope.rows(sql.KEYS, ids)}
    return await scope.export(parts, sql.EVENTS_OF_CUSTOMERS, ids)


async def export_member(viewer: Viewer, id: UUID | None, after: str | None) -> Export:
    """Of a member, with every event that names them; else as `export_customer`."""
    viewer.require_admin()
    member = await find_one(viewer, Member, id)
    scope = _Scope(viewer, "member", member.id, after)
    parts = {
        "member": await scope.rows(sql.OF_MEMBER, member.id),
        "seats": await scope.rows(sql.SEATS, member.id),
        "access": await scope.rows(sql.ACCESS, member.id),
        "lookups": await scope.rows(sql.LOOKUPS, member.id),
        "channels": await scope.rows(sql.CHANNELS, member.id),
    }
    return await scope.export(parts, sql.EVENTS_OF_MEMBER, member.id)


@dataclass(frozen=True, slots=True)
class _Scope:
    viewer: Viewer
    kind: str
    id: UUID
    after: str | None

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        found = await database.rows(statement, self.viewer.organization.id, *values)
        return [json.loads(row["row"]) for row in found]

    async def export(self, parts: dict[str, Any], statement: str, whose: Any) -> Export:
        values = (self.viewer.organization.id, whose, self._start(), MOST_EVENTS + 1)
        found = await database.rows_report(statement, *values)
        shown = found[:MOST_EVENTS]
        events = {"events": [json.loads(row["row"]) for row in shown]}
        member = self.id if self.kind == "member" else None
        details = {self.kind: str(self.id)}
        await record(self.viewer, "PERSON_EXPORTED", member_id=member, details=details)
        end = self._cursor(shown[-1]["seq"]) if len(found) > MOST_EVENTS else None
        return Export(json.dumps(parts | events, ensure_ascii=False), end)

    def _cursor(self, seq: int) -> str:
        return self.viewer.seal.close(json.dumps([self.kind, str(self.id), seq]))

    def _start(self) -> int:
        """Raises InvalidInput for a cursor of another export."""
        if self.after is None:
            return 0
        try:
            kind, id, seq = json.loads(self.viewer.seal.open(self.after))
            if (kind, id) == (self.kind, str(self.id)):
                return int(seq)
        except (ValueError, TypeError):
            pass
        raise InvalidInput.at("after", "must be the endCursor of the same person's export")
