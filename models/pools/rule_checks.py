"""Rules checked against the organization: its members and departments."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from models.refusals import InvalidInput, Problem
from models.rules.problems import problems_of
from models.rules.rules import Rules
from models.tables import Department, Member, Pool
from models.viewers import Viewer, find

MOST_PROBLEMS = 1_000


async def check_rules(
    viewer: Viewer, rules: Rules, others: Sequence[Problem] = (), *, pool: Pool | None = None
) -> None:
    """Raises InvalidInput that names what is wrong with them, up to MOST_PROBLEMS.

    `pool` is the one whose rules they are to be; None for a new one.
    """
    members, departments = dict(_members(rules)), dict(_departments(rules))
    known = {
        *await find(viewer, Member, members.values()),
        *await find(viewer, Department, departments.values()),
    }
    problems = [*others, *problems_of(rules), *_target_problems(viewer, rules, pool)]
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


def _target_problems(viewer: Viewer, rules: Rules, pool: Pool | None) -> Iterator[Problem]:
    """A target that is there stays, also where the viewer does not see it."""
    target = rules.release_to
    if target is None or (pool and target == pool.rules.release_to):
        return
    if pool and target == pool.id:
        yield Problem("rules.releaseTo", "is this pool; leave it out, and releases stay in it")
    elif not viewer.sees_pool(target):
        yield Problem("rules.releaseTo", "is not known")
