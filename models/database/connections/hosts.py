"""A connection to the one of several hosts that serves.

asyncpg asks one host after another too, but within one time for all: a machine that is off would
take all of it. And the host that served last is asked first here.
"""

import ssl
from typing import Any

import asyncpg

from addresses import Postgres, postgres

# For each of several hosts.
HOST_SECONDS = 2.0
# Why the next host is asked.
ELSEWHERE = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresConnectionError,
    asyncpg.TargetServerAttributeNotMatched,
)


class NoHost(OSError):
    """None of the hosts serves; says of each one why."""


class Hosts:
    def __init__(self, address: Postgres) -> None:
        self._hosts = list(address.hosts)
        self._options = address.options

    async def connect(self, *_: Any, **options: Any) -> asyncpg.Connection:
        """asyncpg's `connect`, for its pool. Raises NoHost where there are several hosts."""
        options |= self._options
        if len(self._hosts) == 1:
            ((host, port),) = self._hosts
            return await asyncpg.connect(**options | {"host": host, "port": port})
        options["timeout"] = min(HOST_SECONDS, options.get("timeout") or HOST_SECONDS)
        problems: list[str] = []
        for host, port in tuple(self._hosts):
            try:
                found = await asyncpg.connect(**options | {"host": host, "port": port})
            except ELSEWHERE as fault:
                problems.append(f"{host}:{port}: {problem_of(fault)}")
                continue
            self._hosts.sort(key=(host, port).__ne__)
            return found
        raise NoHost("; ".join(problems))


async def connect(url: str, *, seconds: float, **options: Any) -> asyncpg.Connection:
    """One connection outside the pool."""
    return await Hosts(postgres(url)).connect(timeout=seconds, **options)


def problem_of(fault: BaseException) -> str:
    """Return why a host does not serve, in words for an operator."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {fault.verify_message}"
    if isinstance(fault, asyncpg.TargetServerAttributeNotMatched):
        return "it is no standby" if "standby" in str(fault) else "it takes no writes"
    if isinstance(fault, TimeoutError):
        return "it does not answer"
    return str(fault) or type(fault).__name__
