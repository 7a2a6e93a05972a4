"""SSRF guard: resolve a host and refuse non-public addresses."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

# As many as there are attempts at a time: a slow name server delays no other look-up.
LOOK_UPS = ThreadPoolExecutor(200, thread_name_prefix="look-up")


# IANA's registries of special-purpose addresses, 2026, as Python's own list differs between its
# versions. Beside them: 168.63.129.16, which Azure's machines alone reach. The metadata of other
# clouds is in these ranges: 169.254.169.254, 169.254.0.23, 100.100.100.200, 192.0.0.192.
NON_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
# Nothing else of IPv6 is given to hosts: NAT64, mapped, private and local addresses are outside.
PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
NON_PUBLIC_6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocols: Teredo carries an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4 carries an IPv4 address
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)


class PrivateAddress(Exception):
    """An address of the host is not public: this machine, a private network, a cloud's own."""


def is_public(address: str) -> bool:
    """Return whether the address is reachable from, and the same for, the whole internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in NON_PUBLIC_4)
    return ip in PUBLIC_6 and not any(ip in network for network in NON_PUBLIC_6)


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
