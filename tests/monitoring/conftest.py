"""API and worker as processes of their own, seen from outside while a customer comes and goes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import redis
from prometheus_client.parser import text_string_to_metric_families as families

import engines as embedded
from models import database as databases
from models.tables import Member
from settings import Settings
from tests.conftest import command, settings_of
from tests.support.asking import gid
from tests.support.collector import Collector, collecting
from tests.support.kept import Kept
from tests.support.receiver import Receiver, receiving
from tests.support.running import Person, Process, Processes, free_port
from tests.support.samples import Office, found, until

NAME = "seapool_monitored"
MANIFEST = {
    "claim": "mutation Claim($id: ID!) { claimCustomer(customerId: $id) { __typename } }",
    "mine": "query Mine { viewer { privatePool { held } } }",
    "alerts": "subscription Alerts { releaseAlerts { cursor } }",
    "call": """mutation Call($id: ID!) {
      logFollowUp(customerId: $id, kind: CALL, note: "谈了报价") { __typename } }""",
    "register": """mutation Register($pool: ID!) {
      registerCustomer(poolId: $pool, customer: {name: "新客户"}) {
        ... on Claimed { customer { id } } } }""",
    "pass": """mutation Pass($id: ID!, $to: ID!) {
      transferCustomer(customerId: $id, memberId: $to) { __typename } }""",
    "back": """mutation Back($id: ID!) {
      releaseCustomer(customerId: $id, reason: "没有预算") { __typename } }""",
    "hook": """mutation Hook($url: String!) {
      saveWebhook(url: $url) { ... on WebhookSaved { secret } } }""",
}
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADERS = {"traceparent": f"00-{TRACE}-{SPAN}-01"}


Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass(frozen=True)
class Service:
    """What ran, and who asked it."""

    settings: Settings
    # Of PostgreSQL, with psql.
    programs: Path
    api: Process
    worker: Process
    worker_url: str
    collector: Collector
    seller: Member
    customer: str
    # What Prometheus reads from each job, by metric and labels.
    scraped: dict[str, Samples]


@pytest_asyncio.fixture(scope="module")
async def service(
    engines: embedded.Engines,
    template: str,
    kept_connection: Kept,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Service]:
    """A customer that was claimed, reminded and released, and told to a webhook."""
    folder = tmp_path_factory.mktemp("monitored")
    manifest, port = folder / "manifest.json", free_port()
    manifest.write_text(json.dumps(MANIFEST))
    with redis.Redis.from_url(engines.redis_url) as valkey:
        valkey.flushall()
    await command(engines, f"CREATE DATABASE {NAME} TEMPLATE {template}")
    settings = settings_of(engines, NAME)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(command, engines, f"DROP DATABASE {NAME} WITH (FORCE)")
        processes = Processes(settings, folder, stack)
        collector = await stack.enter_async_context(collecting())
        both = {
            "SEAPOOL_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }
        api = await processes.api(SEAPOOL_TRUSTED_DOCUMENTS=str(manifest), **both)
        worker = await processes.worker(SEAPOOL_METRICS_PORT=str(port), **both)
        receiver = await stack.enter_async_context(receiving())
        await kept_connection.close()
        async with databases.connected(settings):
            seller, customer = await _story(await found(), api, receiver)
        url = f"http://{settings.host}:{port}"
        yield Service(
            settings,
            engines.postgres.bin,
            api,
            worker,
            url,
            collector,
            seller,
            customer,
            {"api": await _scraped(api.url), "worker": await _scraped(url)},
        )


async def _scraped(url: str) -> Samples:
    """After its second look: the worker that writes the first heartbeat looks before it."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        while "_heartbeat_age_seconds +Inf" in (text := (await http.get(f"{url}/metrics")).text):
            await asyncio.sleep(0.1)
    return {
        (each.name, frozenset(each.labels.items())): each.value
        for family in families(text)
        for each in family.samples
    }


async def asked(api: Process, who: Person, name: str, **variables: Any) -> dict[str, Any]:
    """The data of an operation of the manifest, as part of the client's trace."""
    headers = HEADERS | {"Authorization": f"Bearer {api.client.token(who)}"}
    body = {"documentId": name, "variables": variables}
    answer = await api.client.http.post(api.client.graphql_url, json=body, headers=headers)
    data: dict[str, Any] = answer.json()["data"]
    return data


async def _story(office: Office, api: Process, receiver: Receiver) -> tuple[Member, str]:
    """Return who claimed a customer, and the customer's id."""
    pool = await office.pool(max_hold="PT2S", reminders=["PT1S"])
    li, id = await office.person(), await office.customer(pool)
    admin = (await office.admin()).member
    saved = await asked(api, admin, "hook", url=receiver.url)
    receiver.secret = saved["saveWebhook"]["secret"]
    await asked(api, li.member, "mine")
    claimed = await asked(api, li.member, "claim", id=gid("Customer", id))
    assert claimed["claimCustomer"]["__typename"] == "Claimed"

    await _others(office, api, li.member)

    async def told() -> bool:
        return receiver.actions.count("RELEASED") == 2

    await until(told)
    return li.member, str(id)


async def _others(office: Office, api: Process, li: Member) -> None:
    """What else is told: a registration, a follow-up, a transfer and a release by hand."""
    pool, (han, admin) = await office.pool(), (await office.person(), await office.admin())
    answer = await asked(api, li, "register", pool=gid("Pool", pool.id))
    id = answer["registerCustomer"]["customer"]["id"]
    await asked(api, li, "call", id=id)
    await asked(api, admin.member, "pass", id=id, to=gid("Member", han.id))
    await asked(api, han.member, "back", id=id)
