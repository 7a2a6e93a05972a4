"""The events that the verbs would have written while the demo's organizations were set up."""

from typing import Any
from uuid import UUID

from models.demo.organizations import DemoOrganization, DemoPool, Person, id_of


def events(organization: DemoOrganization, at: str) -> list[dict[str, Any]]:
    """The ledger's account of all this, as the verbs would have written it."""
    told: list[tuple[str, UUID | None, UUID | None, dict[str, Any]]] = [
        ("FOUNDED", organization.admin, None, {"name": organization.name}),
        *(("DEPARTMENT_SAVED", None, None, {"name": name}) for name in organization.departments),
        *(("MEMBER_SAVED", each.id, None, _saved(each)) for each in organization.people[1:]),
    ]
    for pool in organization.pools:
        told.append(("POOL_CREATED", None, pool.id, {"name": pool.name}))
        told.append(("ACCESS_CHANGED", None, pool.id, _opened(organization, pool)))
    return [
        {
            "organization_id": organization.id,
            "action": action,
            "actor_id": None if action == "FOUNDED" else organization.admin,
            "member_id": member,
            "pool_id": pool_id,
            "at": at,
            "details": details,
        }
        for action, member, pool_id, details in told
    ]


def _saved(person: Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "role": person.role}


def _opened(organization: DemoOrganization, pool: DemoPool) -> dict[str, Any]:
    return {
        "members": [str(id_of("member", email)) for email in pool.members],
        "departments": [str(organization.department(name)) for name in pool.departments],
        "administrators": [str(id_of("member", email)) for email in pool.administrators],
    }
