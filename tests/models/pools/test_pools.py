import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from models.holding import reevaluation
from models.ledger import replay
from models.ledger.outcomes import Claimed
from models.ownership import claims, releases
from models.ownership.drain import release_due
from models.pools import access, pools, private_pools
from models.refusals import CapacityReached, Forbidden, InvalidInput, NotFound, Problem
from models.rules.evaluation import evaluate
from models.rules.rules import Rules
from models.tables import Event, Pool, PoolAccess, PoolRules
from tests.support.samples import Office, done, found, refusal, row, seat, story, time_passes


def rules(**stored: object) -> Rules:
    return Rules.from_json(stored)


async def test_a_new_pool_is_open_to_its_creator_alone_who_administers_it(
    office: Office,
) -> None:
    manager, colleague = await office.person(role="MANAGER"), await office.person(role="MANAGER")
    pool = await pools.create(manager, " 华东公海 ", rules(capacity=3))
    assert (pool.name, pool.rules_version, pool.rules.capacity) == ("华东公海", 1, 3)
    assert (await office.viewer(manager.id)).administers(pool.id)
    assert not (await office.viewer(colleague.id)).sees_pool(pool.id)
    assert (await office.admin()).administers(pool.id)


async def test_salespeople_create_no_pools(office: Office) -> None:
    li = await office.person()
    assert isinstance(await refusal(pools.create(li, "公海", rules())), Forbidden)
    assert await Pool.all().count() == 0


async def test_a_pools_name_is_its_own_in_the_organization(office: Office) -> None:
    admin = await office.admin()
    await pools.create(admin, "公海", rules())
    taken = InvalidInput((Problem("name", "another pool has this name"),))
    assert await refusal(pools.create(admin, " 公海", rules())) == taken
    await pools.create(await (await found("别家")).admin(), "公海", rules())
    for name in ("", " ", "长" * 101, "a\0"):
        refused = await refusal(pools.create(admin, name, rules()))
        assert refused == InvalidInput((Problem("name", "must have 1 to 100 characters"),))


