"""Webhooks through HTTP: who may have them, what is refused, what is shown."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from models.ownership import claims
from models.tables import Event, Webhook, WebhookDelivery
from models.viewers import Viewer
from schema.base import ids
from settings import Settings
from tests.support.asking import said
from tests.support.receiver import Receiver, receiving
from tests.support.running import Client
from tests.support.samples import Office, found, until
from workers.webhook_sender import Webhooks

SAVE = """mutation ($url: String!, $id: ID, $after: Cursor) {
  saveWebhook(url: $url, id: $id, after: $after) {
    __typename
    ... on WebhookSaved { secret webhook { id url cursor createdAt } }
    ... on InvalidInput { problems { path message } }
    ... on Refusal { message }
  }
}"""
DELETE = """mutation ($id: ID!) {
  deleteWebhook(webhookId: $id) {
    __typename
    ... on WebhookDeleted { id }
    ... on Refusal { message }
  }
}"""
RESEND = """mutation ($id: ID!) {
  resendDelivery(deliveryId: $id) {
    __typename
    ... on DeliveryResent { delivery { id status } }
    ... on Refusal { message }
  }
}"""
WEBHOOKS = """query ($first: Int! = 20, $after: Cursor, $failedOnly: Boolean! = false) {
  organization { webhooks { id url
    deliveries(first: $first, after: $after, failedOnly: $failedOnly) {
      nodes { id status attempts responseStatus problem attemptedAt nextAttemptAt endedAt
        event { action customer { name } } }
      pageInfo { hasNextPage endCursor }
    }
  } }
}"""
NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"
PUBLIC = "https://1.1.1.1/seapool"


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@contextlib.asynccontextmanager
async def posting(settings: Settings) -> AsyncIterator[None]:
    allowing = settings.model_copy(update={"webhooks_to_private_addresses": True})
    running = asyncio.create_task(Webhooks(allowing).run())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def ask(api: Client, who: Viewer, document: str, **variables: Any) -> Any:
    (answer,) = (await api.data(who.member, document, **variables)).values()
    return answer


async def told(office: Office, receiver: Receiver, settings: Settings) -> UUID:
    """A webhook that leads to the receiver, and a customer of whom it was told three things."""
    await Webhook.filter(organization_id=office.id).update(url=receiver.url)
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    receiver.refuses = "CLAIMED"
    async with posting(settings):
        await until(lambda: WebhookDelivery.filter(problem__isnull=False).first())
    return id


async def test_an_admin_makes_a_webhook_and_sees_its_secret_once(
    api: Client, office: Office
) -> None:
    admin = await office.admin()
    saved = await ask(api, admin, SAVE, url=PUBLIC)
    assert saved["__typename"] == "WebhookSaved"
    assert saved["secret"].startswith("whsec_")
    id = saved["webhook"]["id"]
    again = await ask(api, admin, SAVE, id=id, url=PUBLIC + "/2")
    assert (again["webhook"]["id"], again["webhook"]["url"]) == (id, PUBLIC + "/2")
    assert again["secret"] is None
    (listed,) = (await ask(api, admin, WEBHOOKS))["webhooks"]
    assert (listed["id"], listed["url"], listed["deliveries"]["nodes"]) == (id, PUBLIC + "/2", [])
    assert await ask(api, admin, NODE, id=id) == {"id": id, "__typename": "Webhook"}
    logged = await Event.filter(action__startswith="WEBHOOK_").order_by("seq")
    assert [event.action for event in logged] == ["WEBHOOK_CREATED", "WEBHOOK_CHANGED"]
    assert saved["secret"] not in str([event.details for event in logged])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://1.1.1.1/", "must be an address that begins with https://"),
        ("ftp://1.1.1.1/", "must be an address that begins with https://"),
        ("1.1.1.1", "must be an address that begins with https://"),
        ("https://", "must be an address that begins with https://"),
        ("https://user:pass@1.1.1.1/", "must be an address that begins with https://"),
        ("https://1.1.1.1:99999/", "must be an address that begins with https://"),
        ("https://1.1.1.1/\n", "must be an address that begins with https://"),
        ("https://1.1.1.1/" + "x" * 2000, "must be an address that begins with https://"),
        ("https://:secret@1.1.1.1/", "must be an address that begins with https://"),
        ("https://1.1.1.1:5432/", "must use port 443 or 8443"),
        ("https://1.1.1.1:80/", "must use port 443 or 8443"),
        ("https://localhost/", "must resolve to a public address"),
        ("https://127.0.0.1/", "must resolve to a public address"),
        ("https://[::1]/", "must resolve to a public address"),
        ("https://169.254.169.254/latest/meta-data", "must resolve to a public address"),
        ("https://2130706433/", "must resolve to a public address"),
        ("https://168.63.129.16/", "must resolve to a public address"),
        ("https://[64:ff9b::a00:1]:8443/", "must resolve to a public address"),
    ],
)
async def test_an_address_that_may_not_be_posted_to_is_refused(
    api: Client, office: Office, url: str, why: str
) -> None:
    answer = await ask(api, await office.admin(), SAVE, url=url)
    assert answer["__typename"] == "InvalidInput"
    assert answer["problems"] == [{"path": "url", "message": why}]
    assert await Webhook.all().count() == 0


async def test_an_address_is_taken_once_and_there_are_ten_at_most(
    api: Client, office: Office
) -> None:
    admin = await office.admin()
    answers = await asyncio.gather(
        *(ask(api, admin, SAVE, url=f"{PUBLIC}/{n % 12}") for n in range(24))
    )
    assert [each["__typename"] for each in answers].count("WebhookSaved") == 10
    assert await Webhook.all().count() == 10
    kept = await Webhook.all().first()
    assert kept
    taken = await ask(api, admin, SAVE, url=kept.url)
    assert taken["problems"] == [{"path": "url", "message": "another webhook has this address"}]
    # One of the ten keeps its address, or gets another.
    for url in (kept.url, f"{PUBLIC}/new"):
        changed = await ask(api, admin, SAVE, id=ids.encode("Webhook", kept.id), url=url)
        assert changed["webhook"]["url"] == url


async def test_a_cursor_that_is_none_is_named(api: Client, office: Office) -> None:
    answer = await ask(api, await office.admin(), SAVE, url=PUBLIC, after="nonsense")
    assert [problem["path"] for problem in answer["problems"]] == ["after"]


@pytest.mark.parametrize("role", ["SALES", "MANAGER"])
async def test_only_admins_have_webhooks(
    api: Client, office: Office, receiver: Receiver, settings: Settings, role: str
) -> None:
    admin, other = await office.admin(), await office.person(role=role)
    saved = await ask(api, admin, SAVE, url=PUBLIC)
    receiver.secret, webhook = saved["secret"], saved["webhook"]["id"]
    await told(office, receiver, settings)
    delivery = await WebhookDelivery.all().first()
    assert delivery
    id = ids.encode("WebhookDelivery", delivery.id)
    for document, variables in (
        (SAVE, {"url": PUBLIC}),
        (SAVE, {"url": PUBLIC, "id": webhook}),
        (DELETE, {"id": webhook}),
        (RESEND, {"id": id}),
    ):
        assert (await ask(api, other, document, **variables))["__typename"] == "Forbidden"
    for node in (webhook, id):
        assert await ask(api, other, NODE, id=node) is None
    answer = await api.graphql(other.member, WEBHOOKS)
    assert answer["errors"][0]["extensions"]["code"] == "Forbidden"


async def test_another_organizations_webhooks_are_not_found(
    api: Client, office: Office, receiver: Receiver, settings: Settings
) -> None:
    stranger = await (await found("别家")).admin()
    saved = await ask(api, await office.admin(), SAVE, url=PUBLIC)
    receiver.secret = saved["secret"]
    await told(office, receiver, settings)
    delivery = await WebhookDelivery.all().order_by("-seq").first()
    assert delivery
    before = (delivery.attempts, delivery.next_at)
    foreign = ids.encode("WebhookDelivery", delivery.id)
    never = ids.encode("WebhookDelivery", uuid4())
    for id in (saved["webhook"]["id"], ids.encode("Webhook", uuid4()), "nonsense"):
        assert (await ask(api, stranger, SAVE, url=PUBLIC, id=id))["__typename"] == "NotFound"
        assert (await ask(api, stranger, DELETE, id=id))["__typename"] == "NotFound"
        assert await ask(api, stranger, NODE, id=id) is None
    for id in (foreign, never, "nonsense"):
        assert (await ask(api, stranger, RESEND, id=id))["__typename"] == "NotFound"
        assert await ask(api, stranger, NODE, id=id) is None
    assert (await ask(api, stranger, WEBHOOKS))["webhooks"] == []
    await delivery.refresh_from_db()
    assert (delivery.attempts, delivery.next_at) == before
    # The same address is free in the other organization.
    assert (await ask(api, stranger, SAVE, url=PUBLIC))["__typename"] == "WebhookSaved"


async def test_deliveries_are_listed_newest_first_and_the_failed_by_themselves(
    api: Client, office: Office, receiver: Receiver, settings: Settings
) -> None:
    admin = await office.admin()
    receiver.secret = (await ask(api, admin, SAVE, url=PUBLIC))["secret"]
    await told(office, receiver, settings)
    (webhook,) = (await ask(api, admin, WEBHOOKS))["webhooks"]
    claimed, created = webhook["deliveries"]["nodes"]
    assert (created["event"]["action"], created["status"]) == ("CREATED", "DELIVERED")
    assert (created["responseStatus"], created["problem"], created["attempts"]) == (204, None, 1)
    assert created["endedAt"]
    assert created["nextAttemptAt"] is None
    assert (claimed["event"]["action"], claimed["status"]) == ("CLAIMED", "PENDING")
    assert (claimed["responseStatus"], claimed["problem"]) == (500, "it answered 500")
    assert claimed["endedAt"] is None
    assert claimed["nextAttemptAt"] > claimed["attemptedAt"]
    (failed,) = (await ask(api, admin, WEBHOOKS, failedOnly=True))["webhooks"]
    assert [node["id"] for node in failed["deliveries"]["nodes"]] == [claimed["id"]]
    (paged,) = (await ask(api, admin, WEBHOOKS, first=1))["webhooks"]
    assert paged["deliveries"]["nodes"] == [claimed]
    page = paged["deliveries"]["pageInfo"]
    assert page["hasNextPage"]
    (rest,) = (await ask(api, admin, WEBHOOKS, first=1, after=page["endCursor"]))["webhooks"]
    assert rest["deliveries"]["nodes"] == [created]


@pytest.mark.parametrize(
    ("language", "problem"), [("zh-CN", "应答为 500"), ("en", "it answered 500")]
)
async def test_a_problem_is_told_in_the_readers_language(
    api: Client,
    office: Office,
    receiver: Receiver,
    settings: Settings,
    language: str,
    problem: str,
) -> None:
    admin = await office.admin()
    receiver.secret = (await ask(api, admin, SAVE, url=PUBLIC))["secret"]
    await told(office, receiver, settings)
    answer = await said(api, admin, language, WEBHOOKS, failedOnly=True)
    (webhook,) = answer["data"]["organization"]["webhooks"]
    assert [node["problem"] for node in webhook["deliveries"]["nodes"]] == [problem]


async def test_a_delivery_is_sent_again_at_once(
    api: Client, office: Office, receiver: Receiver, settings: Settings
) -> None:
    admin = await office.admin()
    receiver.secret = (await ask(api, admin, SAVE, url=PUBLIC))["secret"]
    await told(office, receiver, settings)
    receiver.refuses = ""
    (webhook,) = (await ask(api, admin, WEBHOOKS))["webhooks"]
    for node in webhook["deliveries"]["nodes"]:
        again = await ask(api, admin, RESEND, id=node["id"])
        assert again["delivery"] == {"id": node["id"], "status": "PENDING"}
    async with posting(settings):
        await until(lambda: _all_delivered(2))
    assert receiver.actions == ["CREATED", "CLAIMED", "CREATED", "CLAIMED"] or (
        receiver.actions == ["CREATED", "CLAIMED", "CLAIMED", "CREATED"]
    )
    assert len(set(receiver.ids)) == 2


async def test_a_deleted_webhook_is_gone_with_its_deliveries(
    api: Client, office: Office, receiver: Receiver, settings: Settings
) -> None:
    admin = await office.admin()
    saved = await ask(api, admin, SAVE, url=PUBLIC)
    receiver.secret, id = saved["secret"], saved["webhook"]["id"]
    await told(office, receiver, settings)
    assert await ask(api, admin, DELETE, id=id) == {"__typename": "WebhookDeleted", "id": id}
    assert (await ask(api, admin, DELETE, id=id))["__typename"] == "NotFound"
    assert (await ask(api, admin, WEBHOOKS))["webhooks"] == []
    assert await WebhookDelivery.all().count() == 0
    (logged,) = await Event.filter(action="WEBHOOK_DELETED")
    assert logged.actor_id == admin.id


async def _all_delivered(count: int) -> bool:
    return await WebhookDelivery.filter(status="DELIVERED").count() == count
