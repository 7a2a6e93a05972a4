"""The example of docs/webhooks.md runs as it stands: the mutation, and the receiver in Python."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest_asyncio

from models.ownership import claims
from models.webhooks import payloads
from settings import Settings
from tests.docs.pages import Page
from tests.support.running import Client, free_port
from tests.support.samples import found

PAGE = Page("docs/webhooks.md")
EXAMPLES = PAGE.examples
(RECEIVER,), (MESSAGE,) = PAGE.blocks("python"), PAGE.blocks("json")


@pytest_asyncio.fixture
async def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhooks_to_private_addresses": True})


@contextlib.asynccontextmanager
async def receiver(
    folder: Path, secret: str, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    script = folder / "receiver.py"
    script.write_text(RECEIVER, "utf-8")
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        str(script),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"WEBHOOK_SECRET": secret, "PORT": str(port), "PYTHONUTF8": "1"},
    )
    try:
        yield started
    finally:
        started.kill()
        await started.wait()


async def test_the_receiver_prints_an_event(
    api: Client, worker: asyncio.Task[None], tmp_path: Path
) -> None:
    office, port = await found(), free_port()
    pool, li = await office.pool(), await office.person()
    customer = await office.customer(pool)
    admin = (await office.admin()).member
    url = f"http://127.0.0.1:{port}/"
    saved = (await api.data(admin, EXAMPLES["MakeWebhook"], url=url))["saveWebhook"]
    async with receiver(tmp_path, saved["secret"], port) as process:
        (claimed,) = await claims.claim(li, [customer])
        assert process.stdout
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode().strip()
    name = claimed.customer.name  # type: ignore[union-attr]
    assert line == f"customer.claimed {name}"


def test_the_message_of_the_page_is_complete() -> None:
    shown = json.loads(MESSAGE)
    taken = {
        "event_id": uuid_of(shown["data"]["id"]),
        "action": "RELEASED",
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
    assert json.loads(payloads.body(taken)) == shown


def uuid_of(id: str) -> UUID:
    return UUID(id.partition("_")[2])
