"""Connections that subscribe: websockets and event streams.

They are closed when their token expires or their member leaves, also if they return.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import HTTPConnection

from models import sparing_log
from models.database import end_if_cancelled
from models.organizations.presence import active_members
from models.texts.text import Language, Text
from schema.base import metrics
from schema.base.context import Context
from schema.base.deadline import Deadline
from schema.base.listener import Listener
from schema.connections.connections import network_of
from schema.connections.counts import Counts
from schema.execution.languages import language_of
from schema.execution.tokens.auth import Token, member_of
from settings import Settings

MANY_OF_MEMBER = (
    "At most {most} subscribing connections of a member may be open: close another first."
)
MANY_OF_ADDRESS = (
    "At most {most} subscribing connections of an address may be open: close another first."
)
CHECK_SECONDS = 2.0


@dataclass(eq=False)
class Session:
    """One connection that subscribes; each of its operations gets a new context."""

    connection: HTTPConnection
    listener: Listener
    token: Token | None = None

    async def context(self) -> Context | None:
        if self.token is None or self.token.expired:
            return None
        deadline = Deadline()
        with deadline.running():
            found = await member_of(self.token)
        return Context.of(found, self.listener, self.language, deadline) if found else None

    @property
    def language(self) -> Language:
        return language_of(self.connection.headers.get("accept-language"))

    @property
    def address(self) -> str:
        """What one host has for itself; behind a trusted proxy, the forwarded address."""
        client = self.connection.client
        return network_of(client.host) if client else ""

    async def close(self) -> None:
        """End it: its member may no longer subscribe."""
        raise NotImplementedError


class Sessions:
    """The open sessions of this process; one statement checks all every CHECK_SECONDS."""

    def __init__(self, settings: Settings) -> None:
        self._open: set[Session] = set()
        self._by_address: Counts[str] = Counts(settings.connections_per_address)
        self._by_member: Counts[tuple[UUID, UUID]] = Counts(settings.connections_per_member)

    @contextlib.asynccontextmanager
    async def checking(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._check())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @contextlib.contextmanager
    def keeping(self, session: Session) -> Iterator[Text | None]:
        """Count an open session; the Text says why there are too many."""
        counted = self._by_address.taken(session.address)
        with counted as free, metrics.connections.track_inprogress():
            self._open.add(session)
            try:
                yield None if free else Text(MANY_OF_ADDRESS, most=self._by_address.most)
            finally:
                self._open.discard(session)
                if session.token:
                    self._by_member.give_back(_member(session.token))

    def admit(self, session: Session, token: Token) -> Text | None:
        """Give a session its token; the Text says why its member can't have another session."""
        if not self._by_member.take(_member(token)):
            return Text(MANY_OF_MEMBER, most=self._by_member.most)
        session.token = token
        return None

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self._close_invalid()
            except Exception as fault:
                end_if_cancelled()
                sparing_log.warning("open connections could not be checked", fault=repr(fault))

    async def _close_invalid(self) -> None:
        tokens = {session: session.token for session in self._open if session.token}
        await _close(session for session, token in tokens.items() if token.expired)
        if tokens:
            active = await active_members({_member(token) for token in tokens.values()})
            await _close(
                session for session, token in tokens.items() if not _is_admitted(token, active)
            )


def _member(token: Token) -> tuple[UUID, UUID]:
    return token.organization_id, token.member_id


def _is_admitted(token: Token, active: dict[tuple[UUID, UUID], datetime | None]) -> bool:
    member = _member(token)
    return member in active and not token.is_older_than(active[member])


async def _close(sessions: Iterable[Session]) -> None:
    # Each with its own timeout: a slow reader must not delay the others.
    closing = [asyncio.wait_for(session.close(), CHECK_SECONDS) for session in sessions]
    await asyncio.gather(*closing, return_exceptions=True)
