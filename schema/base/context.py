"""The context of a resolver: viewer, loaders, listener and the reader's language."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import strawberry

from models import database
from models.ledger import feed
from models.ledger.feed import Cursor as FeedCursor
from models.refusals import Forbidden
from models.tables import Event
from models.texts.text import Language, Reader
from models.viewers import Viewer, viewer
from schema.base.backoff import until_available
from schema.base.deadline import Deadline
from schema.base.listener import Listener
from schema.base.loaders import Loaders
from schema.base.loading.loader import Pace
from schema.fairness.spenders import Spenders
from settings import Settings


@dataclass(eq=False)
class Context:
    viewer: Viewer
    listener: Listener
    loaders: Loaders
    reader: Reader
    # Where the listener was before the operation read its lists.
    place: tuple[str | None, FeedCursor]
    # Whether this operation has looked up duplicates: it may once.
    has_looked_up: bool = False
    # What this operation may cost: see schema/execution/documents/weights.py.
    cost: int = 0
    # The text of its document.
    document: str = ""
    patient: bool = False
    # Of the header Idempotency-Key: for the mutations that name none themselves.
    idempotency_key: str | None = None
    deadline: Deadline = field(default_factory=Deadline)
    pace: Pace = field(default_factory=Pace)
    # What is logged of the request: which it is, and how it ended.
    operation: str = "POST /graphql"
    outcome: str = ""
    # Executes the operation, where it is a subscription.
    executor: Any = None

    @classmethod
    def of(
        cls, viewer: Viewer, listener: Listener, language: Language, deadline: Deadline
    ) -> "Context":
        reader = Reader(language, viewer.organization.time_zone)
        pace = Pace()
        loaders = Loaders(viewer, reader, pace)
        place = listener.place
        return cls(viewer, listener, loaders, reader, place, deadline=deadline, pace=pace)

    @property
    def settings(self) -> Settings:
        return self.listener.settings

    @cached_property
    def spenders(self) -> Spenders:
        return Spenders.of(self.viewer.organization.id, self.viewer.id)

    def may_ask(self, field: str) -> bool:
        """Return False where the document does not even name the field: to read no more at once."""
        return field in self.document

    async def feed_cursor(self) -> str:
        """The cursor behind which a subscription tells all that this operation may have missed.

        Raises Unavailable where the listener did not read this database yet.
        """
        cluster, cursor = self.place
        if cluster != database.cluster():
            raise database.Unavailable
        return await feed.format_cursor(cursor, self.viewer.seal)

    def forget(self) -> None:
        """Drop loaded rows; a mutation makes them stale."""
        self.loaders = Loaders(self.viewer, self.reader, self.pace, patient=self.patient)

    @contextlib.contextmanager
    def outlasting(self) -> Iterator[None]:
        """Read first, and again where the database is away: for the events of a subscription."""
        database.go_first()
        self.patient = True
        self.forget()
        try:
            yield
        finally:
            self.pace.end()

    async def look_again(self) -> None:
        """Read the viewer again after a change of access; raises Forbidden for a leaver.

        Also for one who has returned meanwhile: the token is from before.
        """
        self._become(await viewer(self.viewer.organization.id, self.viewer.id))

    async def refresh(self, events: list[Event]) -> None:
        """Read the viewer again, and the events' customers with their owners.

        Once for all events, and for all subscriptions that the same events woke.
        """
        reads, before = self.listener.reads, self.viewer
        found = await until_available(lambda: reads.viewers.load(before, [before.id]))
        self._become(found.get(before.id))
        wanted = {event.customer_id for event in events if event.customer_id}
        customers = await until_available(lambda: reads.customers.load(before, wanted))
        self.loaders.customers.prime_many(customers.items())
        owners = {each.owner_id for each in customers.values() if each.owner_id}
        members = await until_available(lambda: reads.members.load(before, owners))
        self.loaders.members.prime_many(members.items())

    def _become(self, again: Viewer | None) -> None:
        if again is None or again.member.reactivated_at != self.viewer.member.reactivated_at:
            raise Forbidden("You have left the organization.")
        self.viewer = again
        self.forget()


Info: TypeAlias = strawberry.Info[Context, None]
