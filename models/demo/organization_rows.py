"""The demo's organizations as rows of their tables."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from models.demo.organizations import TIME_ZONE, DemoOrganization, DemoPool, Person, id_of

Row = dict[str, Any]


def rows(organization: DemoOrganization, at: str) -> dict[str, list[Row]]:
    """Rows by table, in an order in which each refers only to earlier ones."""
    scope = {"organization_id": organization.id}
    return {
        "organization": [_organization(organization, at)],
        "department": [
            scope | {"id": organization.department(name), "name": name}
            for name in organization.departments
        ],
        "member": [scope | _member(organization, person) for person in organization.people],
        "pool": [scope | _pool(pool, at) for pool in organization.pools],
        "pool_rules": [scope | _rules(organization, pool, at) for pool in organization.pools],
        "pool_access": [
            scope | {"pool_id": pool.id} | each
            for pool in organization.pools
            for each in _access(organization, pool)
        ],
    }


def _organization(organization: DemoOrganization, at: str) -> Row:
    id, name = organization.id, organization.name
    return {"id": id, "name": name, "time_zone": TIME_ZONE, "created_at": at}


def _member(organization: DemoOrganization, person: Person) -> Row:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "department_id": organization.department(person.department),
        "active": True,
    }


def _pool(pool: DemoPool, at: str) -> Row:
    rules = pool.rules.to_json()
    return {
        "id": pool.id,
        "name": pool.name,
        "rules": rules,
        "rules_version": 1,
        "created_at": at,
    }


def _rules(organization: DemoOrganization, pool: DemoPool, at: str) -> Row:
    return {
        "id": id_of("rules", str(pool.id)),
        "pool_id": pool.id,
        "version": 1,
        "rules": pool.rules.to_json(),
        "actor_id": organization.admin,
        "at": at,
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
