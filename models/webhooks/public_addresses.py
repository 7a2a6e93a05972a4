"""SSRF guard: resolve a host and refuse non-public addresses."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

# As many as there are attempts at a time: a slow name server delays no other look-up.
LOOK_UPS = ThreadPoolExecutor(200, thread_name_prefix="look-up")


class PrivateAddress(Exception):
    """An address of the host is not public: this machine, a private network, a cloud's own."""


def is_public(address: str) -> bool:
    """Return whether the address is reachable from, and the same for, the whole internet."""
    ip = ipaddress.ip_address(address)
    inward = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    # An IPv6 address may carry an IPv4 one, which may be private.
    carries = isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local
    )
    return ip.is_global and not inward and not carries


async def resolve(host: str, port: int, *, private: bool) -> str:
    """Return the address to connect to. Connect to it, not to the name, which may change.

    Raises OSError if the host has no address, and PrivateAddress if any address is not public
    and `private` ones are not allowed.
    """
    loop = asyncio.get_running_loop()
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await loop.run_in_executor(LOOK_UPS, look_up)
    except UnicodeError:
        raise OSError(f"{host} can't be a name") from None
    addresses = [str(socket_address[0]) for *_, socket_address in found]
    if not addresses:
        raise OSError(f"{host} has no address")
    if not private and not all(map(is_public, addresses)):
        raise PrivateAddress
    return addresses[0]
