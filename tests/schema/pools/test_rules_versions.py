"""The versions of a pool's rules, through HTTP, and saving onto the version that one has read."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from models.ownership import claims
from models.ownership.drain import release_due
from models.pools import pools
from models.tables import Pool, PoolRules
from models.viewers import Viewer
from tests.schema.pools.test_undoing import UNDO
from tests.support.asking import ask, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, found, time_passes

VERSIONS = """query ($pool: ID!, $first: Int! = 20, $after: Cursor) {
  pool(id: $pool) { rulesVersions(first: $first, after: $after) {
    nodes { version at rules { capacity maxHold } savedBy { name } undoneBy { name } }
    pageInfo { hasNextPage endCursor } } } }"""
SAVE = """mutation ($pool: ID!, $capacity: Int, $expected: Int) {
  updatePoolRules(poolId: $pool, rules: { capacity: $capacity }, expectedVersion: $expected) {
    __typename ... on PoolSaved { pool { rulesVersion } }
    ... on RulesChanged { version } ... on Refusal { message } } }"""


async def versions(api: Client, who: Viewer, pool: Pool, **page: Any) -> Any:
    answer = await ask(api, who, VERSIONS, pool=gid("Pool", pool.id), **page)
    return answer["rulesVersions"]


async def save(api: Client, who: Viewer, pool: Pool, **given: Any) -> Any:
    return await ask(api, who, SAVE, pool=gid("Pool", pool.id), **given)


async def test_each_version_tells_its_rules_and_who_saved_it_the_latest_first(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(capacity=1, max_hold="P9D"), await office.admin()
    other = await office.pool(capacity=9)
    boss = await office.person("韩梅", role="MANAGER")
    await pools.change_rules(boss, pool.id, replace(pool.rules, capacity=2))
    shown = (await versions(api, admin, pool))["nodes"]
    stored = {each.version: each for each in await PoolRules.filter(pool_id=pool.id)}
    assert [each.pop("at") for each in shown] == [
        stored[n].at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for n in (2, 1)
    ]
    assert shown == [
        {
            "version": version,
            "rules": {"capacity": version, "maxHold": "P9D"},
            "savedBy": {"name": name},
            "undoneBy": None,
        }
        for version, name in ((2, "韩梅"), (1, admin.member.name))
    ]
    assert [each["version"] for each in (await versions(api, admin, other))["nodes"]] == [1]


async def test_pages_follow_one_another_while_new_versions_come(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(), await office.admin()
    for _ in range(4):
        await pools.change_rules(admin, pool.id, pool.rules)
    first = await versions(api, admin, pool, first=2)
    await pools.change_rules(admin, pool.id, pool.rules)
    after = first["pageInfo"]["endCursor"]
    second = await versions(api, admin, pool, first=3, after=after)
    seen = [each["version"] for page in (first, second) for each in page["nodes"]]
    assert seen == [5, 4, 3, 2, 1]
    ends = [page["pageInfo"]["hasNextPage"] for page in (first, second)]
    assert ends == [True, False]


async def test_a_version_tells_who_undid_its_releases(api: Client, office: Office) -> None:
    pool, admin = await office.pool(max_hold="P10D"), await office.admin()
    li, boss = await office.person(), await office.person("韩梅", role="MANAGER")
    await claims.claim(li, await office.customers(pool, 2))
    await time_passes("10 days")
    assert await release_due() == 2
    await pools.change_rules(admin, pool.id, replace(pool.rules, max_hold=None))
    undone = await ask(api, boss, UNDO, pool=gid("Pool", pool.id), version=1)
    assert undone["count"] == 2
    shown = (await versions(api, admin, pool))["nodes"]
    assert [each["undoneBy"] for each in shown] == [None, {"name": "韩梅"}]


async def test_only_administrators_of_the_pool_see_the_versions(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    no = await refused(api, li, VERSIONS, pool=gid("Pool", pool.id))
    assert (no["path"], no["code"]) == (["pool", "rulesVersions"], "Forbidden")
    stranger = await (await found("别家", email="boss@other.test")).admin()
    assert await ask(api, stranger, VERSIONS, pool=gid("Pool", pool.id)) is None


@pytest.mark.parametrize("expected", [2, None])
async def test_rules_are_saved_onto_the_version_that_one_has_read(
    api: Client, office: Office, expected: int | None
) -> None:
    pool, admin = await office.pool(), await office.admin()
    await pools.change_rules(admin, pool.id, pool.rules)
    saved = await save(api, admin, pool, capacity=5, expected=expected)
    assert saved == {"__typename": "PoolSaved", "pool": {"rulesVersion": 3}}


@pytest.mark.parametrize("expected", [1, 3, 0])
async def test_rules_that_somebody_saved_meanwhile_are_not_written_over(
    api: Client, office: Office, expected: int
) -> None:
    pool, admin = await office.pool(capacity=1), await office.admin()
    await pools.change_rules(admin, pool.id, replace(pool.rules, capacity=2))
    assert await save(api, admin, pool, capacity=5, expected=expected) == {
        "__typename": "RulesChanged",
        "version": 2,
        "message": f"The rules are at version 2, not {expected}: read them again, then save.",
    }
    kept = await Pool.get(id=pool.id)
    assert (kept.rules.capacity, kept.rules_version) == (2, 2)
    assert await PoolRules.filter(pool_id=pool.id).count() == 2


async def test_of_many_who_save_onto_one_version_at_once_one_does(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(), await office.admin()
    asked = [save(api, admin, pool, capacity=n, expected=1) for n in range(5)]
    answers = await asyncio.gather(*asked)
    assert sorted(each["__typename"] for each in answers) == ["PoolSaved", *["RulesChanged"] * 4]
    assert {each["version"] for each in answers if "version" in each} == {2}
    assert (await Pool.get(id=pool.id)).rules_version == 2
