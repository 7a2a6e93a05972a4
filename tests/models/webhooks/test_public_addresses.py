import asyncio
import socket
import threading
from typing import Any

import pytest

from models.webhooks.public_addresses import PrivateAddress, is_public, resolve


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "114.114.114.114", "192.0.1.1", "192.88.98.1", "168.63.129.17", "2606:4700::1111"],
)
def test_what_anybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "168.63.129.16",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.0.192",
        "192.0.2.1",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.99.1",
        "192.175.48.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.19.255.255",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001:2::1",
        "2001:20::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:808:808::",
        "2620:4f:8000::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fd00:ec2::254",
        "::8.8.8.8",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_what_leads_inward_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "2130706433", "0x7f.1"])
async def test_a_name_that_leads_inward_is_refused_unless_it_is_allowed(host: str) -> None:
    with pytest.raises(PrivateAddress):
        await resolve(host, 443, private=False)
    assert await resolve(host, 443, private=True) in ("127.0.0.1", "::1")


async def test_a_name_with_one_private_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found: list[Any] = [("1.1.1.1", 443), ("10.0.0.1", 443)]

    def look_up(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(PrivateAddress):
        await resolve("both.example", 443, private=False)
    found.pop()
    assert await resolve("both.example", 443, private=False) == "1.1.1.1"


async def test_names_whose_servers_do_not_answer_hold_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered = threading.Event()

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        if host == "silent.example":
            answered.wait(10)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    silent = [
        asyncio.create_task(resolve("silent.example", 443, private=False)) for _ in range(100)
    ]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(5):
            assert await resolve("other.example", 443, private=False) == "1.1.1.1"
    finally:
        answered.set()
    assert set(await asyncio.gather(*silent)) == {"1.1.1.1"}


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 64 + ".example"])
async def test_what_is_no_name_has_no_address(host: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011
        await resolve(host, 443, private=False)
