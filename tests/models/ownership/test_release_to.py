"""Releases that the rules send into another pool."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tortoise.exceptions import IntegrityError

from models import database
from models.ledger import feed, replay
from models.organizations import leaving
from models.ownership import claims, merging, releases, undoing
from models.ownership.drain import release_due
from models.pools import access, pools, reports
from models.refusals import CoolingDown, Forbidden, InvalidInput, NotFound, NotYetOpen, Problem
from models.rules.deadlines import ReleaseReason
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from tests.support.samples import (
    Office,
    done,
    events,
    found,
    refusal,
    row,
    seat,
    story,
    time_passes,
    until,
)


async def sinking(office: Office, company: Pool, how_many: int = 1) -> tuple[Pool, Sequence[UUID]]:
    """A team's pool that releases into the company's, with customers."""
    team = await office.pool(max_hold="P10D", release_to=str(company.id))
    return team, await office.customers(team, how_many)


async def held(office: Office, company: Pool, how_many: int) -> tuple[Pool, Viewer, list[UUID]]:
    team, ids = await sinking(office, company, how_many)
    li = await office.person("李雷")
    await claims.claim(li, ids)
    return team, li, list(ids)


async def test_a_release_by_rule_goes_into_the_pool_that_the_rules_name(office: Office) -> None:
    company = await office.pool()
    team, li, (id,) = await held(office, company, 1)
    before = await row(id)
    await time_passes("10 days")
    assert await release_due() == 1
    after = await row(id)
    assert (after.pool_id, after.owner_id, after.epoch) == (company.id, None, before.epoch + 1)
    (event,) = await events(id, "RELEASED")
    assert (event.pool_id, event.release_reason, event.former_id) == (
        company.id,
        "MAX_HOLD",
        li.id,
    )
    assert event.details["from_pool"] == str(team.id)
    assert event.at == after.opened_at
    assert await seat(team, li) == (0, 0, 1)
    assert await replay.differences() == []


async def test_one_drain_sends_each_customer_where_its_own_pool_says(office: Office) -> None:
    company, other = await office.pool(), await office.pool()
    _, _, sunk = await held(office, company, 3)
    _, _, sunk_elsewhere = await held(office, other, 2)
    stays, li = await office.pool(max_hold="P10D"), await office.person()
    staying = await office.customers(stays, 2)
    await claims.claim(li, staying)
    await time_passes("10 days")
    assert await release_due() == 7
    for pool, ids in ((company, sunk), (other, sunk_elsewhere), (stays, staying)):
        assert {(await row(id)).pool_id for id in ids} == {pool.id}
    assert await replay.differences() == []


async def test_a_release_by_hand_and_a_leavers_go_there_unless_a_pool_is_named(
    office: Office,
) -> None:
    company, other = await office.pool(), await office.pool()
    team, li, (first, second, third) = await held(office, company, 3)
    assert done(await releases.give_back(li, first, "不合适")).pool_id == company.id
    assert done(await releases.give_back(li, second, "不合适", team.id)).pool_id == team.id
    admin = await office.admin()
    await leaving.deactivate(admin, li.id)
    assert (await row(third)).pool_id == company.id
    han = await office.person()
    await claims.claim(han, [second])
    await leaving.deactivate(admin, han.id, other.id)
    assert (await row(second)).pool_id == other.id
    assert await replay.differences() == []


async def test_a_merged_customer_goes_nowhere(office: Office) -> None:
    team, _, (id,) = await held(office, await office.pool(), 1)
    keep = await office.customer(team)
    await claims.claim(await office.person(), [keep])
    await merging.merge(await office.admin(), keep, id, "同一家")
    (event,) = await events(id, "RELEASED")
    assert (event.pool_id, "from_pool" in event.details) == (team.id, False)
    assert await replay.differences() == []


async def test_no_lock_for_new_customers_begins_and_the_cool_down_goes_on(office: Office) -> None:
    company = await office.pool(new_customer_lock="P5D", reclaim_cooldown="P7D")
    team, li, (id,) = await held(office, company, 1)
    entered_at = (await row(id)).entered_at
    await time_passes("10 days")
    await release_due()
    assert (await row(id)).entered_at < entered_at
    assert isinstance((await claims.claim(li, [id]))[0], CoolingDown)
    done((await claims.claim(await office.person(), [id]))[0])
    # A pool that a person names gets a new customer.
    named, lei = await office.pool(new_customer_lock="P5D"), await office.person()
    other = await office.customer(team)
    await claims.claim(lei, [other])
    await releases.give_back(lei, other, "不合适", named.id)
    refused = (await claims.claim(await office.person(), [other]))[0]
    assert isinstance(refused, NotYetOpen)


async def test_the_other_pool_sees_it_opened(office: Office) -> None:
    company = await office.pool()
    team, _, (id,) = await held(office, company, 1)
    start = await feed.head()
    await time_passes("10 days")
    await release_due()

    async def opened() -> bool:
        return start < await feed.head()

    await until(opened)
    for pool, ids in ((company, [id]), (team, [])):
        scope = (office.id, pool.id, start, await feed.head())
        found = await feed.pool_changes_after(*scope, 10)
        assert [(each.customer_id, feed.pool_change(each)) for each in found] == [
            (each, "OPENED") for each in ids
        ]


async def test_a_report_counts_the_release_in_the_pool_that_lost_it(office: Office) -> None:
    company = await office.pool()
    team, li, _ = await held(office, company, 2)
    await time_passes("10 days")
    await release_due()
    admin = await office.admin()
    for pool, counted in ((team, [(ReleaseReason.MAX_HOLD, 2)]), (company, [])):
        start, end = (li.asked_at + sign * timedelta(days=30) for sign in (-1, 1))
        told = await reports.report(admin, pool.id, start, end)
        assert [(each.reason, each.count) for each in told.releases] == counted


async def test_an_undo_brings_it_back_into_the_pool_and_to_the_owner(office: Office) -> None:
    company = await office.pool()
    team, li, ids = await held(office, company, 3)
    await time_passes("10 days")
    await release_due()
    taken, back, single = ids
    bystander = await office.customer(company)
    done((await claims.claim(await office.person(), [taken]))[0])
    admin = await office.admin()
    await pools.change_rules(admin, team.id, replace(team.rules, max_hold=None))
    undone = await undoing.undo(admin, customer_id=single, pool_id=None, rules_version=None)
    assert undone.count == 1
    for count in (1, 0):
        undone = await undoing.undo(admin, customer_id=None, pool_id=team.id, rules_version=1)
        assert (undone.count, undone.claimed_meanwhile_count) == (count, 1)
    for id in (back, single):
        customer = await row(id)
        assert (customer.pool_id, customer.owner_id) == (team.id, li.id)
        assert (await story(id))[-3:] == ["RELEASED", "MOVED", "ASSIGNED"]
    assert (await row(taken)).pool_id == company.id
    assert ((await row(bystander)).pool_id, await story(bystander)) == (company.id, ["CREATED"])
    assert await seat(team, li) == (2, 0, 3)
    assert await replay.differences() == []


async def test_who_administers_the_pool_that_it_left_undoes_it(office: Office) -> None:
    """Also where they don't see the pool that it lies in; who administers that one does not."""
    company = await office.pool()
    team, li, (id,) = await held(office, company, 1)
    leads, runs = await office.person(), await office.person()
    admin, department = await office.admin(), office.department_id
    await access.set_access(admin, team.id, [], [department], [leads.id])
    await access.set_access(admin, company.id, [], [], [runs.id])
    await time_passes("10 days")
    await release_due()
    alone = {"customer_id": id, "pool_id": None, "rules_version": None}
    runs, leads = await office.viewer(runs.id), await office.viewer(leads.id)
    assert isinstance(await refusal(undoing.undo(runs, **alone)), Forbidden)  # type: ignore[arg-type]
    await access.set_access(admin, team.id, [], [], [leads.id])
    stranger = await office.person()
    assert isinstance(await refusal(undoing.undo(stranger, **alone)), NotFound)  # type: ignore[arg-type]
    assert (await undoing.undo(leads, **alone)).count == 1  # type: ignore[arg-type]
    assert (await row(id)).owner_id == li.id


