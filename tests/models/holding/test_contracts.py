"""Signed customers come back when their contract ends."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.alerts import inbox
from models.alerts.wording import words
from models.holding import extensions, follow_ups, locks, reminders
from models.ledger import replay
from models.ownership import claims, releases, transfers
from models.ownership.drain import release_due
from models.ownership.undoing import undo
from models.paging import Window
from models.pools import pools
from models.pools.preview import preview
from models.pools.reports import report
from models.refusals import CoolingDown, InvalidInput
from models.rules.durations import Span
from models.rules.rules import Rules
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.samples import Office, done, events, refusal, row, seat, story, time_passes

RULES: dict[str, Any] = {"deal_within": "P10D", "won_for": "P30D", "reminders": ["P3D"]}


async def signed(office: Office, **rules: Any) -> tuple[Pool, Viewer, UUID]:
    pool = await office.pool(**RULES | rules)
    li, id = await office.person("李雷"), await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.record_deal(li, id, Decimal(1))
    return pool, li, id


def contract_of(customer: Customer) -> timedelta:
    assert customer.release_reason == "CONTRACT_ENDED"
    assert customer.release_at
    assert customer.won_at
    return customer.release_at - customer.won_at


async def test_a_signed_customer_is_released_when_its_contract_ends_and_its_owner_reminded(
    office: Office,
) -> None:
    pool, li, id = await signed(office, reclaim_cooldown="P5D")
    customer = await row(id)
    assert contract_of(customer) == timedelta(days=30)
    assert customer.release_at
    assert customer.remind_at == [customer.release_at - timedelta(days=3)]
    await time_passes("27 days")
    assert (await reminders.remind_due(), await release_due()) == (1, 0)
    (reminder,) = (await inbox.inbox(li, window=Window(5), unread_only=False)).nodes
    assert "its contract ends" in words(reminder, await row(id), li.id)
    await time_passes("3 days")
    assert await release_due() == 1
    (released,) = await events(id, "RELEASED")
    assert (released.release_reason, released.former_id) == ("CONTRACT_ENDED", li.id)
    customer = await row(id)
    assert (customer.owner_id, customer.won_at, customer.release_at) == (None, None, None)
    assert (await seat(pool, li))[:2] == (0, 0)
    assert isinstance((await claims.claim(li, [id]))[0], CoolingDown)
    newest, _ = (await inbox.inbox(li, window=Window(5), unread_only=False)).nodes
    assert words(newest, customer, li.id) == f"{customer.name} was released: its contract ended."
    assert await replay.differences() == []


async def test_without_the_rule_signed_customers_stay(office: Office) -> None:
    _, li, id = await signed(office, won_for=None)
    first = (await row(id)).won_at
    again = done(await follow_ups.record_deal(li, id, Decimal(2)))
    assert (again.won_at, again.release_at) == (first, None)
    assert ["renews" in event.details for event in await events(id, "WON")] == [False, False]


async def test_a_further_deal_renews_the_contract(office: Office) -> None:
    pool, li, id = await signed(office)
    await time_passes("20 days")
    before = await row(id)
    renewed = done(await follow_ups.record_deal(li, id, Decimal(2)))
    assert contract_of(renewed) == timedelta(days=30)
    assert renewed.won_at
    assert before.won_at
    assert renewed.won_at - before.won_at >= timedelta(days=20)
    assert [event.details for event in await events(id, "WON")] == [
        {"amount": "1"},
        {"amount": "2", "renews": True},
    ]
    assert (await seat(pool, li))[:2] == (1, 1)
    await time_passes("10 days")
    assert await release_due() == 0
    assert await replay.differences() == []


async def test_neither_follow_ups_nor_extensions_move_the_end_of_a_contract(
    office: Office,
) -> None:
    _, li, id = await signed(office, extension_limit="P30D", follow_up_within="P3D")
    before = (await row(id)).release_at
    await follow_ups.log_follow_up(li, id, "CALL", "谈了续约")
    assert (await row(id)).release_at == before
    refused = await refusal(extensions.ask(li, id, Span.parse("P7D"), "续约在走流程"))
    assert refused == InvalidInput.at("customerId", "has no deadline to extend")


async def test_a_lock_holds_up_the_end_of_a_contract(office: Office) -> None:
    _, li, id = await signed(office, lock_limit=1)
    await locks.lock(li, id)
    await time_passes("31 days")
    assert await release_due() == 0
    await locks.unlock(li, id)
    assert await release_due() == 1


async def test_a_transfer_keeps_the_contract_and_a_new_claim_has_none(office: Office) -> None:
    _, li, id = await signed(office)
    han, admin = await office.person(), await office.admin()
    await time_passes("10 days")
    end = (await row(id)).release_at
    moved = done(await transfers.transfer(admin, id, han.id))
    assert (moved.release_at, moved.release_reason) == (end, "CONTRACT_ENDED")
    await releases.give_back(han, id, "没有需求")
    claimed = done((await claims.claim(li, [id]))[0])
    assert (claimed.won_at, claimed.release_reason) == (None, "NO_DEAL")
    assert await replay.differences() == []


async def test_rules_that_end_contracts_are_previewed_and_give_grace(office: Office) -> None:
    pool, _, id = await signed(office, won_for=None)
    await time_passes("40 days")
    admin = await office.admin()
    rules = Rules.from_json(RULES | {"grace": "P2D"})
    foreseen = await preview(admin, pool.id, rules)
    assert (foreseen.earlier, foreseen.released_at_once) == (1, 1)
    changed = await pools.change_rules(admin, pool.id, rules)
    customer = await row(id)
    assert customer.release_at == changed.rules_changed_at + timedelta(days=2)
    assert customer.release_reason == "CONTRACT_ENDED"
    assert (await reminders.remind_due(), await release_due()) == (1, 0)
    assert await replay.differences() == []


async def test_an_undone_release_keeps_a_contract_that_is_not_over(office: Office) -> None:
    pool, li, id = await signed(office)
    won_at = (await row(id)).won_at
    assert won_at
    await time_passes("30 days")
    assert await release_due() == 1
    admin = await office.admin()
    await pools.change_rules(admin, pool.id, Rules.from_json(RULES | {"won_for": "P365D"}))
    undone = await undo(admin, customer_id=None, pool_id=pool.id, rules_version=1)
    customer = await row(id)
    assert (undone.count, customer.owner_id) == (1, li.id)
    assert customer.won_at == won_at - timedelta(days=30)
    assert contract_of(customer) == timedelta(days=365)
    assert (await seat(pool, li))[:2] == (1, 1)
    assert await replay.differences() == []


async def test_where_the_contract_is_over_it_counts_anew_after_an_undo(office: Office) -> None:
    pool, li, id = await signed(office)
    await time_passes("30 days")
    assert await release_due() == 1
    admin = await office.admin()
    await undo(admin, customer_id=id, pool_id=None, rules_version=None)
    customer = await row(id)
    assert (customer.owner_id, customer.won_at) == (li.id, customer.claimed_at)
    assert contract_of(customer) == timedelta(days=30)
    assert await release_due() == 0
    assert (await seat(pool, li))[:2] == (1, 1)
    assert await replay.differences() == []


async def test_a_report_counts_the_contracts_that_ended(office: Office) -> None:
    pool, _, id = await signed(office)
    await time_passes("30 days")
    assert await release_due() == 1
    admin = await office.admin()
    now = admin.asked_at + timedelta(minutes=1)
    found = await report(admin, pool.id, now - timedelta(days=60), now)
    assert [(str(each.reason), each.count) for each in found.releases] == [("CONTRACT_ENDED", 1)]
    assert await story(id) == ["CREATED", "CLAIMED", "WON", "RELEASED"]
