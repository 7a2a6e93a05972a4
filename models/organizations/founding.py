"""Create an organization with a time zone and a first admin."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models import database
from models.refusals import InvalidInput, Problem
from models.tables import Member
from models.validation import EMAIL, NAME_LENGTH, text_problem

FOUND = """
WITH founded AS (
  INSERT INTO organization (name, time_zone) VALUES ($1, $2) RETURNING id
), admin AS (
  INSERT INTO member (organization_id, name, email, role)
  SELECT id, split_part($3, '@', 1), $3, 'ADMIN' FROM founded RETURNING *
), logged AS (
  INSERT INTO event (organization_id, action, member_id, details)
  SELECT organization_id, 'FOUNDED', id, jsonb_build_object('name', $1::text) FROM admin
)
SELECT * FROM admin
"""


async def create_organization(name: str, admin_email: str, time_zone: str) -> Member:
    """Create an organization and return its first admin. Raises InvalidInput."""
    wrong = text_problem("name", name, most=NAME_LENGTH)
    problems = [wrong] if wrong else []
    if not EMAIL.fullmatch(admin_email):
        problems.append(Problem("admin", "must be an email address, e.g. admin@example.com"))
    if not is_zone(time_zone):
        problems.append(Problem("time-zone", "must be an IANA zone, e.g. Asia/Shanghai"))
    if problems:
        raise InvalidInput(tuple(problems))
    return (await database.models(Member, FOUND, name.strip(), time_zone, admin_email))[0]


def is_zone(name: str) -> bool:
    """Return whether it is an IANA zone with a region, or UTC."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"
