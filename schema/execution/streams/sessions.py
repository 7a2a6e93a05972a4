"""Connections that subscribe: websockets and event streams.

They are closed when their token expires or their member leaves, also if they return.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from starlette.requests import HTTPConnection

from models import sparing_log
from models.database import end_if_cancelled
from models.organizations.presence import those_who_left
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
        self._by_address: Counts[str] = Counts(settings.connections_per_address)
        # Those that have introduced themselves.
        self._by_member: dict[tuple[UUID, UUID], dict[Session, Token]] = defaultdict(dict)
        self._most_of_member = settings.connections_per_member

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
            try:
                yield None if free else Text(MANY_OF_ADDRESS, most=self._by_address.most)
            finally:
                if session.token:
                    self._forget(session, _member(session.token))

    def admit(self, session: Session, token: Token) -> Text | None:
        """Give a session its token; the Text says why its member can't have another session."""
        sessions = self._by_member[_member(token)]
        if len(sessions) >= self._most_of_member:
            return Text(MANY_OF_MEMBER, most=self._most_of_member)
        sessions[session] = session.token = token
        return None

    def _forget(self, session: Session, member: tuple[UUID, UUID]) -> None:
        del self._by_member[member][session]
        if not self._by_member[member]:
            del self._by_member[member]

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self._close_invalid()
            except Exception as fault:
                end_if_cancelled()
                sparing_log.warning("open connections could not be checked", fault=repr(fault))

    async def _close_invalid(self) -> None:
        tokens = {member: {**sessions} for member, sessions in self._by_member.items()}
        each = chain.from_iterable(sessions.items() for sessions in tokens.values())
        await _close(session for session, token in each if token.expired)
        if tokens:
            left = await those_who_left(tokens)
            await _close(
                session
                for member, returned_at in left.items()
                for session, token in tokens[member].items()
                if returned_at is None or token.is_older_than(returned_at)
            )


def _member(token: Token) -> tuple[UUID, UUID]:
    return token.organization_id, token.member_id


async def _close(sessions: Iterable[Session]) -> None:
    # Each with its own timeout: a slow reader must not delay the others.
    closing = [asyncio.wait_for(session.close(), CHECK_SECONDS) for session in sessions]
    await asyncio.gather(*closing, return_exceptions=True)
