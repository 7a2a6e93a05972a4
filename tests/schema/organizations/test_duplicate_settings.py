"""What admins decide of duplicates, through HTTP."""

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from models import database
from models.tables import Event
from models.viewers import Viewer
from tests.support.asking import ask, gid, refused, whole
from tests.support.running import Client
from tests.support.samples import Office, found

KEYS = f"""mutation ($blocking: [DuplicateKey!]!) {{
  setDuplicateKeys(blocking: $blocking) {{ {whole("OrganizationResult")} }} }}"""
LIMIT = f"""mutation ($perHour: Int!) {{
  setLookupLimit(perHour: $perHour) {{ {whole("OrganizationResult")} }} }}"""
SEEN = "{ organization { id duplicateKeys lookupLimit } }"
DUPLICATES = '{ duplicates(customer: { name: "腾讯" }) { standing } }'
ALL = ["REGISTRATION_NUMBER", "NAME", "PHONE", "EMAIL"]


async def seen(api: Client, who: Viewer) -> tuple[list[str], int]:
    organization = await ask(api, who, SEEN)
    return organization["duplicateKeys"], organization["lookupLimit"]


async def changes(office: Office) -> list[tuple[str, Any, Any]]:
    kinds = ["DUPLICATE_KEYS_CHANGED", "LOOKUP_LIMIT_CHANGED"]
    logged = await Event.filter(organization_id=office.id, action__in=kinds).order_by("seq")
    return [(event.action, event.actor_id, event.details) for event in logged]


async def test_all_keys_refuse_and_sixty_look_ups_an_hour_are_the_default(
    api: Client, office: Office
) -> None:
    assert await seen(api, await office.person()) == (ALL, 60)


async def test_an_admin_decides_which_keys_refuse(api: Client, office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    answer = await ask(api, admin, KEYS, blocking=["EMAIL", "PHONE", "EMAIL"])
    assert answer["organization"] == {
        "id": gid("Organization", office.id),
        "duplicateKeys": ["PHONE", "EMAIL"],
        "lookupLimit": 60,
    }
    assert await seen(api, li) == (["PHONE", "EMAIL"], 60)
    assert (await ask(api, admin, KEYS, blocking=[]))["organization"]["duplicateKeys"] == []
    assert (await ask(api, admin, KEYS, blocking=ALL[::-1]))["organization"]["duplicateKeys"] == ALL
    assert [details["blocking"] for _, _, details in await changes(office)] == [
        ["PHONE", "EMAIL"],
        [],
        ALL,
    ]


async def test_an_admin_decides_how_many_may_be_looked_up(api: Client, office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    answer = await ask(api, admin, LIMIT, perHour=1)
    assert answer["organization"]["lookupLimit"] == 1
    assert await ask(api, li, DUPLICATES) == []
    assert (await refused(api, li, DUPLICATES))["code"] == "TOO_MANY_LOOKUPS"
    await ask(api, admin, LIMIT, perHour=1000)
    assert await ask(api, li, DUPLICATES) == []
    assert await changes(office) == [
        ("LOOKUP_LIMIT_CHANGED", admin.id, {"per_hour": 1}),
        ("LOOKUP_LIMIT_CHANGED", admin.id, {"per_hour": 1000}),
    ]


async def test_what_is_so_already_is_no_change(api: Client, office: Office) -> None:
    admin = await office.admin()
    await ask(api, admin, KEYS, blocking=ALL)
    await ask(api, admin, LIMIT, perHour=60)
    assert await changes(office) == []


async def test_the_same_change_at_the_same_moment_is_one_event(api: Client, office: Office) -> None:
    admin = await office.admin()
    await asyncio.gather(*(ask(api, admin, LIMIT, perHour=7) for _ in range(8)))
    assert len(await changes(office)) == 1


@pytest.mark.parametrize("per_hour", [0, -1, 1001])
async def test_a_limit_is_from_one_to_a_thousand(
    api: Client, office: Office, per_hour: int
) -> None:
    admin = await office.admin()
    answer = await ask(api, admin, LIMIT, perHour=per_hour)
    assert answer["problems"] == [{"path": "perHour", "message": "must be from 1 to 1000"}]
    assert await seen(api, admin) == (ALL, 60)


@pytest.mark.parametrize("role", ["SALES", "MANAGER"])
async def test_nobody_but_admins_decides(api: Client, office: Office, role: str) -> None:
    who = await office.person(role=role)
    for answer in (
        await ask(api, who, KEYS, blocking=["PHONE"]),
        await ask(api, who, LIMIT, perHour=1000),
        await ask(api, who, LIMIT, perHour=0),
    ):
        assert answer["__typename"] == "Forbidden"
    assert await seen(api, who) == (ALL, 60)
    assert await changes(office) == []


async def test_another_organization_decides_for_itself(api: Client, office: Office) -> None:
    other = await found("别的企业")
    await ask(api, await office.admin(), KEYS, blocking=["PHONE"])
    await ask(api, await office.admin(), LIMIT, perHour=5)
    assert await seen(api, await other.admin()) == (ALL, 60)
    assert await changes(other) == []


@pytest.mark.parametrize(
    "change", ["duplicate_keys = '{FAX}'", "lookup_limit = 0", "lookup_limit = 1001"]
)
async def test_the_database_refuses_what_is_no_setting(office: Office, change: str) -> None:
    with pytest.raises(IntegrityError):
        await database.rows(f"UPDATE organization SET {change}")
