"""The open connections of this process: counted by address, closed when they are overdue."""

import asyncio
import ipaddress
from typing import Protocol

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from models import sparing_log
from schema.connections import limits
from schema.connections.counts import Counts
from settings import Settings

# An address of IPv6 is worth as much as its network: one host may use all of it.
HOST_BITS = 64


class Connection(Protocol):
    """One of uvicorn's protocols, with deadlines."""

    client: tuple[str, int] | None

    def close_if_overdue(self, now: float) -> None: ...


class Connections:
    """The connections of one server. A trusted proxy's address has no limit of its own."""

    def __init__(self, settings: Settings) -> None:
        self.most = settings.connections
        self._by_address: Counts[str] = Counts(settings.connections_per_address)
        self._open: dict[Connection, str | None] = {}
        self._trusted = ProxyHeadersMiddleware(_nothing, list(settings.trusted_proxies))
        self._sweeping: asyncio.TimerHandle | None = None

    def enter(self, connection: Connection) -> bool:
        """Count a connection until it leaves. Return False if there are too many."""
        key = self._key(connection)
        if len(self._open) >= self.most:
            sparing_log.warning("too many connections; raise SEAPOOL_CONNECTIONS", most=self.most)
            return False
        if key is not None and not self._by_address.take(key):
            sparing_log.warning(
                "an address has too many connections; if it is a proxy, name it in"
                " SEAPOOL_TRUSTED_PROXIES, else raise SEAPOOL_CONNECTIONS_PER_ADDRESS",
                address=key,
                most=self._by_address.most,
            )
            return False
        self._open[connection] = key
        if self._sweeping is None:
            self._sweep_later()
        return True

    def leave(self, connection: Connection) -> None:
        key = self._open.pop(connection, None)
        if key is not None:
            self._by_address.give_back(key)

    def _key(self, connection: Connection) -> str | None:
        address = connection.client[0] if connection.client else None
        if address is None or address in self._trusted.trusted_hosts:
            return None
        return network_of(address)

    def _sweep_later(self) -> None:
        self._sweeping = asyncio.get_running_loop().call_later(limits.SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        assert self._sweeping
        # A late one counts no lateness: what arrived meanwhile is not read yet.
        now, self._sweeping = self._sweeping.when(), None
        for connection in list(self._open):
            connection.close_if_overdue(now)
        if self._open:
            self._sweep_later()


def network_of(address: str) -> str:
    """Return what one host has for itself: an address of IPv4, a /64 of IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return address
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((int(ip), HOST_BITS), strict=False))


async def _nothing(*_: object) -> None:
    """The application that ProxyHeadersMiddleware wants; only its trusted hosts are used."""
