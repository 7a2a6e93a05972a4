"""To which addresses the server may connect for somebody else: to public ones alone."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

# As many as may be posted to at once: a name whose servers don't answer holds up no other.
LOOK_UPS = ThreadPoolExecutor(200, thread_name_prefix="look-up")


class PrivateAddress(Exception):
    """The name leads into a network that is not everybody's: our own, this machine, a cloud's."""


def is_public(address: str) -> bool:
    """Whether anybody on the internet would reach the same by it."""
    ip = ipaddress.ip_address(address)
    inward = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    # An IPv6 address may carry an IPv4 one, which may be a private one.
    carries = isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local
    )
    return ip.is_global and not inward and not carries


async def resolve(host: str, port: int, *, private: bool) -> str:
    """The address to connect to, and to no other: a name that is asked again may answer anew.

    Raises OSError where the name has none, PrivateAddress where any of them is not public,
    unless `private` ones are allowed.
    """
    loop = asyncio.get_running_loop()
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await loop.run_in_executor(LOOK_UPS, look_up)
    except UnicodeError:
        raise OSError(f"{host} can't be a name") from None
    addresses = [str(place[0]) for *_, place in found]
    if not addresses:
        raise OSError(f"{host} has no address")
    if not private and not all(map(is_public, addresses)):
        raise PrivateAddress
    return addresses[0]
