"""Organizations, their departments and members."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models import database
from models.rules.absences import Absences, parsed_absences, written_absences
from models.rules.calendars import Calendar
from models.rules.holidays import stored_calendar

# Of an organization `o`: the overrides of its calendar of every year are one JSON text.
CALENDAR_COLUMNS = """o.time_zone,
  (SELECT jsonb_object_agg(d.year, jsonb_build_array(d.holidays, d.working_weekends))
   FROM organization_calendar d WHERE d.organization_id = o.id)::text AS calendar_overrides"""
ORGANIZATION_COLUMNS = f"""o.id AS organization_id, o.name AS organization_name,
  o.created_at AS founded_at, o.duplicate_keys, o.lookup_limit, o.export_limit,
  {CALENDAR_COLUMNS}"""

# Its columns, as ORGANIZATION_COLUMNS names them.
GIVEN = {
    "id": "organization_id",
    "name": "organization_name",
    "time_zone": "time_zone",
    "created_at": "founded_at",
    "duplicate_keys": "duplicate_keys",
    "lookup_limit": "lookup_limit",
    "export_limit": "export_limit",
}


def works_in(member: str, department: str) -> str:
    """Return the SQL condition that a member works in a department or below it.

    `member` is the row's alias, `department` an id as SQL. Both are of one organization.
    """
    above = f"{department} = ANY ({member}.departments_above)"
    return f"({member}.department_id = {department} OR {above})"


# The departments that a member `m` leads, with all below. OFFSET 0: worked out once for a member.
LED_BY_MEMBER = """LATERAL (
  SELECT ARRAY(
    SELECT d.id FROM department l JOIN department d
      ON d.organization_id = l.organization_id AND l.id = ANY (d.id || d.departments_above)
    WHERE l.organization_id = m.organization_id AND l.lead_id = m.id) AS departments OFFSET 0)"""
# Whether the access `a` opens its pool to the member `m`, with LED_BY_MEMBER as `led`.
OPENS_TO_MEMBER = f"""(a.member_id = m.id OR {works_in("m", "a.department_id")}
    OR a.department_id = ANY (led.departments))"""


class Organization(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    name: str = fields.TextField()
    time_zone: str = fields.TextField()
    created_at: datetime = fields.DatetimeField(auto_now_add=True)
    # The keys that refuse a registration; the others only warn.
    duplicate_keys: list[str] = ArrayField(element_type="text")
    # How many duplicates a member may look up in an hour.
    lookup_limit: int = fields.IntField(default=60)
    # How many customers a member may export a day from pools that others administer.
    export_limit: int = fields.IntField(default=500)

    class Meta:
        table = "organization"

    # As ORGANIZATION_COLUMNS reads them, of every year.
    calendar_overrides: str | None

    @property
    def calendar(self) -> Calendar:
        return stored_calendar(self.time_zone, self.calendar_overrides)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Organization":
        """From a row with the columns of ORGANIZATION_COLUMNS."""
        columns = {name: row[given] for name, given in GIVEN.items()}
        organization = database.as_model(cls, columns)
        # Past Tortoise, which looks at each attribute that is set.
        vars(organization)["calendar_overrides"] = row["calendar_overrides"]
        return organization


class Department(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    name: str = fields.TextField()
    parent_id: UUID | None = fields.UUIDField(null=True)
    lead_id: UUID | None = fields.UUIDField(null=True)
    # The nearest first.
    departments_above: list[UUID] = ArrayField(element_type="uuid", default=list)

    class Meta:
        table = "department"

    @property
    def lineage(self) -> tuple[UUID, ...]:
        """The department and those above it, the nearest first."""
        return (self.id, *self.departments_above)


def absences_field() -> Any:
    """Absences are parsed once for all rows with the same text."""
    return fields.JSONField(default=tuple, encoder=written_absences, decoder=parsed_absences)


class Member(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    department_id: UUID | None = fields.UUIDField(null=True)
    # Those above their department, the nearest first: a trigger and each move write them.
    departments_above: list[UUID] = ArrayField(element_type="uuid", default=list)
    name: str = fields.TextField()
    email: str = fields.TextField()
    role: str = fields.TextField()
    active = fields.BooleanField(default=True)
    # A token must not be older; null for who never left.
    reactivated_at: datetime | None = fields.DatetimeField(null=True)
    absences: Absences = absences_field()

    class Meta:
        table = "member"

    @property
    def lineage(self) -> tuple[UUID, ...]:
        """The member's department and those above it, the nearest first."""
        return (self.department_id, *self.departments_above) if self.department_id else ()
