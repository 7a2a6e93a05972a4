"""The demo's organizations as rows of the tables and events of the ledger."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from models.demo.organizations import TIME_ZONE, DemoOrganization, DemoPool, Person, id_of


def rows(organization: DemoOrganization, at: str) -> dict[str, list[dict[str, Any]]]:
    """Table by table, in the order in which they refer to one another."""
    scope = {"organization_id": organization.id}
    pools = organization.pools
    return {
        "organization": [
            {
                "id": organization.id,
                "name": organization.name,
                "time_zone": TIME_ZONE,
                "created_at": at,
            }
        ],
        "department": [
            scope | {"id": organization.department(name), "name": name}
            for name in organization.departments
        ],
        "member": [
            scope
            | {
                "id": person.id,
                "name": person.name,
                "email": person.email,
                "role": person.role,
                "department_id": organization.department(person.department),
                "active": True,
            }
            for person in organization.people
        ],
        "pool": [
            scope
            | {"id": pool.id, "name": pool.name, "rules": pool.rules.to_json()}
            | {"rules_version": 1, "created_at": at}
            for pool in pools
        ],
        "pool_rules": [
            scope
            | {"id": id_of("rules", str(pool.id)), "pool_id": pool.id, "version": 1}
            | {"rules": pool.rules.to_json(), "actor_id": organization.admin, "at": at}
            for pool in pools
        ],
        "pool_access": [
            scope | {"pool_id": pool.id} | each
            for pool in pools
            for each in _access(organization, pool)
        ],
    }


def _access(organization: DemoOrganization, pool: DemoPool) -> Sequence[dict[str, Any]]:
    whom: list[tuple[UUID | None, UUID | None, bool]] = [
        *((None, organization.department(name), False) for name in pool.departments),
        *((id_of("member", email), None, False) for email in pool.members),
        *((id_of("member", email), None, True) for email in pool.administrators),
    ]
    return [
        {
            "id": id_of("access", str(pool.id), str(member), str(department), str(administers)),
            "member_id": member,
            "department_id": department,
            "administers": administers,
        }
        for member, department, administers in whom
    ]


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
