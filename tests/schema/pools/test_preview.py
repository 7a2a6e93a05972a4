"""What new rules would do, asked through HTTP, and then compared with what they did."""

from datetime import datetime, timedelta
from typing import Any

from models import database
from models.holding import follow_ups, reevaluation
from models.ownership import claims
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Customer, Pool
from tests.support.asking import ask, customer_gid, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, found, time_passes

PREVIEW = """query ($pool: ID!, $rules: RulesInput!, $first: Int! = 100) {
  previewRules(poolId: $pool, rules: $rules) {
    at held releasedAtOnce earlier later unchanged releasedWithin { within today proposed }
    overCapacity { member { id } held capacity }
    examples(first: $first) { customer { id } today proposed }
  }
}"""
UPDATE = """mutation ($pool: ID!, $rules: RulesInput!) {
  updatePoolRules(poolId: $pool, rules: $rules) { __typename }
}"""
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND relname <> 'heartbeat' ORDER BY 1
"""
STRICTER: dict[str, Any] = {
    "firstFollowUpWithin": "P4D",
    "followUpWithin": "P6D",
    "maxHold": "P25D",
    "reminders": ["P1D"],
    "workingDays": True,
    "levels": [{"level": "A", "dealWithin": "P9D"}],
}


async def everything() -> dict[str, list[dict[str, Any]]]:
    names = [row["relname"] for row in await database.rows(TABLES)]
    return {
        n: await database.rows(f'SELECT t.*, xmin::text FROM "{n}" t ORDER BY t::text')
        for n in names
        if n != "tortoise_migrations"
    }


async def held(office: Office) -> Pool:
    """Twelve customers in all manner of standings, claimed ten to four days ago."""
    pool = await office.pool(follow_up_within="P20D", max_hold="P30D")
    li = await office.person()
    ids = await office.customers(pool, 12)
    await claims.claim(li, ids[:6])
    await time_passes("6 days")
    await claims.claim(li, ids[6:])
    for id in ids[::3]:
        await follow_ups.log_follow_up(li, id, "VISIT", "拜访")
    await database.rows("UPDATE customer SET level = 'A' WHERE id = ANY($1)", ids[::2])
    await database.rows(
        "UPDATE customer SET locked_at = now(), release_at = NULL, release_reason = NULL,"
        " remind_at = '{}', remind_offsets = '{}' WHERE id = ANY($1)",
        ids[10:],
    )
    await time_passes("4 days")
    return pool


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


async def test_a_preview_changes_nothing(api: Client, office: Office) -> None:
    pool, admin = await held(office), await office.admin()
    before = await everything()
    await ask(api, admin, PREVIEW, pool=gid("Pool", pool.id), rules=STRICTER)
    assert await everything() == before


async def test_what_was_previewed_is_what_a_change_does(api: Client, office: Office) -> None:
    admin = await office.admin()
    for grace in (None, "P3D", "PT5H"):
        pool = await held(office)
        admin = await office.admin()
        given = {"pool": gid("Pool", pool.id), "rules": STRICTER | {"grace": grace}}
        told = await ask(api, admin, PREVIEW, **given)
        before = {c.id: c.release_at for c in await Customer.filter(pool_id=pool.id)}
        assert (await ask(api, admin, UPDATE, **given))["__typename"] == "PoolSaved"
        await reevaluation.reevaluate()
        changed = await Pool.get(id=pool.id)
        at = moment(told["at"])
        assert at is not None
        shift = changed.rules_changed_at - at
        effects = {each["customer"]["id"]: each for each in told["examples"]}
        calendar = admin.organization.calendar
        over = changed.rules.grace and calendar.after(at, changed.rules.grace, True)
        moved = 0
        for customer in await Customer.filter(pool_id=pool.id):
            effect = effects.get(customer_gid(customer.id))
            if effect is None:
                assert customer.release_at == before[customer.id]
                continue
            moved += 1
            assert moment(effect["today"]) == before[customer.id]
            proposed = moment(effect["proposed"])
            late = shift if proposed is not None and proposed == over else timedelta(0)
            assert customer.release_at == (proposed + late if proposed else None)
        assert told["held"] == 12
        assert told["earlier"] + told["later"] == moved == len(effects)
        assert told["unchanged"] == 12 - moved
        assert moved > 0
        assert told["releasedAtOnce"] > 0


async def test_buckets_and_who_is_over_capacity(api: Client, office: Office) -> None:
    pool, li = await office.pool(max_hold="P10D"), await office.person()
    await claims.claim(li, await office.customers(pool, 3))
    rules = {"maxHold": "P2D", "reminders": [], "capacity": 2}
    given = {"pool": gid("Pool", pool.id), "rules": rules}
    told = await ask(api, await office.admin(), PREVIEW, **given, first=2)
    assert [tuple(each.values()) for each in told["releasedWithin"]] == [
        ("P1D", 0, 0),
        ("P3D", 0, 3),
        ("P7D", 0, 3),
        ("P14D", 3, 3),
        ("P30D", 3, 3),
    ]
    assert told["overCapacity"] == [
        {"member": {"id": gid("Member", li.id)}, "held": 3, "capacity": 2}
    ]
    assert (told["earlier"], told["releasedAtOnce"], len(told["examples"])) == (3, 0, 2)


async def test_a_preview_while_a_change_is_under_way_starts_from_the_rules_in_force(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(max_hold="P10D"), await office.person()
    await claims.claim(li, await office.customers(pool, 3))
    await pools.change_rules(await office.admin(), pool.id, Rules.from_json({"max_hold": "P5D"}))
    # As it is before the worker has come by.
    await database.rows("UPDATE customer SET rules_version = 1, release_at = now()")
    rules = {"maxHold": "P5D", "reminders": []}
    told = await ask(api, await office.admin(), PREVIEW, pool=gid("Pool", pool.id), rules=rules)
    assert (told["unchanged"], told["examples"]) == (3, [])


async def test_only_who_runs_the_pool_sees_a_preview(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    outsider = await (await found("别家")).admin()
    given = {"pool": gid("Pool", pool.id), "rules": {}}
    assert (await refused(api, li, PREVIEW, **given))["code"] == "Forbidden"
    assert (await refused(api, outsider, PREVIEW, **given))["code"] == "NotFound"


async def test_wrong_rules_are_named(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    wrong = {"pool": gid("Pool", pool.id), "rules": {"capacity": -1, "maxHold": "PT0S"}}
    told = await refused(api, admin, PREVIEW, **wrong)
    assert told["code"] == "InvalidInput"
    assert [each["path"] for each in told["problems"]] == ["rules.capacity", "rules.maxHold"]
    many = await refused(api, admin, PREVIEW, pool=wrong["pool"], rules={}, first=101)
    assert many["problems"][0]["path"] == "first"
