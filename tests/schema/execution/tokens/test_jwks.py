"""How published keys are fetched: once for all who ask, and no more than a key set may be."""

import asyncio
import json
import ssl
import threading
from base64 import urlsafe_b64encode as b64encode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from joserfc.jwk import ECKey

from schema.execution.tokens import jwks
from schema.execution.tokens.jwks import LARGEST, LONGEST_MODULUS, MOST_KEYS, PublicKeys
from tests.support.key_server import KeyServer, published


@pytest_asyncio.fixture
async def server() -> AsyncIterator[KeyServer]:
    server = KeyServer()
    await server.start()
    yield server
    server.answers.set()
    await server.stop()


@pytest.fixture
def keys(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> PublicKeys:
    monkeypatch.setattr(jwks, "RETRY_SECONDS", 0.2)
    return PublicKeys(server.url)


def set_of(keys: list[Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


def modulus(bits: int) -> dict[str, str]:
    """A key with a modulus of so many bits: odd, as one must be."""
    number = (1 << bits - 1 | 1).to_bytes(bits // 8)
    return {"kty": "RSA", "kid": "1", "e": "AQAB", "n": b64encode(number).decode().rstrip("=")}


KEY = published(ECKey, "1").as_dict(private=False)


async def find_twenty(keys: PublicKeys, kid: str) -> list[Any]:
    return await asyncio.gather(*(keys.find(kid) for _ in range(20)))


async def test_at_a_cold_start_all_who_ask_share_one_fetch(
    server: KeyServer, keys: PublicKeys
) -> None:
    server.publish(published(ECKey, "1"))
    server.answers.clear()
    asking = [asyncio.create_task(keys.find("1")) for _ in range(20)]
    while not server.asked:
        await asyncio.sleep(0.01)
    asking += [asyncio.create_task(keys.find("1")) for _ in range(20)]
    await asyncio.sleep(0)
    server.answers.set()
    assert None not in await asyncio.gather(*asking)
    assert server.asked == 1


async def test_right_after_a_rotation_all_who_ask_are_admitted(
    server: KeyServer, keys: PublicKeys
) -> None:
    """Also in the moments after a fetch, when another one is not due yet."""
    for number, kid in enumerate("123", start=1):
        server.publish(published(ECKey, kid))
        assert None not in await find_twenty(keys, kid)
        assert server.asked == number


async def test_one_who_gives_up_takes_the_fetch_from_nobody(
    server: KeyServer, keys: PublicKeys
) -> None:
    server.publish(published(ECKey, "1"))
    server.answers.clear()
    first, second = (asyncio.create_task(keys.find("1")) for _ in range(2))
    while not server.asked:
        await asyncio.sleep(0.01)
    first.cancel()
    server.answers.set()
    assert await second is not None


async def test_unknown_keys_ask_once_in_a_while(
    server: KeyServer, keys: PublicKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(await find_twenty(keys, "unknown")) == {None}
    monkeypatch.setattr(jwks, "RETRY_SECONDS", 60.0)
    assert set(await find_twenty(keys, "another")) == {None}
    assert server.asked == 1


async def test_a_token_that_names_no_key_is_for_the_only_one_fetched_once(
    server: KeyServer, keys: PublicKeys
) -> None:
    server.publish(published(ECKey, "1"))
    assert None not in [await keys.find(None) for _ in range(3)]
    assert server.asked == 1


async def test_a_token_that_names_no_key_is_for_none_of_two(
    server: KeyServer, keys: PublicKeys
) -> None:
    server.publish(published(ECKey, "1"), published(ECKey, "2"))
    assert await keys.find(None) is None


async def test_keys_to_encrypt_with_are_not_used(server: KeyServer, keys: PublicKeys) -> None:
    server.body = set_of([KEY | {"use": "enc"}])
    assert await keys.find("1") is None


async def test_a_stale_key_set_is_fetched_again(
    server: KeyServer, keys: PublicKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.publish(published(ECKey, "1"))
    first, held = await keys.find("1"), keys.fresh
    assert held is not None
    server.publish(published(ECKey, "1"))
    monkeypatch.setattr(jwks, "STALE_SECONDS", -1.0)
    assert keys.fresh is None
    assert await keys.find("1") not in (None, first)
    assert server.asked == 2


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[]",
        b'{"keys": {}}',
        b'{"keys": [1, null, {"kty": "RSA"}, {"kty": "RSA", "n": 1, "e": []}]}',
        set_of([{"kty": "EC", "crv": "P-256", "kid": "1"}]),
        set_of([{"kty": "oct"}] * MOST_KEYS + [KEY]),
        set_of([modulus(LONGEST_MODULUS + 64)]),
    ],
)
async def test_what_is_no_key_set_gives_no_keys_and_stops_no_later_fetch(
    server: KeyServer, keys: PublicKeys, body: bytes
) -> None:
    server.body = body
    assert await keys.find("1") is None
    server.body = b""
    server.publish(published(ECKey, "1"))
    assert await keys.find("1") is not None


@pytest.mark.parametrize(
    "body", [set_of([{"kty": "oct"}] * (MOST_KEYS - 1) + [KEY]), set_of([modulus(LONGEST_MODULUS)])]
)
async def test_a_key_set_at_the_limits_is_used(
    server: KeyServer, keys: PublicKeys, body: bytes
) -> None:
    server.body = body
    assert await keys.find("1") is not None


async def test_the_certificates_of_authorities_are_read_once_and_beside_the_loop(
    server: KeyServer, keys: PublicKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers, read = [], ssl.SSLContext.load_verify_locations

    def watched(context: ssl.SSLContext, *which: Any) -> None:
        readers.append(threading.current_thread())
        read(context, *which)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", watched)
    for kid in "123":
        server.publish(published(ECKey, kid))
        assert await keys.find(kid) is not None
    assert len(readers) == 1
    assert threading.current_thread() not in readers


async def test_an_endless_answer_is_not_read(server: KeyServer, keys: PublicKeys) -> None:
    server.body = b" " * 200 * LARGEST
    assert await keys.find("1") is None
    assert server.sent < 100 * LARGEST


async def test_a_server_that_does_not_answer_is_left_in_time(
    server: KeyServer, keys: PublicKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks, "FETCH_SECONDS", 0.2)
    server.answers.clear()
    async with asyncio.timeout(5):
        assert set(await find_twenty(keys, "1")) == {None}
