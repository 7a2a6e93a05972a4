"""Data loaders: each kind of read is one statement, however many rows ask for it."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from models import refusals, tables
from models.customers.former_keys import former_keys
from models.erasure.showing import find_shown
from models.lists.shared_pages import shared_with_terms
from models.ownership.claimable import Claimable, claimable
from models.paging import Page
from models.pools import private_pools
from models.rules.rules import Rules
from models.taking.terms import terms_of
from models.texts.text import Reader
from schema.base.loading import pool_reads
from schema.base.loading.list_loaders import ListLoaders
from schema.base.loading.lists import Lists
from schema.base.loading.loader import Loader
from schema.base.refusals import Refusal, refusal_to_graphql

NAME_OF_ROW = attrgetter("id")


class Loaders(ListLoaders):
    """What an operation reads by ids, and its lists."""

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
            return _shown(claimable(viewer, customers, terms), reader)

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
    def pooled_and_claimable(self) -> Lists[UUID, Page[tables.Customer]]:
        """As `pooled`; whether the viewer may claim the customers is known then, too."""
        viewer, reader, pools, known = self.viewer, self.reader, self.pools, self.claimable

        async def read(pool_ids: list[UUID], **asked: Any) -> dict[UUID, Page[tables.Customer]]:
            found = await _found(pools, pool_ids)
            pages, terms = await shared_with_terms(viewer, found, **asked)
            customers = [each for page in pages.values() for each in page.nodes]
            answers = _shown(claimable(viewer, customers, terms), reader)
            known.prime_many(zip(customers, answers, strict=True))
            return pages

        return self._lists(read)


async def _found(
    pools: Loader[UUID, tables.Pool | None], ids: Iterable[UUID]
) -> dict[UUID, tables.Pool]:
    return {each.id: each for each in await pools.load_many(ids) if each}


def _shown(
    answers: Iterable[refusals.Refusal | Claimable], reader: Reader
) -> list[Refusal | Claimable]:
    return [
        answer if isinstance(answer, Claimable) else refusal_to_graphql(answer, reader)
        for answer in answers
    ]
