"""Operations answered with server-sent events, over raw HTTP; graphql-sse's client has its own."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from commands.tokens import sign
from models.organizations import leaving
from models.ownership import claims
from models.tables import Event
from models.viewers import Viewer
from schema.connections import limits
from schema.connections.chunks import chunk
from schema.execution.bodies.answer_type import EVENTS
from schema.execution.streams import event_stream
from settings import Settings
from tests.schema.fanout.test_audiences import SHARED, are_idle, executed
from tests.support.asking import CLAIM, customer_gid, gid
from tests.support.event_streams import Events, streaming, subscribed
from tests.support.raw import raw
from tests.support.running import Client, api_in_process, client_of
from tests.support.samples import Office, until
from tests.support.sockets import ALERTS, CHANGES, Following, following, let_in

__all__ = ["executed"]

VIEWER = "{ viewer { name } }"


@pytest_asyncio.fixture
async def small(settings: Settings, database: None) -> AsyncIterator[Client]:
    limited = {"connections_per_member": 2, "subscriptions_per_member": 1}
    async with api_in_process(settings.model_copy(update=limited)) as client:
        yield client


async def test_a_query_and_a_mutation_are_one_event_and_complete(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person("李雷")
    async with streaming(api, li.member, VIEWER) as events:
        assert events.answer.headers["content-type"].startswith(EVENTS)
        assert await events.event() == ("next", {"data": {"viewer": {"name": "李雷"}}})
        assert (await events.event(), await events.event()) == (("complete", None), ("end", None))
    customer = customer_gid(await office.customer(pool))
    async with streaming(api, li.member, CLAIM, customer=customer) as events:
        assert (await events.next())["__typename"] == "Claimed"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "BAD_REQUEST"),
        ("{ nothingOfTheKind }", "BAD_REQUEST"),
        ("subscription { nothingOfTheKind }", "BAD_REQUEST"),
        ('subscription { poolChanges(poolId: "Pool_x") { kind } }', "NotFound"),
        ('subscription { releaseAlerts(after: "") { kind } }', "InvalidInput"),
    ],
)
async def test_what_is_refused_is_told_in_the_stream(
    api: Client, office: Office, document: str, code: str
) -> None:
    async with streaming(api, (await office.person()).member, document) as events:
        assert events.answer.status_code == 200
        if document.startswith("subscription"):
            assert await events.text() == ":"
        assert await events.refused() == code


async def test_whoever_shows_no_token_gets_no_stream(api: Client) -> None:
    async with streaming(api, "nonsense", "subscription { releaseAlerts { kind } }") as events:
        assert events.answer.status_code == 401
        assert json.loads(await events.answer.aread())["errors"]


async def test_a_client_that_takes_json_too_gets_events_for_subscriptions_alone(
    api: Client, office: Office
) -> None:
    token = api.token((await office.person()).member)
    accepted = "application/graphql-response+json, application/json, text/event-stream"
    headers = {"Authorization": f"Bearer {token}", "Accept": accepted}
    for document, named in ((VIEWER, "application/graphql-response+json"), (CHANGES, EVENTS)):
        body = {"query": document, "variables": {"pool": "Pool_x"}}
        answer = await api.http.post(api.graphql_url, json=body, headers=headers)
        assert answer.headers["content-type"].partition(";")[0] == named


async def test_a_subscription_goes_on_behind_its_cursor(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    ids = await office.customers(pool, 3)
    async with subscribed(api, li.member) as events:
        await claims.assign(await office.admin(), ids[0], li.id)
        first = await events.next()
    for id in ids[1:]:
        await claims.assign(await office.admin(), id, li.id)
    async with subscribed(api, li.member, after=first["cursor"]) as events:
        told = [first, await events.next(), await events.next()]
    assert [each["customer"]["id"] for each in told] == [customer_gid(id) for id in ids]


async def test_one_execution_is_encoded_once_for_websockets_and_once_for_event_streams(
    api: Client, office: Office, executed: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, han = await office.pool(), await office.person()
    people = [await office.person() for _ in range(3)]
    where, made = {"pool": gid("Pool", pool.id)}, []

    def counted(body: bytes) -> bytes:
        made.append(body)
        return chunk(body)

    monkeypatch.setattr("schema.fanout.outlet.chunk", counted)
    async with contextlib.AsyncExitStack() as stack:
        socket = await stack.enter_async_context(following(api, people[0].member, SHARED, **where))
        streams = [
            await stack.enter_async_context(subscribed(api, each.member, SHARED, **where))
            for each in people[1:]
        ]
        await until(lambda: are_idle(pool, 3))
        customer = await office.customer(pool)
        watchers: list[Following | Events] = [socket, *streams]
        told = [await each.next() for each in watchers]
        await until(lambda: are_idle(pool, 3))
        await claims.claim(han, [customer])
        told += [await each.next() for each in watchers]
    assert [each["kind"] for each in told] == ["OPENED"] * 3 + ["CLAIMED"] * 3
    assert told == told[:1] * 3 + told[3:4] * 3
    assert len(executed) == len(made) == 2


async def test_a_stream_on_which_nothing_happens_has_comments(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "ALIVE_SECONDS", 0.02)
    async with subscribed(api, (await office.person()).member) as events:
        assert [await events.text() for _ in range(3)] == [":"] * 3


async def test_a_stream_ends_within_five_seconds_of_its_members_leaving(
    api: Client, office: Office
) -> None:
    pool, li, stays = await office.pool(), await office.person(), await office.person()
    async with subscribed(api, li.member) as events, subscribed(api, stays.member) as other:
        await leaving.deactivate(await office.admin(), li.id)
        async with asyncio.timeout(5):
            assert await events.refused() == "UNAUTHENTICATED"
        await claims.assign(await office.admin(), await office.customer(pool), stays.id)
        assert (await other.next())["kind"] == "ASSIGNED"


async def test_a_stream_ends_within_five_seconds_of_its_tokens_end(
    api: Client, office: Office
) -> None:
    li = await office.person()
    token = sign(api.settings, li.id, office.id, days=2.5 / 86_400)
    ends = int(time.time()) + 2
    async with subscribed(api, token) as events:
        async with asyncio.timeout(12):
            assert await events.refused() == "UNAUTHENTICATED"
        assert ends <= time.time() < ends + 5


async def test_a_member_has_a_limited_number_of_streams_and_sockets(
    small: Client, office: Office
) -> None:
    li = await office.person()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(let_in(small, li.member))
        first = await stack.enter_async_context(subscribed(small, li.member))
        async with streaming(small, li.member, ALERTS) as events:
            assert events.answer.status_code == 429
            (error,) = json.loads(await events.answer.aread())["errors"]
            assert error["extensions"]["code"] == "TOO_MANY_CONNECTIONS"
        # A query takes no place.
        async with streaming(small, li.member, VIEWER) as events:
            assert (await events.next())["name"]
        await first.answer.aclose()
        await until(lambda: may_subscribe(small, li))


async def may_subscribe(client: Client, who: Viewer) -> bool:
    async with streaming(client, who.member, ALERTS) as events:
        return events.answer.status_code == 200


async def test_subscriptions_of_a_member_count_whatever_they_come_by(
    small: Client, office: Office
) -> None:
    li = await office.person()
    async with following(small, li.member) as socket:
        await socket.connection.ping()
        async with subscribed(small, li.member) as events:
            assert await events.refused() == "TOO_MANY_SUBSCRIPTIONS"


async def test_a_server_that_ends_ends_its_streams_so_that_clients_go_on_elsewhere(
    settings: Settings, database: None, office: Office
) -> None:
    li = await office.person()
    async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as server:
        ending = await server.enter_async_context(api_in_process(settings))
        outside = await stack.enter_async_context(client_of(ending.url, settings))
        async with subscribed(outside, li.member) as events:
            closing = asyncio.create_task(server.aclose())
            # No `complete`: that would mean that nothing more comes.
            assert await events.event() == ("end", None)
        async with asyncio.timeout(5):
            await closing


async def test_who_does_not_read_is_cut_off(
    small: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(limits, "SWEEP_SECONDS", 0.05)
    pool, li = await office.pool(), await office.person()
    names = " ".join(f"a{n}: name b{n}: id" for n in range(95))
    document = (
        f"subscription ($pool: ID!) {{ poolChanges(poolId: $pool) {{ customer {{ {names} }} }} }}"
    )
    body = json.dumps({"query": document, "variables": {"pool": gid("Pool", pool.id)}}).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Accept: {EVENTS}\r\nAuthorization: Bearer {small.token(li.member)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    async with raw(small, receive_buffer=4096) as deaf:
        await deaf.send(head.encode(), body)
        assert b"200 OK" in await deaf.reader.readuntil(b"\r\n\r\n")
        await office.customers(pool, 800)
        # The only subscription that a member of this API may have is free again.
        await until(lambda: may_be_told(small, li))
        assert not (await deaf.end()).endswith(b"0\r\n\r\n")


async def may_be_told(client: Client, who: Viewer) -> bool:
    async with subscribed(client, who.member) as events:
        with contextlib.suppress(TimeoutError):
            return "errors" not in ((await events.event(0.2))[1] or {})
    return True
