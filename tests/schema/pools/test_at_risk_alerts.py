"""The alert of what is about to be released: inbox, subscription and webhook."""

import json
from typing import Any

from models import database
from models.ownership import claims, releases
from models.pools.escalation import escalate_due
from models.tables import Event
from models.webhooks import payloads
from tests.models.pools.test_escalation import held, morning
from tests.support.asking import ask, customer_gid
from tests.support.running import Client
from tests.support.samples import Office, row
from tests.support.sockets import following

__all__ = ["morning"]

ALERTS = """{ viewer { alerts { unread nodes { kind read count releaseAt message
  customer { id } customers { id name } } } } }"""
TAKEN = """
SELECT e.id AS event_id, e.action, e.at, now() AS attempted_at, e.reason,
  (e.details ->> 'count')::integer AS count,
  c.id AS customer_id, c.name AS customer_name, NULL::uuid AS actor_id, NULL AS actor_name,
  m.id AS member_id, m.name AS member_name
FROM event e JOIN customer c ON c.id = e.customer_id JOIN member m ON m.id = e.member_id
WHERE e.action = 'ESCALATED'
"""


async def test_the_inbox_and_the_subscription_have_it(api: Client, morning: Office) -> None:
    _, li, ids = await held(morning, 3)
    admin = await morning.admin()
    async with following(api, admin.member) as alerts:
        await escalate_due()
        told = await alerts.next()
    assert (told["kind"], told["customer"]["id"]) == ("AT_RISK", customer_gid(ids[0]))
    alert: dict[str, Any]
    (alert,) = (await ask(api, admin, ALERTS))["alerts"]["nodes"]
    first = await row(ids[0])
    assert first.release_at
    assert (alert["kind"], alert["count"]) == ("AT_RISK", 3)
    assert [each["id"] for each in alert["customers"]] == [customer_gid(id) for id in sorted(ids)]
    assert alert["releaseAt"] == first.release_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    words = f"3 customers will be released soon, first {first.name} at "
    assert alert["message"].startswith(words)
    assert (await ask(api, li, ALERTS))["alerts"]["nodes"] == []


async def test_other_alerts_list_no_customers(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "没有需求")
    (alert,) = (await ask(api, li, ALERTS))["alerts"]["nodes"]
    assert (alert["count"], alert["customers"]) == (None, None)


async def test_customers_that_the_reader_sees_no_more_are_left_out(
    api: Client, morning: Office
) -> None:
    pool, _, ids = await held(morning, 2)
    runs = await morning.person(role="MANAGER")
    await escalate_due()
    hidden = await morning.pool()
    admin = await morning.admin()
    await releases.give_back(admin, ids[1], "换团队", hidden.id)
    await database.rows("DELETE FROM pool_access WHERE pool_id = $1", hidden.id)
    (alert,) = (await ask(api, runs, ALERTS))["alerts"]["nodes"]
    assert alert["count"] == 2
    assert [each["id"] for each in alert["customers"]] == [customer_gid(ids[0])]
    assert pool.id != hidden.id


async def test_a_webhook_gets_the_count(morning: Office) -> None:
    _, _, ids = await held(morning, 2)
    await escalate_due()
    (taken,) = await database.rows(TAKEN)
    message = json.loads(payloads.of_event(taken).body)
    event = await Event.get(action="ESCALATED")
    assert (message["type"], message["data"]["count"]) == ("pool.at_risk", 2)
    assert message["data"]["customer"]["id"] == customer_gid(event.customer_id or ids[0])
    assert message["data"]["member"]["name"] == (await morning.admin()).member.name
