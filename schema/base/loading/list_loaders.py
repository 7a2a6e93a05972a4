"""Data loaders of lists: pages and counts, each for many parents by one statement."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar
from uuid import UUID

from models import tables
from models.holding import reevaluation
from models.holding.extension_reads import Extension, extensions_of_pools
from models.lists.at_risk import at_risk, count_at_risk
from models.lists.customer_counts import count_held
from models.lists.customers import held_customers
from models.lists.history import customer_follow_ups, customer_history
from models.lists.left_behind import count_left_behind, left_behind
from models.lists.rules_versions import RulesVersion, rules_versions
from models.lists.shared_pages import shared_count_pooled, shared_pooled
from models.lists.unconfirmed_deals import count_unconfirmed_deals, unconfirmed_deals
from models.paging import Page
from models.tables.owned import Owned
from models.texts.text import Reader
from models.viewers import Viewer, find
from schema.base.backoff import outlasting
from schema.base.loading.lists import Lists
from schema.base.loading.loader import Loader, Pace

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Load = Callable[[list[Key]], Awaitable[Sequence[Found]]]
HeldKey = tuple[UUID, UUID | None]


class ListLoaders:
    """The lists that an operation reads, and what makes its loaders.

    `patient` ones, of a subscription, outlast a database that is away: no event gets lost.

    No reader keeps `self`: in a circle, all rows of an answer would wait for the garbage collector.
    """

    def __init__(
        self, viewer: Viewer, reader: Reader, pace: Pace, *, patient: bool = False
    ) -> None:
        self.viewer = viewer
        self.reader = reader
        self.patient = patient
        self._pace = pace

    @cached_property
    def progress(self) -> Lists[UUID, reevaluation.Progress]:
        return self._lists(partial(reevaluation.progress, self.viewer))

    @cached_property
    def extensions(self) -> Lists[UUID, Page[Extension]]:
        return self._lists(partial(extensions_of_pools, self.viewer))

    @cached_property
    def unconfirmed_deals(self) -> Lists[UUID, Page[tables.Customer]]:
        return self._lists(partial(unconfirmed_deals, self.viewer))

    @cached_property
    def count_unconfirmed_deals(self) -> Lists[UUID, int]:
        return self._lists(partial(count_unconfirmed_deals, self.viewer))

    @cached_property
    def rules_versions(self) -> Lists[UUID, Page[RulesVersion]]:
        return self._lists(partial(rules_versions, self.viewer))

    @cached_property
    def at_risk(self) -> Lists[UUID, Page[tables.Customer]]:
        return self._lists(partial(at_risk, self.viewer))

    @cached_property
    def count_at_risk(self) -> Lists[UUID, int]:
        return self._lists(partial(count_at_risk, self.viewer))

    @cached_property
    def pooled(self) -> Lists[UUID, Page[tables.Customer]]:
        return self._lists(partial(shared_pooled, self.viewer))

    @cached_property
    def count_pooled(self) -> Lists[UUID, int]:
        return self._lists(partial(shared_count_pooled, self.viewer))

    @cached_property
    def held(self) -> Lists[HeldKey, Page[tables.Customer]]:
        return self._lists(partial(held_customers, self.viewer))

    @cached_property
    def count_held(self) -> Lists[HeldKey, int]:
        return self._lists(partial(count_held, self.viewer))

    @cached_property
    def left_behind(self) -> Lists[UUID, Page[tables.Customer]]:
        return self._lists(partial(left_behind, self.viewer))

    @cached_property
    def count_left_behind(self) -> Lists[UUID, int]:
        return self._lists(partial(count_left_behind, self.viewer))

    @cached_property
    def history(self) -> Lists[UUID, Page[tables.Event]]:
        return self._lists(partial(customer_history, self.viewer))

    @cached_property
    def follow_ups(self) -> Lists[UUID, Page[tables.Event]]:
        return self._lists(partial(customer_follow_ups, self.viewer))

    def _loader(self, load: Load[Key, Found], **options: Any) -> Loader[Key, Found]:
        return Loader(self._outlasting(load), self._pace, **options)

    def _lists(self, read: Callable[..., Awaitable[dict[Key, Found]]]) -> Lists[Key, Found]:
        return Lists(self._outlasting(read), self._pace)

    def _outlasting(self, read: Callable[..., Awaitable[Found]]) -> Callable[..., Awaitable[Found]]:
        if not self.patient:
            return read
        return lambda *given, **how: outlasting(partial(read, *given, **how))

    def _rows(self, model: type[Owned]) -> Loader[UUID, Owned | None]:
        viewer = self.viewer

        # As a text: Python would make the type anew for each loader.
        async def load(ids: list[UUID]) -> "list[Owned | None]":
            rows = await find(viewer, model, ids)
            return [rows.get(id) for id in ids]

        return self._loader(load)
