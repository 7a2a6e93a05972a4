"""Rules checked against the organization: its members and departments."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from models.refusals import InvalidInput, Problem
from models.rules.problems import problems_of
from models.rules.rules import Rules
from models.tables import Department, Member
from models.viewers import Viewer, find

MOST_PROBLEMS = 1_000


async def check_rules(viewer: Viewer, rules: Rules, others: Sequence[Problem] = ()) -> None:
    """Raises InvalidInput that names what is wrong with them, up to MOST_PROBLEMS."""
    members, departments = dict(_members(rules)), dict(_departments(rules))
    known = {
        *await find(viewer, Member, members.values()),
        *await find(viewer, Department, departments.values()),
    }
    problems = [*others, *problems_of(rules)]
    for path, id in (members | departments).items():
        if id not in known:
            problems.append(Problem(path, "is not known"))
    if problems:
        listed = tuple(problems[:MOST_PROBLEMS])
        raise InvalidInput(listed, unlisted=len(problems) - len(listed))


def _members(rules: Rules) -> Iterator[tuple[str, UUID]]:
    """Yield each member that the rules name, by its path."""
    for n, each in enumerate(rules.capacities):
        if each.member:
            yield f"rules.capacities.{n}.memberId", each.member
    for n, id in enumerate(rules.distribution.members if rules.distribution else ()):
        yield f"rules.distribution.memberIds.{n}", id


def _departments(rules: Rules) -> Iterator[tuple[str, UUID]]:
    for n, each in enumerate(rules.capacities):
        if each.department:
            yield f"rules.capacities.{n}.departmentId", each.department
    for n, id in enumerate(rules.distribution.departments if rules.distribution else ()):
        yield f"rules.distribution.departmentIds.{n}", id
