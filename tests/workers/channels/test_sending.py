"""Alerts sent to real receivers that speak the robots' protocols."""

import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from models.channels import channels, deliveries
from models.channels.quiet_hours import set_quiet_hours
from models.customers.update import update_customer
from models.erasure.erasing import ErasureReason, erase
from models.holding.comments import comment
from models.holding.reminders import remind_due
from models.organizations import leaving
from models.ownership import claims, releases, transfers
from models.pools.escalation import escalate_due
from models.tables import Channel, ChannelDelivery
from models.webhooks.answers import Answer
from settings import Settings
from tests.support import channels as support
from tests.support.channels import Steps, assigned, channel, hours, later, sending
from tests.support.robots import Robots, robots
from tests.support.samples import Office, found, row, time_passes
from tests.support.zones import zone_where_it_is

ROBOTS = ["WECOM", "DINGTALK", "FEISHU", "SLACK"]


@pytest_asyncio.fixture
async def robot() -> AsyncIterator[Robots]:
    async with robots() as found:
        yield found


@pytest_asyncio.fixture
async def steps(settings: Settings) -> AsyncIterator[Steps]:
    linked = {"link_template": "https://crm.example/customers/{customerId}"}
    async with sending(settings.model_copy(update=linked)) as steps:
        yield steps


@pytest.mark.parametrize("kind", ROBOTS)
async def test_an_alert_goes_to_the_members_robot_in_their_language_with_a_link(
    office: Office, robot: Robots, steps: Steps, kind: str
) -> None:
    robot.secret = "SECabc"
    li, pool = await office.person("李雷"), await office.pool()
    signed = {"secret": "SECabc"} if kind in ("DINGTALK", "FEISHU") else {}
    await channel(li, kind, robot.url(kind), **signed)
    (customer,) = await assigned(office, pool, li)
    assert await steps.send() == 1
    (text,) = robot.texts
    assert "新提醒" in text
    assert f"{customer.name} 已分配给您" in text
    link = f"https://crm.example/customers/Customer_{customer.id.hex}"
    assert link in str(robot.messages)
    (sent,) = await support.deliveries()
    assert (sent.status, sent.attempts, sent.alerts, sent.response_status) == (
        "DELIVERED",
        1,
        1,
        200,
    )
    assert await steps.send() == 0


@pytest.mark.parametrize("kind", ["DINGTALK", "FEISHU"])
async def test_a_robot_refuses_what_is_signed_by_another_secret(
    office: Office, robot: Robots, steps: Steps, kind: str
) -> None:
    robot.secret = "SECabc"
    li = await office.person()
    await channel(li, kind, robot.url(kind), secret="another")
    await assigned(office, await office.pool(), li)
    await steps.send()
    assert robot.messages == []
    (failed,) = await support.deliveries()
    assert (failed.status, failed.attempts) == ("PENDING", 1)
    assert "310000" in str(failed.problem) or "19021" in str(failed.problem)


