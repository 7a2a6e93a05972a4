"""Every example of docs/try-it.md runs as it stands, against the demo."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect

from models import viewers
from models.demo.organizations import EAST, ORGANIZATIONS, SOUTH, id_of
from models.ownership import claims
from tests.docs.demo import in_shell, token
from tests.docs.pages import Page
from tests.support.running import Client

PAGE = Page("docs/try-it.md")
EXAMPLES = PAGE.examples
SUBSCRIBED = 'seapool_subscribers{subscription="releaseAlerts"} 1.0'


async def viewer_of(name: str) -> viewers.Viewer:
    found = await viewers.viewer(ORGANIZATIONS[0].id, id_of("member", f"{name}@demo.test"))
    assert found
    return found


async def test_the_page_shows_masked_customers_that_may_be_claimed(demo_api: Client) -> None:
    pools = (await demo_api.data(token(demo_api, "sales1"), EXAMPLES["pools"]))["pools"]
    assert [pool["name"] for pool in pools] == [EAST.name]
    found = pools[0]["customers"]
    assert 1 <= len(found["nodes"]) <= found["totalCount"]
    assert all("自动化" in node["name"] for node in found["nodes"])
    assert all(re.fullmatch(r"1\d\d\*{4}\d{4}", n["contact"]["phone"]) for n in found["nodes"])
    assert {node["contact"]["masked"] for node in found["nodes"]} == {True}


async def test_a_member_who_sees_both_pools_gets_both(demo_api: Client) -> None:
    pools = (await demo_api.data(token(demo_api, "sales3"), EXAMPLES["pools"]))["pools"]
    assert {pool["name"] for pool in pools} == {EAST.name, SOUTH.name}


async def test_the_claim_succeeds_and_its_repeat_gets_the_same_answer(demo_api: Client) -> None:
    first = (await demo_api.data(token(demo_api, "sales1"), EXAMPLES["claim"]))["claimCustomer"]
    assert first["__typename"] == "Claimed"
    assert first["customer"]["holding"]["release"]["reason"] == "NOT_FOLLOWED_UP"
    assert len(first["customer"]["holding"]["remindAt"]) == 2
    again = (await demo_api.data(token(demo_api, "sales1"), EXAMPLES["claim"]))["claimCustomer"]
    assert again == first
    colleague = (await demo_api.data(token(demo_api, "sales2"), EXAMPLES["claim"]))["claimCustomer"]
    assert colleague["__typename"] == "AlreadyHeld"


async def test_the_private_pool_begins_with_the_nearest_release(demo_api: Client) -> None:
    pool = (await demo_api.data(token(demo_api, "sales1"), EXAMPLES["privatePool"]))["viewer"][
        "privatePool"
    ]
    assert (pool["held"], pool["capacity"], pool["available"]) == (25, 30, 5)
    releases = [node["holding"]["release"] for node in pool["customers"]["nodes"]]
    assert len(releases) == 5
    assert releases == sorted(releases, key=lambda release: release["at"])
    assert all(release["conditions"][0]["at"] == release["at"] for release in releases)


async def test_the_new_rules_apply_at_once(demo_api: Client) -> None:
    manager = token(demo_api, "manager")
    pool = (await demo_api.data(manager, EXAMPLES["rules"]))["updatePoolRules"]["pool"]
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
    answer = await demo_api.data(token(demo_api, "sales1"), EXAMPLES["rules"])
    assert answer["updatePoolRules"].keys() == {"message"}


async def test_the_subscription_receives_an_assignment(demo_api: Client) -> None:
    async with connect(demo_api.ws_url, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        authorization = {"Authorization": f"Bearer {token(demo_api, 'sales1')}"}
        await send(socket, {"type": "connection_init", "payload": authorization})
        assert (await receive(socket))["type"] == "connection_ack"
        subscribe = {"id": "1", "type": "subscribe", "payload": {"query": EXAMPLES["alerts"]}}
        await send(socket, subscribe)
        await until_subscribed(demo_api)
        await assign_one("sales1")
        assert (await receive(socket))["payload"]["data"]["releaseAlerts"]["kind"] == "ASSIGNED"


async def test_the_subscribing_program_prints_an_assignment(
    demo_api: Client, tmp_path: Path
) -> None:
    (program,) = PAGE.blocks("python")
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


async def test_the_event_stream_has_an_assignment(demo_api: Client) -> None:
    (lines,) = [block for block in PAGE.blocks("sh") if "text/event-stream" in block]
    running = await asyncio.create_subprocess_exec(
        *("bash", "-c", f"exec {lines.replace('http://127.0.0.1:8000', demo_api.url)}"),
        env=os.environ | {"TOKEN": token(demo_api, "sales1")},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert running.stdout
        assert await asyncio.wait_for(running.stdout.readuntil(b"\n\n"), 20) == b":\n\n"
        await until_subscribed(demo_api)
        await assign_one("sales1")
        event = await asyncio.wait_for(running.stdout.readuntil(b"\n\n"), 20)
        assert event.startswith(b"event: next\ndata: ")
        assert b"ASSIGNED" in event
    finally:
        running.terminate()
        await running.wait()


async def test_the_shell_functions_ask_as_somebody(demo_api: Client) -> None:
    (lines,) = [block for block in PAGE.blocks("sh") if "ask()" in block]
    output = await in_shell(demo_api, lines)
    viewer = {"name": "王磊", "email": "sales1@demo.test", "role": "SALES"}
    assert json.loads(output) == {"data": {"viewer": viewer}}


def test_every_example_of_the_page_is_run_here() -> None:
    assert PAGE.not_run_by(__file__) == set()


async def until_subscribed(api: Client) -> None:
    async with asyncio.timeout(10):
        while SUBSCRIBED not in (await api.http.get(f"{api.url}/metrics")).text:
            await asyncio.sleep(0.02)


async def assign_one(name: str) -> None:
    """Assign the customer of the claim to a member of the demo."""
    found = re.search(r"Customer_(\w+)", EXAMPLES["claim"])
    assert found
    manager = await viewer_of("manager")
    await claims.assign(manager, UUID(found[1]), id_of("member", f"{name}@demo.test"))


async def send(socket: ClientConnection, message: dict[str, Any]) -> None:
    await socket.send(json.dumps(message))


async def receive(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 10))
    return message