async def test_two_pools_may_release_into_each_other(office: Office) -> None:
    """No circle runs by itself: each round needs a claim."""
    company = await office.pool(max_hold="P10D")
    team, li, (id,) = await held(office, company, 1)
    admin = await office.admin()
    await pools.change_rules(admin, company.id, replace(company.rules, release_to=team.id))
    for pool in (company, team, company):
        await time_passes("10 days")
        assert (await release_due(), await release_due()) == (1, 0)
        assert (await row(id)).pool_id == pool.id
        done((await claims.claim(li, [id]))[0])
    assert await replay.differences() == []


async def problems(who: Viewer, pool: Pool, target: UUID) -> list[tuple[str, str]]:
    rules = Rules(release_to=target)
    refused = await refusal(pools.change_rules(who, pool.id, rules))
    assert isinstance(refused, InvalidInput)
    return [(each.path, str(each.message)) for each in refused.problems]


async def test_the_target_is_another_pool_that_the_administrator_sees(office: Office) -> None:
    foreign = await (await found("别家")).pool()
    pool, hidden, runs = await office.pool(), await office.pool(), await office.person()
    admin = await office.admin()
    await access.set_access(admin, pool.id, [], [], [runs.id])
    await access.set_access(admin, hidden.id, [], [], [])
    admin, runs = await office.admin(), await office.viewer(runs.id)
    itself = "is this pool; leave it out, and releases stay in it"
    assert await problems(admin, pool, pool.id) == [("rules.releaseTo", itself)]
    for who, target in ((admin, foreign.id), (admin, uuid4()), (runs, hidden.id)):
        assert await problems(who, pool, target) == [("rules.releaseTo", "is not known")]
    new = Rules(release_to=uuid4())
    expected = InvalidInput((Problem("rules.releaseTo", "is not known"),))
    assert await refusal(pools.create(admin, "新公海", new)) == expected
    # A target that another administrator chose stays with a change of other rules.
    await pools.change_rules(admin, pool.id, Rules(release_to=hidden.id))
    changed = await pools.change_rules(runs, pool.id, Rules(release_to=hidden.id, capacity=9))
    assert (changed.rules.release_to, changed.rules.capacity) == (hidden.id, 9)


@pytest.mark.parametrize("target", ["itself", "nowhere"])
async def test_the_database_refuses_what_the_checks_would_refuse(
    office: Office, target: str
) -> None:
    pool = await office.pool()
    wrong = {"itself": pool.id, "nowhere": uuid4()}[target]
    sql = "UPDATE pool SET rules = jsonb_build_object('release_to', $2::text) WHERE id = $1"
    with pytest.raises(IntegrityError, match="pool_release"):
        await database.rows(sql, pool.id, str(wrong))