async def test_a_digest_has_twenty_alerts_and_counts_the_rest(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li = await office.person()
    await channel(li, "SLACK", robot.url("SLACK"), language="en")
    given = await assigned(office, await office.pool(), li, 23)
    await steps.send()
    title, *lines = robot.texts[0].splitlines()
    assert title == "Seapool: new alerts (23)"
    assert [customer.name in line for customer, line in zip(given[:20], lines, strict=False)] == [
        True
    ] * 20
    assert lines[20:] == ["and 3 more"]
    assert [each.alerts for each in await support.deliveries()] == [23]


async def test_what_comes_within_the_pace_comes_as_one_digest_behind_it(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(li, "SLACK", robot.url("SLACK"))
    await assigned(office, pool, li)
    assert await steps.send() == 1
    for _ in range(3):
        await assigned(office, pool, li)
        assert await steps.send() == 0
    (resting,), (sent,) = await Channel.all(), await support.deliveries()
    assert sent.ended_at is not None
    assert resting.next_at == resting.paced_at == sent.ended_at + timedelta(seconds=300)
    await later("300 seconds")
    assert await steps.send() == 1
    assert [each.alerts for each in await support.deliveries()] == [1, 3]


async def test_quiet_hours_end_with_one_digest(
    office: Office, robot: Robots, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, pool = await office.person(), await office.pool()
    quiet = await channel(li, "SLACK", robot.url("SLACK"), **hours(-1, 2))
    await assigned(office, pool, li)
    assert await steps.send() == 1
    (resting,) = await Channel.all()
    assert resting.next_at is not None
    local = resting.next_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{local:%H:%M:%S}" == f"{quiet.quiet_to}:00"
    await assigned(office, pool, li)
    assert await steps.send() == 0
    assert robot.messages == []
    await Channel.filter(id=quiet.id).update(**hours(2, 3))
    await later("1 day")
    assert await steps.send() == 1
    assert [each.alerts for each in await support.deliveries()] == [2]


async def test_the_organizations_quiet_hours_hold_for_channels_without_their_own(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, han, pool = await office.person(), await office.person(), await office.pool()
    await set_quiet_hours(await office.admin(), *hours(-1, 2).values())
    await channel(li, "SLACK", robot.url("SLACK"))
    await channel(han, "SLACK", robot.url("SLACK"), **hours(2, 3))
    (first,) = await assigned(office, pool, li)
    (second,) = await assigned(office, pool, han)
    assert await steps.send() == 2
    assert [second.name in text for text in robot.texts] == [True]
    await set_quiet_hours(await office.admin(), None, None)
    assert await steps.send() == 1
    assert first.name in robot.texts[1]


async def test_a_channel_has_the_kinds_it_asked_for(
    office: Office, robot: Robots, steps: Steps
) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li, han, admin = await office.person(), await office.person(), await office.admin()
    await channel(li, "SLACK", robot.url("SLACK"), kinds=("REMINDER",), language="en")
    (kept, moved) = await assigned(office, pool, li, 2)
    await transfers.transfer(admin, moved.id, han.id)
    assert await steps.send() == 1
    # It has nothing to tell, so it is not looked at again.
    assert [each.next_at for each in await Channel.all()] == [None]
    await time_passes("7 days")
    await remind_due()
    await steps.send()
    title, line = robot.texts[0].splitlines()
    assert title == "Seapool: new alerts (1)"
    assert f"{kept.name} will be released at" in line


async def test_the_organizations_channel_names_the_member_and_keeps_to_its_pools(
    office: Office, robot: Robots, steps: Steps
) -> None:
    shown, hidden = await office.pool(), await office.pool()
    li, admin = await office.person("李雷"), await office.admin()
    group: dict[str, Any] = {"for_organization": True, "pool_ids": (shown.id,)}
    await channel(admin, "FEISHU", robot.url("FEISHU"), **group)
    (customer,) = await assigned(office, shown, li)
    await assigned(office, hidden, li)
    await steps.send()
    _, line = robot.texts[0].splitlines()
    assert line == f"李雷：{customer.name} 已分配给您。"


async def test_of_an_alert_of_several_pools_a_channel_tells_its_own(
    robot: Robots, steps: Steps, database: None
) -> None:
    """The first to be released lies in a pool of another team."""
    office = await found(time_zone=zone_where_it_is(12))
    rules = {"max_hold": "P1D", "escalate_before": "P2D"}
    hidden, *shown = [await office.pool(**rules) for _ in range(3)]
    li, admin = await office.person(), await office.admin()
    group: dict[str, Any] = {"for_organization": True, "pool_ids": tuple(each.id for each in shown)}
    await channel(admin, "SLACK", robot.url("SLACK"), language="en", **group)
    held = [id for pool in (hidden, *shown) for id in await office.customers(pool, 2)]
    for id in held:
        await claims.claim(li, [id])
    assert await escalate_due() == 1
    await steps.send()
    _, line = robot.texts[0].splitlines()
    first = await row(held[2])
    assert f"4 customers will be released soon, first {first.name} at" in line
    await Channel.all().update(pool_ids=[(await office.pool()).id])
    await time_passes("1 day")
    await releases.give_back(li, held[0], "不合适")
    assert await escalate_due() == 1
    await later("1 day")
    await steps.send()
    assert len(robot.texts) == 1


async def test_a_message_has_no_contact(office: Office, robot: Robots, steps: Steps) -> None:
    pool, li = await office.pool(masked=[]), await office.person()
    await channel(li, "WECOM", robot.url("WECOM"))
    id = await office.customer(pool)
    contact = {
        "name": "示例 138 1234 5678",
        "person": "张三",
        "phone": "13812345678",
        "email": "zhang@x.cn",
    }
    await update_customer(await office.admin(), id, contact)
    await claims.assign(await office.admin(), id, li.id)
    await steps.send()
    assert "138＊＊＊＊5678" in robot.texts[0]
    secrets = ("张三", "1234", "zhang")
    assert [secret for secret in secrets if secret in str(robot.messages)] == []


async def test_a_failure_is_tried_again_later_and_what_comes_behind_it_waits(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(li, "WECOM", robot.url("WECOM"))
    (first,) = await assigned(office, pool, li)
    robot.status = 500
    await steps.send()
    (second,) = await assigned(office, pool, li)
    assert await steps.send() == 0
    await later("5 seconds")
    assert await steps.send() == 1
    robot.status, robot.code = 200, 45009
    await later("20 seconds")
    await steps.send()
    robot.code = 0
    await later("59 seconds")
    assert await steps.send() == 0
    await later("1 second")
    await steps.send()
    await later("5 minutes")
    await steps.send()
    assert [(first.name in text, second.name in text) for text in robot.texts] == [
        (True, False),
        (False, True),
    ]
    statuses = [(each.status, each.attempts) for each in await support.deliveries()]
    assert statuses == [("DELIVERED", 4), ("DELIVERED", 1)]


async def test_words_of_a_robot_that_no_database_keeps_are_a_failure_too(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li = await office.person()
    await channel(li, "WECOM", robot.url("WECOM"))
    await assigned(office, await office.pool(), li)
    robot.body = rb'{"errcode": 1, "errmsg": "bad\u0000\ud800"}'
    await steps.send()
    (failed,) = await support.deliveries()
    assert (failed.status, failed.attempts, failed.response_status) == ("PENDING", 1, 200)


async def test_nothing_of_an_erased_customer_waits_or_is_kept(
    office: Office, robot: Robots, steps: Steps
) -> None:
    """The robot has repeated the message that it refused."""
    li, pool = await office.person(), await office.pool()
    admin = await office.admin()
    await channel(li, "WECOM", robot.url("WECOM"), language="en")
    (customer,) = await assigned(office, pool, li)
    await comment(admin, customer.id, f"问{customer.name}")
    robot.body = f'{{"errcode": 1, "errmsg": "bad: {customer.name}"}}'.encode()
    await steps.send()
    (refused,) = await support.deliveries()
    assert customer.name in str(refused.problem)
    await erase(admin, customer.id, ErasureReason.REQUESTED)
    (refused,) = await support.deliveries()
    assert (customer.name in str(refused.problem), refused.problem["facts"]["code"]) == (False, 1)
    robot.body = None
    await later("1 hour")
    await steps.send()
    (text,) = robot.texts
    assert customer.name not in text
    assert "Erased was assigned to you." in text
    assert "There was a comment on Erased." in text


async def test_a_compressed_answer_is_not_unpacked(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li = await office.person()
    await channel(li, "WECOM", robot.url("WECOM"))
    await assigned(office, await office.pool(), li)
    robot.headers = {"Content-Encoding": "gzip"}
    robot.body = gzip.compress(b'{"errcode": 0, "errmsg": "ok"}')
    await steps.send()
    (failed,) = await support.deliveries()
    assert failed.status == "PENDING"
    assert "did not answer as a robot" in str(failed.problem)


async def test_after_a_day_a_message_is_given_up_and_the_next_one_goes(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(li, "WECOM", robot.url("WECOM"))
    await assigned(office, pool, li)
    robot.code = 93000
    await steps.send()
    await later("1 day")
    await assigned(office, pool, li)
    await steps.send()
    robot.code = 0
    await steps.send()
    given_up, sent = await support.deliveries()
    assert (given_up.status, given_up.next_at, sent.status) == ("FAILED", None, "DELIVERED")
    assert given_up.fault == "the robot answered 93000: bad"
    await deliveries.send_again(li, given_up.id)
    robot.code = 93000
    await later("10 seconds")
    await steps.send()
    again, _ = await support.deliveries()
    # It has another day.
    assert (again.status, again.attempts) == ("PENDING", 3)


async def test_a_worker_killed_before_it_noted_the_answer_is_followed_by_one_that_sends_again(
    office: Office, robot: Robots, settings: Settings, steps: Steps, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(li, "SLACK", robot.url("SLACK"))
    (first,) = await assigned(office, pool, li)

    async def killed(*_: Any) -> Answer:
        raise KeyboardInterrupt

    (taken,) = await steps.take()
    with monkeypatch.context() as patched:
        patched.setattr("models.channels.settling.settle", killed)
        with pytest.raises(KeyboardInterrupt):
            await steps.sender.attempt(taken)
    (second,) = await assigned(office, pool, li)
    async with sending(settings) as other:
        assert await other.send() == 0
        await later("30 seconds")
        assert await other.send() == 1
        await later("5 minutes")
        assert await other.send() == 1
    named = [[first.name in text, second.name in text] for text in robot.texts]
    assert named == [[True, False], [True, False], [False, True]]
    assert [each.attempts for each in await support.deliveries()] == [2, 1]


async def test_two_workers_send_a_message_once(
    office: Office, robot: Robots, settings: Settings, steps: Steps
) -> None:
    pool = await office.pool()
    for _ in range(3):
        li = await office.person()
        await channel(li, "SLACK", robot.url("SLACK"))
        await assigned(office, pool, li)

    async with sending(settings) as other:

        async def at_the_same_time() -> None:
            assert await other.send() == 0

        robot.before = at_the_same_time
        assert await steps.send() == 3
    assert len(robot.messages) == 3


async def test_a_late_worker_that_lost_its_lease_notes_nothing(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li = await office.person()
    await channel(li, "SLACK", robot.url("SLACK"))
    await assigned(office, await office.pool(), li)
    (late,) = await steps.take()
    await later("30 seconds")
    assert await steps.send() == 1
    await steps.sender.attempt(late)
    assert len(robot.messages) == 1


async def test_a_private_address_is_refused_when_the_name_leads_there(
    office: Office, robot: Robots, settings: Settings
) -> None:
    li = await office.person()
    await channel(li, "SLACK", f"https://localhost:{robot.port}/slack")
    await assigned(office, await office.pool(), li)
    async with sending(settings) as steps:
        post: Any = steps.sender._post
        post._post._private = False
        await steps.send()
    (failed,) = await support.deliveries()
    assert failed.fault == "its address is not a public one"
    assert robot.refused == []


async def test_who_has_left_is_sent_nothing(office: Office, robot: Robots, steps: Steps) -> None:
    li, pool, admin = await office.person(), await office.pool(), await office.admin()
    han, made = await office.person(), await channel(li, "SLACK", robot.url("SLACK"))
    await channel(han, "SLACK", robot.url("SLACK"))
    await deliveries.greet(li, made.id)
    # A greeting delays no alert.
    for _ in range(2):
        await steps.send()
        robot.status = 500
        await assigned(office, pool, li)
    (stays,) = await assigned(office, pool, han)
    await steps.send()
    await leaving.deactivate(admin, li.id)
    robot.status = 200
    await later("10 seconds")
    await steps.send()
    await later("1 day")
    assert await steps.send() == 0
    assert [stays.name in text for text in robot.texts] == [False, True]
    _, closed, _ = found = await support.deliveries()
    assert [(each.status, each.attempts) for each in found] == [
        ("DELIVERED", 1),
        ("FAILED", 1),
        ("DELIVERED", 2),
    ]
    assert closed.fault == "the member has left the organization"


async def test_a_greeting_goes_at_once_and_once(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li = await office.person("李雷")
    made = await channel(li, "SLACK", robot.url("SLACK"), **hours(-1, 2))
    first = await deliveries.greet(li, made.id)
    assert (await deliveries.greet(li, made.id)).id == first.id
    await steps.send()
    assert robot.texts == ["Seapool\n李雷 的提醒会发到这里。"]
    robot.status = 404
    await deliveries.greet(li, made.id)
    assert await steps.send() == 0
    await later("10 seconds")
    await steps.send()
    _, failed = await support.deliveries()
    assert (failed.status, failed.response_status) == ("FAILED", 404)
    assert await steps.send() == 0


async def test_a_message_is_sent_again_ahead_of_what_waits(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, pool = await office.person(), await office.pool()
    made = await channel(li, "SLACK", robot.url("SLACK"))
    await assigned(office, pool, li)
    await steps.send()
    (sent,) = await support.deliveries()
    await assigned(office, pool, li)
    await deliveries.send_again(li, sent.id)
    await later("10 seconds")
    await steps.send()
    assert robot.texts[0] == robot.texts[1]
    await later("5 minutes")
    await steps.send()
    assert len(robot.messages) == 3
    assert (await Channel.get(id=made.id)).next_at is None
    await deliveries.send_again(li, sent.id)
    assert [each.status for each in await support.deliveries()] == ["PENDING", "DELIVERED"]


async def test_a_pending_message_that_is_sent_again_keeps_its_place(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(li, "SLACK", robot.url("SLACK"))
    (first,) = await assigned(office, pool, li)
    robot.status = 500
    await steps.send()
    (second,) = await assigned(office, pool, li)
    (waiting,) = await support.deliveries()
    await deliveries.send_again(li, waiting.id)
    await later("10 seconds")
    assert await steps.send() == 1
    assert await steps.send() == 0
    robot.status = 200
    await later("1 minute")
    await steps.send()
    await later("5 minutes")
    await steps.send()
    named = [[first.name in text, second.name in text] for text in robot.texts]
    assert named == [[True, False], [False, True]]


async def test_a_message_sent_again_that_fails_holds_up_nobody(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li, pool = await office.person(), await office.pool()
    await channel(li, "SLACK", robot.url("SLACK"))
    await assigned(office, pool, li)
    await steps.send()
    (sent,) = await support.deliveries()
    robot.status = 500
    await deliveries.send_again(li, sent.id)
    await later("10 seconds")
    await steps.send()
    robot.status = 200
    (second,) = await assigned(office, pool, li)
    await ChannelDelivery.filter(id=sent.id).update(next_at=datetime(2040, 1, 1, tzinfo=UTC))
    await later("5 minutes")
    await steps.send()
    assert second.name in robot.texts[-1]
    assert (await ChannelDelivery.get(id=sent.id)).status == "PENDING"


async def test_a_changed_address_is_tried_at_once(
    office: Office, robot: Robots, steps: Steps
) -> None:
    li = await office.person()
    made = await channel(li, "SLACK", robot.url("nothing"))
    await assigned(office, await office.pool(), li)
    robot.status = 404
    await steps.send()
    robot.status = 200
    fields = support.fields_of("SLACK", robot.url("SLACK"))
    await channels.save(li, made.id, fields, private=True, mails=True)
    await steps.send()
    assert [each.status for each in await ChannelDelivery.all()] == ["DELIVERED"]
