"""The examples of docs/webhooks.md run as they stand: the mutation, and both receivers."""

import asyncio
import contextlib
import json
import os
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest_asyncio
from standardwebhooks import Webhook

from commands.console.node import home
from models import database
from models.ownership import claims
from models.webhooks import payloads
from settings import Settings
from tests.docs.pages import Page
from tests.support.running import Client, free_port
from tests.support.samples import found

PAGE = Page("docs/webhooks.md")
EXAMPLES = PAGE.examples
(IN_PYTHON,), (IN_NODE,) = PAGE.blocks("python"), PAGE.blocks("js")
(MESSAGE,) = PAGE.blocks("json")
SHOWN = "customer.released 深圳市某某科技有限公司"
RECEIVERS = {"receiver.py": IN_PYTHON, "receiver.mjs": IN_NODE}


@pytest_asyncio.fixture
async def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhooks_to_private_addresses": True})


@contextlib.asynccontextmanager
async def receiver(
    script: Path, secret: str, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    script.write_text(RECEIVERS[script.name], "utf-8")
    program = sys.executable if script.suffix == ".py" else home() / "bin" / "node"
    started = await asyncio.create_subprocess_exec(
        program,
        script,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"WEBHOOK_SECRET": secret, "PORT": str(port), "PYTHONUTF8": "1"},
    )
    try:
        yield started
    finally:
        started.kill()
        await started.wait()


async def test_both_receivers_print_an_event_and_refuse_a_forged_one(
    api: Client, worker: asyncio.Task[None], tmp_path: Path
) -> None:
    office = await found()
    pool, li = await office.pool(), await office.person()
    customer = await office.customer(pool)
    admin = (await office.admin()).member
    async with contextlib.AsyncExitStack() as open_until_end:
        running, ids = {}, {}
        for name in RECEIVERS:
            port = free_port()
            url = f"http://127.0.0.1:{port}/"
            saved = (await api.data(admin, EXAMPLES["MakeWebhook"], url=url))["saveWebhook"]
            ids[url] = saved["webhook"]["id"]
            started = receiver(tmp_path / name, saved["secret"], port)
            running[url] = await open_until_end.enter_async_context(started), saved["secret"]
        (claimed,) = await claims.claim(li, [customer])
        for url, (process, secret) in running.items():
            assert process.stdout
            async with asyncio.timeout(30):
                line = (await process.stdout.readline()).decode().strip()
            assert line == f"customer.claimed {claimed.customer.name}"  # type: ignore[union-attr]
            assert await answers(url, secret) == [204, 401, 401, 401, 401]
            await database.rows("UPDATE organization SET pinged_at = NULL WHERE id = $1", office.id)
            pinged = (await api.data(admin, EXAMPLES["PingWebhook"], id=ids[url]))["pingWebhook"]
            assert (pinged["responseStatus"], pinged["problem"]) == (204, None)
            lines = [(await process.stdout.readline()).decode() for _ in range(2)]
            assert lines == [f"{SHOWN}\n", "ping\n"]


async def answers(url: str, secret: str) -> list[int]:
    """To a good message, a changed body, another secret, an old message, and none signed."""
    now, body = datetime.now(UTC), MESSAGE.encode()
    good = signed(secret, now)
    given = [
        (body, good),
        (body.replace(b"RELEASED", b"CLAIMED"), good),
        (body, signed(f"whsec_{b64encode(bytes(32)).decode()}", now)),
        (body, signed(secret, now - timedelta(minutes=6))),
        (body, {}),
    ]
    async with httpx2.AsyncClient() as client:
        sent = [await client.post(url, content=each, headers=headers) for each, headers in given]
    return [each.status_code for each in sent]


def signed(secret: str, at: datetime) -> dict[str, str]:
    return {
        "webhook-id": "Event_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("Event_1", at, MESSAGE),
    }


def test_the_message_of_the_page_is_complete() -> None:
    shown = json.loads(MESSAGE)
    taken = {
        "event_id": uuid_of(shown["data"]["id"]),
        "action": "RELEASED",
        "attempted_at": datetime.now(UTC),
        "at": datetime.fromisoformat(shown["timestamp"]),
        "reason": "NOT_FOLLOWED_UP",
        "customer_id": uuid_of(shown["data"]["customer"]["id"]),
        "customer_name": shown["data"]["customer"]["name"],
        "actor_id": None,
        "actor_name": None,
        "member_id": uuid_of(shown["data"]["member"]["id"]),
        "member_name": "李雷",
        "count": None,
    }
    assert json.loads(payloads.of_event(taken).body) == shown


def uuid_of(id: str) -> UUID:
    return UUID(id.partition("_")[2])
