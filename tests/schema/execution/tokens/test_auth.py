"""Who is let in, by which token, and what everybody else hears."""

import asyncio
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from commands.tokens import sign
from models.organizations import leaving, returning
from models.ownership import claims
from models.viewers import Viewer
from settings import Settings
from tests.support.key_server import KeyServer, published
from tests.support.running import Client, api_in_process
from tests.support.samples import Office
from tests.support.sockets import following

WHO = "{ viewer { email } }"
REFUSAL = {
    "errors": [
        {
            "message": "Show a valid token of an active member: Authorization: Bearer …",
            "extensions": {"code": "UNAUTHENTICATED"},
        }
    ]
}


def claims_of(who: Viewer, **changed: Any) -> dict[str, Any]:
    claims = {
        "iss": "seapool",
        "aud": "seapool",
        "exp": int(time.time()) + 600,
        "sub": str(who.id),
        "org": str(who.organization.id),
    }
    return {name: value for name, value in (claims | changed).items() if value is not None}


def signed(claims: dict[str, Any], key: Key, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode({"alg": algorithm, **header}, claims, key, algorithms=[algorithm])


def secret(settings: Settings) -> OctKey:
    assert settings.secret
    return OctKey.import_key(settings.secret)


async def refuses(api: Client, authorization: str | None, query: str = WHO) -> None:
    headers = {"Authorization": authorization} if authorization is not None else {}
    answer = await api.http.post(api.graphql_url, json={"query": query}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json() == REFUSAL


async def admits(api: Client, token: str) -> None:
    assert "viewer" in (await api.data(token, WHO))


async def hello(socket: ClientConnection, token: str | None) -> Any:
    payload = {"Authorization": f"Bearer {token}"} if token else {}
    await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
    return json.loads(await socket.recv())


def socket_to(api: Client, **options: Any) -> connect:
    return connect(api.ws_url, subprotocols=["graphql-transport-ws"], **options)  # type: ignore[list-item]


async def closes_with(socket: ClientConnection, code: int, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        await socket.wait_closed()
    assert socket.close_code == code


async def test_a_token_of_an_active_member_is_admitted(api: Client, office: Office) -> None:
    who = await office.person()
    await admits(api, signed(claims_of(who), secret(api.settings)))
    await admits(api, signed(claims_of(who, aud=["another", "seapool"]), secret(api.settings)))


@pytest.mark.parametrize(
    "query", [WHO, "mutation { readAlerts(upTo: 1) { id } }", "{ __typename }", "nonsense", ""]
)
async def test_without_a_token_every_operation_is_refused_in_one_way(
    api: Client, office: Office, query: str
) -> None:
    await refuses(api, None, query)
    await refuses(api, "Bearer nonsense", query)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": None},
        {"iss": "another"},
        {"aud": None},
        {"aud": "another"},
        {"exp": None},
        {"exp": 1_700_000_000},
        {"exp": "soon"},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": "nonsense"},
        {"sub": "0f9cbbd7-5a6e-4e47-8c4b-2651a61e4158"},
        {"org": None},
        {"org": "1d6bc15e-9f74-478d-b4ee-683de1c7a0a2"},
        {"org": 5},
    ],
    ids=str,
)
async def test_a_wrong_claim_is_refused(
    api: Client, office: Office, changed: dict[str, Any]
) -> None:
    who = await office.person()
    token = signed(claims_of(who, **changed), secret(api.settings))
    await refuses(api, f"Bearer {token}")


async def test_another_secret_or_algorithm_is_refused(api: Client, office: Office) -> None:
    claims = claims_of(await office.person())
    key = secret(api.settings)
    await refuses(api, f"Bearer {signed(claims, OctKey.import_key('x' * 40))}")
    await refuses(api, f"Bearer {signed(claims, key, 'HS512')}")
    await refuses(api, f"Bearer {signed(claims, RSAKey.generate_key(2048), 'RS256')}")
    header, payload, signature = signed(claims, key).split(".")
    await refuses(api, f"Bearer {header}.{payload}.")
    await refuses(api, f"Bearer eyJhbGciOiJub25lIn0.{payload}.")
    await refuses(api, f"Basic {header}.{payload}.{signature}")
    await refuses(api, "Bearer " + "x" * 10_000)


async def test_a_leaver_is_refused_at_once(api: Client, office: Office) -> None:
    who = await office.person()
    await admits(api, api.token(who.member))
    await leaving.deactivate(await office.admin(), who.id)
    await refuses(api, f"Bearer {api.token(who.member)}")


async def leaves_and_returns(office: Office, who: Viewer) -> float:
    """When they returned, in seconds since 1970."""
    admin = await office.admin()
    await leaving.deactivate(admin, who.id)
    back = await returning.reactivate(admin, who.id)
    assert back.reactivated_at
    return back.reactivated_at.timestamp()


async def test_a_token_from_before_a_return_stays_refused(api: Client, office: Office) -> None:
    who, key = await office.person(), secret(api.settings)
    old = api.token(who.member)
    undated = signed(claims_of(who), key)
    await admits(api, old)
    await admits(api, undated)
    at = await leaves_and_returns(office, who)
    for token in (old, undated, signed(claims_of(who, iat=at - 1), key)):
        await refuses(api, f"Bearer {token}")
    await refuses(api, f"Bearer {signed(claims_of(who, iat=at - 0.001), key)}")
    await admits(api, signed(claims_of(who, iat=at), key))
    await admits(api, sign(api.settings, who.id, who.organization.id))


async def test_who_never_left_needs_no_date_in_the_token(api: Client, office: Office) -> None:
    who, other = await office.person(), await office.person()
    await leaves_and_returns(office, other)
    await admits(api, signed(claims_of(who), secret(api.settings)))
    await admits(api, signed(claims_of(who, iat=1_700_000_000), secret(api.settings)))


async def test_a_second_return_refuses_the_tokens_of_the_first(api: Client, office: Office) -> None:
    who, key = await office.person(), secret(api.settings)
    first = signed(claims_of(who, iat=await leaves_and_returns(office, who)), key)
    await admits(api, first)
    second = await leaves_and_returns(office, who)
    await refuses(api, f"Bearer {first}")
    await admits(api, signed(claims_of(who, iat=second), key))


async def test_a_websocket_needs_a_token_in_its_connection_init(
    api: Client, office: Office
) -> None:
    who = await office.person()
    async with socket_to(api) as socket:
        assert await hello(socket, api.token(who.member)) == {"type": "connection_ack"}
    for token in (None, "nonsense", signed(claims_of(who, iss="x"), secret(api.settings))):
        async with socket_to(api) as socket:
            with pytest.raises(ConnectionClosed):
                await hello(socket, token)
            assert socket.close_code == 4403


async def test_a_websocket_is_closed_when_its_token_ends(api: Client, office: Office) -> None:
    claims = claims_of(await office.person(), exp=time.time() + 1)
    async with socket_to(api) as socket:
        await hello(socket, signed(claims, secret(api.settings)))
        await closes_with(socket, 4403, 1 + 5)


async def test_a_websocket_is_closed_when_its_member_leaves(api: Client, office: Office) -> None:
    who, stays = await office.person(), await office.person()
    async with socket_to(api) as socket, socket_to(api) as other:
        await hello(socket, api.token(who.member))
        await hello(other, api.token(stays.member))
        await leaving.deactivate(await office.admin(), who.id)
        await closes_with(socket, 4403)
        await other.send(json.dumps({"type": "ping"}))
        assert json.loads(await other.recv()) == {"type": "pong"}


async def test_a_websocket_of_before_a_return_is_closed(api: Client, office: Office) -> None:
    who = await office.person()
    async with socket_to(api) as socket, socket_to(api) as fresh:
        await hello(socket, api.token(who.member))
        await leaves_and_returns(office, who)
        await hello(fresh, sign(api.settings, who.id, who.organization.id))
        message = {"type": "subscribe", "id": "1", "payload": {"query": WHO}}
        await fresh.send(json.dumps(message))
        assert json.loads(await fresh.recv())["payload"]["data"]["viewer"]
        await closes_with(socket, 4403)
        await fresh.send(json.dumps({"type": "ping"}))
        told = [json.loads(await fresh.recv()) for _ in range(2)]
        assert {"type": "pong"} in told


async def test_a_websocket_of_before_a_return_answers_nothing_until_it_is_closed(
    settings: Settings, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.execution.streams.sessions.CHECK_SECONDS", 3600.0)
    async with api_in_process(settings) as api:
        who = await office.person()
        async with socket_to(api) as socket:
            await hello(socket, api.token(who.member))
            await leaves_and_returns(office, who)
            message = {"type": "subscribe", "id": "1", "payload": {"query": WHO}}
            await socket.send(json.dumps(message))
            answer = json.loads(await socket.recv())
            assert answer["type"] == "error"
            assert answer["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_subscription_of_before_a_return_tells_nothing_more(
    settings: Settings, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.execution.streams.sessions.CHECK_SECONDS", 3600.0)
    who = await office.person()
    async with api_in_process(settings) as api, following(api, who.member) as told:
        first, second = await office.customers(await office.pool(), 2)
        admin = await office.admin()
        await claims.assign(admin, first, who.id)
        assert (await told.next())["kind"] == "ASSIGNED"
        await leaves_and_returns(office, who)
        await claims.assign(admin, second, who.id)
        # Of the leaving itself it may still hear.
        assert {alert["kind"] for alert in await told.until_error("Forbidden")} <= {"RELEASED"}


async def test_a_websocket_reads_but_changes_nothing(api: Client, office: Office) -> None:
    async with socket_to(api) as socket:
        await hello(socket, api.token((await office.person()).member))
        for query in (WHO, "mutation { claimCustomer(customerId: 1) { __typename } }"):
            message = {"type": "subscribe", "id": query, "payload": {"query": query}}
            await socket.send(json.dumps(message))
        answers = [json.loads(await socket.recv()) for _ in range(3)]
        (told,) = [each for each in answers if each["type"] == "error"]
        assert [each["message"] for each in told["payload"]] == ["mutations are not allowed"]


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "5",
        "nonsense",
        '{"type": 5}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
        '{"type": "unknown"}',
    ],
)
async def test_a_malformed_message_closes_the_websocket(
    api: Client, office: Office, message: str
) -> None:
    async with socket_to(api) as socket:
        await hello(socket, api.token((await office.person()).member))
        await socket.send(message)
        await closes_with(socket, 4400)


async def test_pages_of_other_origins_may_open_no_websocket(
    settings: Settings, database: None, office: Office
) -> None:
    allowed = settings.model_copy(update={"allowed_origins": ("https://crm.example",)})
    async with api_in_process(allowed) as api:
        async with socket_to(api, origin="https://crm.example") as socket:
            await hello(socket, api.token((await office.person()).member))
        with pytest.raises(Exception, match="403"):
            async with socket_to(api, origin="https://evil.example"):
                pass


async def test_the_older_protocol_is_not_spoken(api: Client) -> None:
    async with connect(api.ws_url, subprotocols=["graphql-ws"]) as socket:  # type: ignore[list-item]
        await closes_with(socket, 4406)


@pytest_asyncio.fixture
async def key_server() -> AsyncIterator[KeyServer]:
    server = KeyServer()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def keyed(
    settings: Settings, database: None, key_server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Client]:
    """An API that knows the key server; it may ask again at once."""
    monkeypatch.setattr("schema.execution.tokens.jwks.RETRY_SECONDS", 0.0)
    async with api_in_process(settings.model_copy(update={"jwks_url": key_server.url})) as api:
        yield api


async def test_published_keys_are_trusted_beside_the_secret(
    keyed: Client, key_server: KeyServer, office: Office
) -> None:
    claims = claims_of(await office.person())
    rsa, curve = published(RSAKey, "1"), published(ECKey, "2")
    key_server.publish(rsa, curve)
    await admits(keyed, signed(claims, rsa, "RS256", kid="1"))
    await admits(keyed, signed(claims, curve, "ES256", kid="2"))
    await admits(keyed, signed(claims, secret(keyed.settings)))
    await refuses(keyed, f"Bearer {signed(claims, published(RSAKey, '1'), 'RS256', kid='1')}")


async def test_a_token_of_an_identity_provider_names_its_member_in_other_claims(
    settings: Settings, database: None, key_server: KeyServer, office: Office
) -> None:
    """As docs/operations.md sets it up: `sub` is the provider's own id of the person."""
    who, key = await office.person(), published(RSAKey, "1")
    key_server.publish(key)
    given = {
        "jwks_url": key_server.url,
        "issuer": "https://login.example/realms/sales",
        "member_claim": "seapool_member",
        "organization_claim": "https://crm.example/organization",
    }
    claims = claims_of(who, iss=given["issuer"], aud=["account", "seapool"], sub="f:1:wanglei")
    claims[given["member_claim"]] = str(who.id)
    claims[given["organization_claim"]] = claims.pop("org")
    async with api_in_process(settings.model_copy(update=given)) as api:
        await admits(api, signed(claims, key, "RS256", kid="1"))
        for name in (given["member_claim"], given["organization_claim"]):
            without = {key: value for key, value in claims.items() if key != name}
            await refuses(api, f"Bearer {signed(without, key, 'RS256', kid='1')}")


async def test_rotated_keys_are_found_and_old_ones_forgotten(
    keyed: Client, key_server: KeyServer, office: Office
) -> None:
    claims = claims_of(await office.person())
    old, new = published(RSAKey, "old"), published(RSAKey, "new")
    key_server.publish(old)
    await admits(keyed, signed(claims, old, "RS256", kid="old"))
    key_server.publish(new)
    await admits(keyed, signed(claims, new, "RS256", kid="new"))
    await refuses(keyed, f"Bearer {signed(claims, old, 'RS256', kid='old')}")


async def test_known_keys_are_kept_while_the_key_server_is_away(
    keyed: Client, key_server: KeyServer, office: Office
) -> None:
    claims = claims_of(await office.person())
    known, unknown = published(RSAKey, "known"), published(RSAKey, "unknown")
    key_server.publish(known)
    await admits(keyed, signed(claims, known, "RS256", kid="known"))
    await key_server.stop()
    await admits(keyed, signed(claims, known, "RS256", kid="known"))
    await refuses(keyed, f"Bearer {signed(claims, unknown, 'RS256', kid='unknown')}")
    await admits(keyed, signed(claims, known, "RS256", kid="known"))
    await key_server.start()
    key_server.publish(known, unknown)
    await admits(keyed, signed(claims, unknown, "RS256", kid="unknown"))


async def test_unknown_keys_do_not_flood_the_key_server(
    keyed: Client, key_server: KeyServer, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.execution.tokens.jwks.RETRY_SECONDS", 60.0)
    claims = claims_of(await office.person())
    key = published(RSAKey, "unknown")
    tokens = [signed(claims, key, "RS256", kid=f"unknown {n}") for n in range(20)]
    await asyncio.gather(*(refuses(keyed, f"Bearer {token}") for token in tokens))
    assert key_server.asked == 1


async def test_a_public_key_is_no_shared_secret(
    keyed: Client, key_server: KeyServer, office: Office
) -> None:
    claims = claims_of(await office.person())
    rsa = published(RSAKey, "1")
    shared = OctKey.generate_key(256, {"kid": "2"})
    key_server.publish(rsa)
    key_server.keys.append(shared.as_dict(private=True))
    unsigned = signed(claims, secret(keyed.settings), kid="1").rpartition(".")[0]
    posing = hmac.digest(rsa.as_pem(private=False), unsigned.encode(), "sha256")
    await refuses(keyed, f"Bearer {unsigned}.{urlsafe_b64encode(posing).decode().rstrip('=')}")
    await refuses(keyed, f"Bearer {signed(claims, shared, kid='2')}")
    await refuses(keyed, f"Bearer {signed(claims, published(ECKey, '1'), 'ES256', kid='1')}")
