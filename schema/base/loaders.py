"""Data loaders: each kind of read is one statement, however many rows ask for it."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from datetime import datetime
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from models import refusals, tables
from models.customers.former_keys import former_keys
from models.erasure.showing import find_shown
from models.holding import reevaluation
from models.holding.extension_reads import Extension, extensions_of_pools
from models.lists.at_risk import at_risk, count_at_risk
from models.lists.customers import (
    count_held,
    count_pooled,
    held_customers,
    pooled_customers,
    pooled_with_terms,
)
from models.lists.history import customer_follow_ups, customer_history
from models.lists.left_behind import count_left_behind, left_behind
from models.lists.rules_versions import RulesVersion, rules_versions
from models.lists.unconfirmed_deals import count_unconfirmed_deals, unconfirmed_deals
from models.ownership.claimable import Claimable, claimable
from models.paging import Page
from models.pools import private_pools
from models.rules.rules import Rules
from models.tables.owned import Owned
from models.taking.terms import terms_of
from models.texts.text import Reader
from models.viewers import Viewer, find
from schema.base.backoff import outlasting
from schema.base.loading import pool_reads
from schema.base.loading.lists import Lists
from schema.base.loading.loader import Loader, Pace
from schema.base.refusals import Refusal, refusal_to_graphql

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Load = Callable[[list[Key]], Awaitable[Sequence[Found]]]
HeldKey = tuple[UUID, UUID | None]
NAME_OF_ROW = attrgetter("id")


class Loaders:
    """`patient` ones, of a subscription, outlast a database that is away: no event gets lost.

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
    def members(self) -> Loader[UUID, tables.Member | None]:
        return self._rows(tables.Member)

    @cached_property
    def departments(self) -> Loader[UUID, tables.Department | None]:
        return self._rows(tables.Department)

    @cached_property
    def pools(self) -> Loader[UUID, tables.Pool | None]:
        return self._rows(tables.Pool)

    @cached_property
    def customers(self) -> Loader[UUID, tables.Customer | None]:
        return self._loader(partial(find_shown, self.viewer, self.reader))

    @cached_property
    def events(self) -> Loader[UUID, tables.Event | None]:
        return self._rows(tables.Event)

    @cached_property
    def claimable(self) -> Loader[tables.Customer, Claimable | Refusal]:
        viewer, reader, pools = self.viewer, self.reader, self.pools

        async def load(customers: list[tables.Customer]) -> list[Claimable | Refusal]:
            found = await _found(pools, {each.pool_id for each in customers})
            terms = await terms_of(viewer, customers, found)
            answers = claimable(viewer, customers, terms)
            return [_shown(answers[each.id], reader) for each in customers]

        return self._loader(load, name_of=NAME_OF_ROW)

    @cached_property
    def former_keys(self) -> Loader[tables.Customer, list[tables.CustomerKey]]:
        viewer = self.viewer

        async def load(customers: list[tables.Customer]) -> list[list[tables.CustomerKey]]:
            found = await former_keys(viewer, customers)
            return [found[each.id] for each in customers]

        return self._loader(load, name_of=NAME_OF_ROW)

    @cached_property
    def private_pools(self) -> Loader[private_pools.PrivatePoolKey, private_pools.PrivatePool]:
        viewer = self.viewer

        async def load(keys: list[private_pools.PrivatePoolKey]) -> list[private_pools.PrivatePool]:
            found = await private_pools.private_pools(viewer, keys)
            return [found[member.id, pool_id] for member, pool_id in keys]

        return self._loader(load, name_of=lambda key: (key[0].id, key[1]))

    @cached_property
    def administrators(self) -> Loader[UUID, list[tables.Member]]:
        return self._loader(partial(pool_reads.administrators, self.viewer))

    @cached_property
    def access(self) -> Loader[UUID, pool_reads.Access]:
        return self._loader(partial(pool_reads.access, self.viewer))

    @cached_property
    def rules(self) -> Loader[tuple[UUID, int], tuple[Rules, datetime] | None]:
        """A version of a pool's rules, and since when it was in force."""
        return self._loader(partial(pool_reads.rules, self.viewer))

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
        return self._lists(partial(pooled_customers, self.viewer))

    @cached_property
    def pooled_and_claimable(self) -> Lists[UUID, Page[tables.Customer]]:
        """As `pooled`; whether the viewer may claim the customers is known then, too."""
        viewer, reader, pools, known = self.viewer, self.reader, self.pools, self.claimable

        async def read(pool_ids: list[UUID], **asked: Any) -> dict[UUID, Page[tables.Customer]]:
            found = await _found(pools, pool_ids)
            pages, terms = await pooled_with_terms(viewer, found, **asked)
            customers = [each for page in pages.values() for each in page.nodes]
            answers = claimable(viewer, customers, terms)
            known.prime_many((each, _shown(answers[each.id], reader)) for each in customers)
            return pages

        return self._lists(read)

    @cached_property
    def count_pooled(self) -> Lists[UUID, int]:
        return self._lists(partial(count_pooled, self.viewer))

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

        async def load(ids: list[UUID]) -> list[Owned | None]:
            rows = await find(viewer, model, ids)
            return [rows.get(id) for id in ids]

        return self._loader(load)


async def _found(
    pools: Loader[UUID, tables.Pool | None], ids: Iterable[UUID]
) -> dict[UUID, tables.Pool]:
    return {each.id: each for each in await pools.load_many(ids) if each}


def _shown(answer: refusals.Refusal | Claimable, reader: Reader) -> Refusal | Claimable:
    return answer if isinstance(answer, Claimable) else refusal_to_graphql(answer, reader)
