"""Pings of webhooks through HTTP: real receivers, in every state, and who may ping how often."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from models import database
from models.tables import WebhookDelivery
from models.webhooks import pinging, webhooks
from schema.base import ids
from settings import Settings
from tests.support.asking import said
from tests.support.receiver import Receiver, receiving
from tests.support.running import Client, api_in_process
from tests.support.samples import Office, found

PING = """mutation ($id: ID!) {
  pingWebhook(webhookId: $id) {
    __typename
    ... on WebhookPinged { webhook { id } responseStatus milliseconds problem }
    ... on TooManyPings { resetsAt }
    ... on Refusal { message }
  }
}"""


@pytest_asyncio.fixture
async def open_api(settings: Settings, database: None) -> AsyncIterator[Client]:
    """Where webhooks may lead to this machine."""
    opened = settings.model_copy(update={"webhooks_to_private_addresses": True})
    async with api_in_process(opened) as client:
        yield client


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def hook(office: Office, receiver: Receiver, url: str = "") -> str:
    """The id of a webhook that leads to the receiver, which learns its secret."""
    url = url or receiver.url
    saved, secret = await webhooks.save(await office.admin(), None, url, None, private=True)
    receiver.secret = str(secret)
    return ids.encode("Webhook", saved.id)


async def ping(api: Client, office: Office, id: str, language: str = "en") -> dict[str, Any]:
    answer = await said(api, await office.admin(), language, PING, id=id)
    pinged: dict[str, Any] = answer["data"]["pingWebhook"]
    return pinged


async def test_a_ping_is_signed_and_says_nothing_of_a_customer(
    open_api: Client, office: Office, receiver: Receiver
) -> None:
    id = await hook(office, receiver)
    await office.customer(await office.pool())
    answer = await ping(open_api, office, id)
    assert 0 <= answer.pop("milliseconds") < 5000
    assert answer == {
        "__typename": "WebhookPinged",
        "webhook": {"id": id},
        "responseStatus": 204,
        "problem": None,
    }
    # The receiver verified the signature: it keeps nothing that has another.
    (message,), (sent,) = receiver.messages, receiver.ids
    assert re.fullmatch("Ping_[0-9a-f]{32}", sent)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", message.pop("timestamp"))
    assert message == {"type": "ping", "data": {"id": sent, "webhook": {"id": id}}}
    assert await WebhookDelivery.all().count() == 0


@pytest.mark.parametrize(
    ("status", "language", "problem"),
    [
        (500, "en", "it answered 500"),
        (500, "zh-CN", "应答为 500"),
        (404, "en", "it answered 404"),
        (307, "en", "it answered 307: redirects are not followed"),
    ],
)
async def test_what_went_wrong_is_told_and_nothing_of_the_answers_body(
    open_api: Client,
    office: Office,
    receiver: Receiver,
    status: int,
    language: str,
    problem: str,
) -> None:
    async with receiving() as elsewhere:
        receiver.status, receiver.words = status, "inner secret"
        receiver.headers = {"Location": elsewhere.url, "X-Inner": "inner secret"}
        answer = await ping(open_api, office, await hook(office, receiver), language)
        assert (answer["responseStatus"], answer["problem"]) == (status, problem)
        assert "inner" not in str(answer)
        assert elsewhere.paths == []


async def test_an_address_that_does_not_answer_in_time_is_given_up(
    open_api: Client, office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinging, "SECONDS", 0.5)
    receiver.delay = 30
    answer = await ping(open_api, office, await hook(office, receiver))
    assert answer["responseStatus"] is None
    assert answer["problem"] == "there was no answer within 0.5 s"
    assert answer["milliseconds"] >= 500


async def test_an_address_where_nobody_listens_is_told(
    open_api: Client, office: Office, receiver: Receiver
) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}/"
        answer = await ping(open_api, office, await hook(office, receiver, url))
    assert answer["responseStatus"] is None
    assert answer["problem"].startswith("it can't be reached: ")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://127.0.0.1:{port}/", "its address is not a public one"),
        ("https://localhost:{port}/", "its address is not a public one"),
        ("http://127.0.0.1:{port}/", "the address does not begin with https://"),
        ("https://1.1.1.1:5432/", "the address does not use port 443 or 8443"),
    ],
)
async def test_what_deliveries_may_not_reach_no_ping_reaches(
    api: Client, office: Office, receiver: Receiver, url: str, problem: str
) -> None:
    """Saved by an earlier version, or while private addresses were allowed; or a changed name."""
    id = await hook(office, receiver, url.format(port=receiver.port))
    answer = await ping(api, office, id)
    assert (answer["responseStatus"], answer["problem"]) == (None, problem)
    assert receiver.paths == []


@pytest.mark.parametrize(
    ("status", "listens", "outcome"),
    [(204, True, "done"), (500, True, "failed"), (307, True, "failed"), (204, False, "unanswered")],
)
async def test_a_ping_is_counted_by_its_outcome(
    open_api: Client,
    office: Office,
    receiver: Receiver,
    status: int,
    listens: bool,
    outcome: str,
) -> None:
    receiver.status = status
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unheard.getsockname()[1]}/"
        id = await hook(office, receiver, "" if listens else nowhere)
        before = counted()
        await ping(open_api, office, id)
        assert (await ping(open_api, office, id))["__typename"] == "TooManyPings"
    assert counted() == before | {outcome: before[outcome] + 1}


def counted() -> dict[str, float]:
    outcomes = ("done", "failed", "unanswered")
    name = "seapool_webhook_pings_total"
    return {each: REGISTRY.get_sample_value(name, {"outcome": each}) or 0 for each in outcomes}


async def test_an_organizations_pings_are_apart_whatever_their_addresses(
    open_api: Client, office: Office, receiver: Receiver
) -> None:
    first = await hook(office, receiver)
    other = await hook(office, receiver, receiver.url + "/2")
    same = "UPDATE webhook SET secret = $2 WHERE organization_id = $1"
    await database.rows(same, office.id, receiver.secret)
    asked = [ping(open_api, office, id) for id in (first, other, first, other)]
    answers = await asyncio.gather(*asked)
    kinds = sorted(answer["__typename"] for answer in answers)
    assert kinds == ["TooManyPings"] * 3 + ["WebhookPinged"]
    (refused, *_) = (each for each in answers if each["__typename"] == "TooManyPings")
    assert "resetsAt" in refused
    assert len(receiver.messages) == 1
    ago = "UPDATE organization SET pinged_at = now() - interval '10 seconds' WHERE id = $1"
    await database.rows(ago, office.id)
    assert (await ping(open_api, office, other))["__typename"] == "WebhookPinged"


async def test_another_organizations_pings_do_not_count(
    open_api: Client, office: Office, receiver: Receiver
) -> None:
    stranger = await found("别家")
    theirs = await hook(stranger, receiver)
    assert (await ping(open_api, stranger, theirs))["responseStatus"] == 204
    assert (await ping(open_api, office, theirs))["__typename"] == "NotFound"
    assert (await ping(open_api, office, "nonsense"))["__typename"] == "NotFound"
    ours = await hook(office, receiver)
    assert (await ping(open_api, office, ours))["responseStatus"] == 204


@pytest.mark.parametrize("role", ["SALES", "MANAGER"])
async def test_only_admins_ping(
    open_api: Client, office: Office, receiver: Receiver, role: str
) -> None:
    id, other = await hook(office, receiver), await office.person(role=role)
    answer = await open_api.data(other.member, PING, id=id)
    assert answer["pingWebhook"]["__typename"] == "Forbidden"
    assert receiver.paths == []
