"""API and worker as processes of their own, seen from outside while a customer comes and goes."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import pytest_asyncio

import engines as embedded
from models import database as databases
from settings import Settings
from tests.conftest import command, settings_of
from tests.support.asking import gid
from tests.support.receiver import Receiver, receiving
from tests.support.running import Person, Process, Processes, free_port
from tests.support.samples import Office, found, until

NAME = "seapool_monitored"
MANIFEST = {
    "claim": "mutation Claim($id: ID!) { claimCustomer(customerId: $id) { __typename } }",
    "mine": "query Mine { viewer { privatePool { held } } }",
    "hook": """mutation Hook($url: String!) {
      saveWebhook(url: $url) { ... on WebhookSaved { secret } } }""",
}
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADERS = {"traceparent": f"00-{TRACE}-{SPAN}-01"}


@dataclass(frozen=True)
class Service:
    """What ran, and who asked it."""

    settings: Settings
    api: Process
    worker: Process
    worker_url: str
    office: Office
    seller: str
    customer: str

    async def scraped(self) -> dict[str, str]:
        """What Prometheus would read from each job."""
        urls = {"api": f"{self.api.url}/metrics", "worker": f"{self.worker_url}/metrics"}
        async with httpx2.AsyncClient(trust_env=False) as http:
            return {job: (await http.get(url)).text for job, url in urls.items()}


@pytest_asyncio.fixture(scope="module")
async def service(
    engines: embedded.Engines, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    """A customer that was claimed, reminded and released, and told to a webhook."""
    folder = tmp_path_factory.mktemp("monitored")
    manifest, port = folder / "manifest.json", free_port()
    manifest.write_text(json.dumps(MANIFEST))
    await command(engines, f"CREATE DATABASE {NAME} TEMPLATE {template}")
    settings = settings_of(engines, NAME)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(command, engines, f"DROP DATABASE {NAME} WITH (FORCE)")
        processes = Processes(settings, folder, stack)
        private = {"SEAPOOL_WEBHOOKS_TO_PRIVATE_ADDRESSES": "true"}
        api = await processes.api(SEAPOOL_TRUSTED_DOCUMENTS=str(manifest), **private)
        worker = await processes.worker(SEAPOOL_METRICS_PORT=str(port), **private)
        receiver = await stack.enter_async_context(receiving())
        await stack.enter_async_context(databases.connected(settings))
        service = await _story(settings, api, worker, f"http://{settings.host}:{port}", receiver)
        yield service


async def asked(api: Process, who: Person, name: str, **variables: Any) -> dict[str, Any]:
    """The data of an operation of the manifest, as part of the client's trace."""
    headers = HEADERS | {"Authorization": f"Bearer {api.client.token(who)}"}
    body = {"documentId": name, "variables": variables}
    answer = await api.client.http.post(api.client.graphql_url, json=body, headers=headers)
    data: dict[str, Any] = answer.json()["data"]
    return data


async def _story(
    settings: Settings, api: Process, worker: Process, worker_url: str, receiver: Receiver
) -> Service:
    office = await found()
    pool = await office.pool(max_hold="PT2S", reminders=["PT1S"])
    li, id = await office.person(), await office.customer(pool)
    admin = (await office.admin()).member
    saved = await asked(api, admin, "hook", url=receiver.url)
    receiver.secret = saved["saveWebhook"]["secret"]
    await asked(api, li.member, "mine")
    claimed = await asked(api, li.member, "claim", id=gid("Customer", id))
    assert claimed["claimCustomer"]["__typename"] == "Claimed"

    async def told() -> bool:
        return "RELEASED" in receiver.actions

    await until(told)
    return Service(settings, api, worker, worker_url, office, str(li.id), str(id))
