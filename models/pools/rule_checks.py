"""Rules checked against the organization: its members and departments."""

from collections.abc import Sequence

from models.refusals import InvalidInput, Problem
from models.rules.problems import problems_of
from models.rules.rules import Rules
from models.tables import Department, Member
from models.viewers import Viewer, find

MOST_PROBLEMS = 1_000


async def check_rules(viewer: Viewer, rules: Rules, others: Sequence[Problem] = ()) -> None:
    """Raises InvalidInput that names what is wrong with them, up to MOST_PROBLEMS."""
    capacities = rules.capacities
    members = [each.member for each in capacities if each.member]
    departments = [each.department for each in capacities if each.department]
    known = {*await find(viewer, Member, members), *await find(viewer, Department, departments)}
    problems = [*others, *problems_of(rules)]
    for n, each in enumerate(capacities):
        for field, id in (("memberId", each.member), ("departmentId", each.department)):
            if id and id not in known:
                problems.append(Problem(f"rules.capacities.{n}.{field}", "is not known"))
    if problems:
        listed = tuple(problems[:MOST_PROBLEMS])
        raise InvalidInput(listed, unlisted=len(problems) - len(listed))
