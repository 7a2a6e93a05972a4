"""Every example of README runs, as it stands, against the demo."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect

from engines.supervisor import environment_of
from manage import sign
from models import demo, viewers
from models.demo.organizations import EAST, ORGANIZATIONS, SOUTH, id_of
from models.ledger import replay
from models.ownership import claims
from settings import PREFIX, Settings
from tests.support.running import ROOT, Client, clean_environment

README = (ROOT / "README.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
SUBSCRIBED = 'seapool_subscribers{subscription="releaseAlerts"} 1.0'


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


PAGE, CLAIM, PRIVATE_POOL, RULES, SUBSCRIPTION = blocks("graphql")


@pytest_asyncio.fixture
async def demo_api(api: Client) -> AsyncIterator[Client]:
    assert await demo.seed()
    yield api
    assert await replay.differences() == []


def token(api: Client, name: str) -> str:
    member = id_of("member", f"{name}@demo.test")
    return sign(api.settings, member, ORGANIZATIONS[0].id)


async def viewer_of(name: str) -> viewers.Viewer:
    found = await viewers.viewer(ORGANIZATIONS[0].id, id_of("member", f"{name}@demo.test"))
    assert found
    return found


async def test_the_page_shows_masked_customers_that_may_be_claimed(demo_api: Client) -> None:
    pools = (await demo_api.data(token(demo_api, "sales1"), PAGE))["pools"]
    assert [pool["name"] for pool in pools] == [EAST.name]
    found = pools[0]["customers"]
    assert 1 <= len(found["nodes"]) <= found["totalCount"]
    assert all("自动化" in node["name"] for node in found["nodes"])
    assert all(re.fullmatch(r"1\d\d\*{4}\d{4}", n["contact"]["phone"]) for n in found["nodes"])
    assert {node["contact"]["masked"] for node in found["nodes"]} == {True}


async def test_the_page_of_whoever_sees_both_pools_has_both(demo_api: Client) -> None:
    pools = (await demo_api.data(token(demo_api, "sales3"), PAGE))["pools"]
    assert {pool["name"] for pool in pools} == {EAST.name, SOUTH.name}


async def test_the_claim_succeeds_and_asked_again_gives_the_same_answer(demo_api: Client) -> None:
    first = (await demo_api.data(token(demo_api, "sales1"), CLAIM))["claimCustomer"]
    assert first["__typename"] == "Claimed"
    assert first["customer"]["holding"]["release"]["reason"] == "NOT_FOLLOWED_UP"
    assert len(first["customer"]["holding"]["remindAt"]) == 2
    again = (await demo_api.data(token(demo_api, "sales1"), CLAIM))["claimCustomer"]
    assert again == first
    colleague = (await demo_api.data(token(demo_api, "sales2"), CLAIM))["claimCustomer"]
    assert colleague["__typename"] == "AlreadyHeld"


async def test_the_private_pool_begins_with_the_nearest_release(demo_api: Client) -> None:
    pool = (await demo_api.data(token(demo_api, "sales1"), PRIVATE_POOL))["viewer"]["privatePool"]
    assert (pool["held"], pool["capacity"], pool["available"]) == (25, 30, 5)
    releases = [node["holding"]["release"] for node in pool["customers"]["nodes"]]
    assert len(releases) == 5
    assert releases == sorted(releases, key=lambda release: release["at"])
    assert all(release["conditions"][0]["at"] == release["at"] for release in releases)


async def test_the_rules_are_in_force_at_once(demo_api: Client) -> None:
    manager = token(demo_api, "manager")
    pool = (await demo_api.data(manager, RULES))["updatePoolRules"]["pool"]
    assert pool == {
        "name": EAST.name,
        "rulesVersion": 2,
        "rules": {
            "capacity": 40,
            "followUpWithin": "P5D",
            "maxHold": "P30D",
            "reminders": ["P3D", "PT12H"],
        },
    }


async def test_a_salesperson_may_not_change_the_rules(demo_api: Client) -> None:
    answer = await demo_api.data(token(demo_api, "sales1"), RULES)
    assert answer["updatePoolRules"].keys() == {"message"}


async def test_the_subscription_tells_of_an_assignment(demo_api: Client) -> None:
    async with connect(demo_api.ws_url, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        authorization = {"Authorization": f"Bearer {token(demo_api, 'sales1')}"}
        await send(socket, {"type": "connection_init", "payload": authorization})
        assert (await receive(socket))["type"] == "connection_ack"
        subscribe = {"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}}
        await send(socket, subscribe)
        await until_subscribed(demo_api)
        await assign_one("sales1")
        alert = (await receive(socket))["payload"]["data"]["releaseAlerts"]
    assert alert["kind"] == "ASSIGNED"


async def test_the_subscribing_program_prints_what_comes(demo_api: Client, tmp_path: Path) -> None:
    (program,) = blocks("python")
    file = tmp_path / "watch.py"
    file.write_text(program.replace("ws://127.0.0.1:8000/graphql", demo_api.ws_url), "utf-8")
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", str(file)),
        env=os.environ | {"TOKEN": token(demo_api, "sales1"), "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert running.stdout
        assert b"connection_ack" in await asyncio.wait_for(running.stdout.readline(), 20)
        await until_subscribed(demo_api)
        await assign_one("sales1")
        assert b"ASSIGNED" in await asyncio.wait_for(running.stdout.readline(), 20)
    finally:
        running.terminate()
        await running.wait()


async def test_the_shell_functions_ask_as_somebody(demo_api: Client) -> None:
    (lines,) = [block for block in blocks("sh") if "ask()" in block]
    script = lines.replace(ADDRESS, demo_api.url).replace(".venv/bin/python", sys.executable)
    environment = clean_environment() | environment_of(demo_api.settings)
    running = await asyncio.create_subprocess_exec(
        *("bash", "-euc", script),
        cwd=ROOT,
        env=environment | {"no_proxy": "*"},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(running.communicate(), 40)
    viewer = {"name": "王磊", "email": "sales1@demo.test", "role": "SALES"}
    assert json.loads(output) == {"data": {"viewer": viewer}}


def test_the_settings_table_names_exactly_the_settings() -> None:
    named = re.findall(rf"^\| `{PREFIX}(\w+)` \|", README, re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_settings_table_tells_each_default() -> None:
    told = re.findall(rf"^\| `{PREFIX}(\w+)` \| `(.*?)` \|", README, re.MULTILINE)
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert dict(told) == {
        name: str(default).lower() if isinstance(default, bool) else str(default)
        for name, default in defaults.items()
        if default not in (None, ())
    }


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) >= 3
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_room_is_named() -> None:
    named = set(re.findall(r"`(\w+(?:\.py|/))`", README))
    files = {path.name for path in ROOT.glob("*.py")}
    folders = {path.parent.name + "/" for path in ROOT.glob("[a-z]*/*.py")}
    assert files | folders - {"data/", "build/"} <= named


def test_every_target_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^make (\w+)", README, re.MULTILINE))
    assert targets >= {"up", "test", "check", "bench"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


async def until_subscribed(api: Client) -> None:
    async with asyncio.timeout(10):
        while SUBSCRIBED not in (await api.http.get(f"{api.url}/metrics")).text:
            await asyncio.sleep(0.02)


async def assign_one(name: str) -> None:
    """The customer that README claims."""
    found = re.search(r"Customer_(\w+)", CLAIM)
    assert found
    manager = await viewer_of("manager")
    await claims.assign(manager, UUID(found[1]), id_of("member", f"{name}@demo.test"))


async def send(socket: ClientConnection, message: dict[str, Any]) -> None:
    await socket.send(json.dumps(message))


async def receive(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 10))
    return message