async def test_wrong_rules_are_named_by_their_path_and_change_nothing(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    wrong = rules(
        capacity=-1,
        reminders=["P1D", "P30D"],
        max_hold="P9D",
        capacities=[{"member": str(uuid4()), "capacity": 1}],
    )
    refused = await refusal(pools.change_rules(await office.admin(), pool.id, wrong))
    assert isinstance(refused, InvalidInput)
    assert sorted(problem.path for problem in refused.problems) == [
        "rules.capacities.0.memberId",
        "rules.capacity",
        "rules.reminders.1",
    ]
    assert (await Pool.get(id=pool.id)).rules_version == 1


async def test_every_version_of_the_rules_stays_readable(office: Office) -> None:
    pool, admin = await office.pool(capacity=1), await office.admin()
    await pools.change_rules(admin, pool.id, rules(capacity=2))
    changed = await pools.change_rules(admin, pool.id, rules(capacity=3))
    assert changed.rules_version == 3
    kept = await PoolRules.filter(pool_id=pool.id).order_by("version")
    assert [(each.version, each.rules.capacity) for each in kept] == [(1, 1), (2, 2), (3, 3)]
    logged = await Event.filter(action="RULES_CHANGED").order_by("seq")
    assert [event.details for event in logged] == [{"version": 2}, {"version": 3}]


async def test_only_who_runs_a_pool_changes_its_rules(office: Office) -> None:
    pool = await office.pool()
    li, manager = await office.person(), await office.person(role="MANAGER")
    assert isinstance(await refusal(pools.change_rules(li, pool.id, rules())), Forbidden)
    assert (await pools.change_rules(manager, pool.id, rules())).rules_version == 2
    outsider = await (await found("别家")).admin()
    for id in (pool.id, uuid4(), None):
        assert await refusal(pools.change_rules(outsider, id, rules())) == NotFound()
    await access.set_access(await office.admin(), pool.id, [], [], [li.id])
    assert (
        await pools.change_rules(await office.viewer(li.id), pool.id, rules())
    ).rules_version == 3
    blind = await office.viewer(manager.id)
    assert await refusal(pools.change_rules(blind, pool.id, rules())) == NotFound()


async def test_new_rules_move_everyone_held_under_them_at_once(office: Office) -> None:
    pool, other = await office.pool(max_hold="P20D"), await office.pool(max_hold="P20D")
    li = await office.person()
    ids, elsewhere = await office.customers(pool, 3), await office.customer(other)
    await claims.claim(li, [*ids, elsewhere])
    await time_passes("6 days")
    await pools.change_rules(await office.admin(), pool.id, rules(max_hold="P10D"))
    for id in ids:
        customer = await row(id)
        assert customer.claimed_at is not None
        assert customer.release_at == customer.claimed_at + timedelta(days=10)
        assert customer.rules_version == 2
        assert await story(id) == ["CREATED", "CLAIMED"]
    untouched = await row(elsewhere)
    assert untouched.claimed_at is not None
    assert untouched.release_at == untouched.claimed_at + timedelta(days=20)
    assert await replay.differences() == []


async def test_rules_without_deadlines_release_nobody_and_stricter_ones_at_once(
    office: Office,
) -> None:
    pool, admin = await office.pool(max_hold="P2D"), await office.admin()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("1 day")
    await pools.change_rules(admin, pool.id, rules())
    assert ((await row(id)).release_at, (await row(id)).remind_at) == (None, [])
    await pools.change_rules(admin, pool.id, rules(max_hold="PT1H"))
    assert await release_due() == 1
    assert await replay.differences() == []


async def test_a_rule_change_of_two_thousand_neither_skips_nor_doubles_anyone(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P20D", reminders=["P3D"])
    people = [await office.person() for _ in range(21)]
    ids = await office.customers(pool, 2100)
    for n, who in enumerate(people):
        await claims.claim(who, ids[n * 100 : n * 100 + 100])
    admin = await office.admin()
    await asyncio.gather(
        pools.change_rules(admin, pool.id, rules(max_hold="P10D")),
        *(releases.give_back(people[0], id, "不合适") for id in ids[:50]),
        pools.change_rules(admin, pool.id, rules(max_hold="P12D")),
    )
    assert await reevaluation.reevaluate() == 0
    for id in (ids[0], ids[50], ids[2099]):
        customer = await row(id)
        held = customer.claimed_at is not None
        assert held == (id != ids[0])
        assert customer.rules_version == (3 if held else None)
    assert await replay.differences() == []


async def test_claims_during_a_rule_change_end_under_the_new_rules(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    people = [await office.person() for _ in range(5)]
    ids, admin = await office.customers(pool, 100), await office.admin()
    await asyncio.gather(
        *(claims.claim(people[n % 5], [id]) for n, id in enumerate(ids)),
        *(pools.change_rules(admin, pool.id, rules(max_hold=f"P{days}D")) for days in range(5, 9)),
    )
    await reevaluation.reevaluate()
    versions = {(await row(id)).rules_version for id in ids}
    assert versions == {5}
    assert await replay.differences() == []


async def test_lowering_a_cap_evicts_nobody_and_stops_new_claims(office: Office) -> None:
    pool = await office.pool(capacity=3)
    li = await office.person()
    ids = await office.customers(pool, 4)
    await claims.claim(li, ids[:3])
    await pools.change_rules(await office.admin(), pool.id, rules(capacity=1))
    assert await seat(pool, li) == (3, 0, 3)
    assert await claims.claim(li, ids[3:]) == [CapacityReached(3, 1)]
    await pools.change_rules(await office.admin(), pool.id, rules(capacity=4))
    assert isinstance((await claims.claim(li, ids[3:]))[0], Claimed)


async def test_access_replaces_what_was(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, han = await office.person(), await office.person()
    assert (await office.viewer(li.id)).sees_pool(pool.id)
    await access.set_access(admin, pool.id, [han.id, han.id], [], [])
    assert not (await office.viewer(li.id)).sees_pool(pool.id)
    assert (await office.viewer(han.id)).sees_pool(pool.id)
    assert not (await office.viewer(han.id)).administers(pool.id)
    assert await PoolAccess.filter(pool_id=pool.id).count() == 1


async def test_access_for_who_is_not_of_the_organization_changes_nothing(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    outsider = (await (await found("别家")).admin()).id
    for lists in ([[outsider], [], []], [[], [uuid4()], []], [[], [], [None]]):
        refused = await refusal(
            access.set_access(admin, pool.id, [admin.id, *lists[0]], *lists[1:])
        )
        assert refused == NotFound()
    assert await PoolAccess.filter(pool_id=pool.id).count() == 1


async def test_two_who_set_access_at_once_leave_one_of_the_two(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    people = [await office.person() for _ in range(6)]
    sets = [[who.id for who in people[:3]], [who.id for who in people[3:]]]
    await asyncio.gather(*(access.set_access(admin, pool.id, each, [], []) for each in sets * 5))
    left = {each.member_id for each in await PoolAccess.filter(pool_id=pool.id)}
    assert left in [set(each) for each in sets]


async def test_a_private_pool_says_how_many_more_fit(office: Office) -> None:
    pool, endless = await office.pool(capacity=5), await office.pool()
    li = await office.person()
    await claims.claim(li, await office.customers(pool, 2))
    await claims.claim(li, await office.customers(endless, 1))

    async def facts(pool_id: UUID | None) -> tuple[int, int | None, int | None, int]:
        answer = (await private_pools.private_pools(li, [(li.member, pool_id)]))[li.id, pool_id]
        return answer.held, answer.capacity, answer.available, answer.claimed_today

    assert await facts(pool.id) == (2, 5, 3, 2)
    assert await facts(endless.id) == (1, None, None, 1)
    assert await facts(None) == (3, None, None, 3)
    await pools.change_rules(await office.admin(), endless.id, rules(capacity=0))
    assert await facts(None) == (3, 5, 3, 3)
    await time_passes("1 day")
    assert (await facts(None))[3] == 0


async def test_a_forecast_with_its_conditions_is_what_is_stored(office: Office) -> None:
    pool = await office.pool(follow_up_within="P3D", deal_within="P5D", max_hold="P9D")
    li = await office.person()
    customer = done((await claims.claim(li, [await office.customer(pool)]))[0])
    forecast = evaluate(customer, pool.rules, pool.rules_changed_at, li.organization.calendar)
    assert forecast is not None
    assert (forecast.at, str(forecast.reason)) == (customer.release_at, customer.release_reason)
    assert [str(each.reason) for each in forecast.conditions] == [
        "NOT_FOLLOWED_UP",
        "NO_DEAL",
        "MAX_HOLD",
    ]
