"""A salesperson who claims the customers of a pool, one after another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from models.tables import Pool
from models.viewers import Viewer
from tests.support.asking import CLAIM, ask, customer_gid, gid
from tests.support.running import Client


@dataclass
class Sales:
    api: Client
    seller: Viewer
    pool: Pool
    customers: list[UUID]
    # A feed's cursor before the first claim.
    now: str
    claimed: list[str] = field(default_factory=list)

    @property
    def token(self) -> str:
        return self.api.token(self.seller.member)

    @property
    def name(self) -> str:
        return self.seller.member.name

    @property
    def pool_id(self) -> str:
        return gid("Pool", self.pool.id)

    async def claim(self, how_many: int) -> None:
        for customer in self._free(how_many):
            answer = await ask(self.api, self.seller, CLAIM, customer=customer)
            assert answer["__typename"] == "Claimed", answer
            self.claimed.append(customer)

    def _free(self, how_many: int) -> Iterator[str]:
        taken = len(self.claimed)
        yield from map(customer_gid, self.customers[taken : taken + how_many])
