"""A small organization in which a path to a customer, or to a later deadline, is tried."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from models.customers import csv_import
from models.ownership import claims, releases
from models.pools import pools
from models.refusals import Refusal
from models.rules.rules import Rules
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.samples import Office, found

numbers = count(1)


@dataclass
class World:
    """`li` wants the customer `name`, `han` is a colleague, `other` is a second pool."""

    office: Office
    pool: Pool
    other: Pool
    li: Viewer
    han: Viewer
    name: str

    @classmethod
    async def of(cls, rules: Mapping[str, Any], other: Mapping[str, Any]) -> "World":
        """With rules in the form in which they are stored."""
        office = await found()
        pool, second = await office.pool(**rules), await office.pool(**other)
        li, han = await office.person("李雷"), await office.person("韩梅梅")
        return cls(office, pool, second, li, han, f"云帆科技{next(numbers)}")

    async def admin(self) -> Viewer:
        return await self.office.admin()

    async def look_again(self) -> None:
        """After a return or a change of rules."""
        self.li = await self.office.viewer(self.li.id)

    async def customer(self) -> Customer | None:
        return await Customer.get_or_none(organization_id=self.office.id, name=self.name)

    async def known(self) -> Customer:
        customer = await self.customer()
        assert customer is not None
        return customer

    async def enters(self) -> None:
        """The customer comes into the pool, unless it is there already."""
        if await self.customer() is None:
            await csv_import.import_customers(
                await self.admin(), self.pool.id, f"name\n{self.name}"
            )

    async def given_to(self, who: Viewer) -> None:
        """By an administrator: only capacity holds."""
        await self.enters()
        admin = await self.admin()
        outcome = await claims.assign(admin, (await self.known()).id, who.id)
        assert not isinstance(outcome, Refusal), outcome

    async def lost_by_li(self) -> None:
        await self.given_to(self.li)
        await releases.give_back(self.li, (await self.known()).id, "不合适")

    async def fill(self) -> None:
        """Li claims as many others of both pools as the limits of each allow, one at most."""
        for pool in (self.pool, self.other):
            await claims.claim(self.li, [await self.office.customer(pool)])

    async def change_rules(self, **rules: Any) -> None:
        """Of both pools."""
        admin = await self.admin()
        for pool in (self.pool, self.other):
            await pools.change_rules(admin, pool.id, Rules.from_json(rules))


@contextlib.asynccontextmanager
async def refusals_are_answers() -> AsyncIterator[None]:
    with contextlib.suppress(Refusal):
        yield


Act = Callable[[World], Awaitable[object]]
