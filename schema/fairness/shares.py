"""What an operation's member and organization may have of the service: budgets, and places.

A budget bounds what somebody asks for in a minute. Places bound what somebody runs at once in one
process: the others then wait for a part of it, never for all that one client has sent.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cache
from weakref import WeakValueDictionary

from schema.base.errors import OverBudget
from schema.fairness.budgets import WINDOW_SECONDS, Budgets
from schema.fairness.gates import Gate
from schema.fairness.spenders import Spenders
from settings import Settings

# Units of cost that run at once in one process, of a member and of an organization.
SIZES = (4_000, 8_000)
# A claim, or a page of a pool: it never waits, as short work delays nobody for long.
LIGHT = 1_000
NO_PLACE = contextlib.nullcontext()
# What is refused costs so much a character, as nobody gains by it: a minute has room for few.
REFUSED = 100
MOST_REFUSED = 16 * 1024
# Below the deadline of a request, which has work left then.
WAIT_SECONDS = 6.0


@dataclass(slots=True)
class Shares:
    """What the operations of one process share."""

    budgets: Budgets = field(default_factory=Budgets)
    _gates: WeakValueDictionary[str, Gate] = field(default_factory=WeakValueDictionary)

    def place(self, spenders: Spenders, cost: int) -> AbstractAsyncContextManager[None]:
        """Run an operation of theirs while entered.

        Raises OverBudget if other operations of theirs do not end within WAIT_SECONDS.
        """
        return NO_PLACE if cost <= LIGHT else self._place(spenders, cost)

    def charge(self, spenders: Spenders, cost: int, settings: Settings) -> None:
        """Take the cost from both budgets, or from none. Raises OverBudget."""
        if wait := self.wait(spenders, cost, settings):
            raise OverBudget(wait)
        self.budgets.spend(spenders.member, cost, settings.member_budget)
        self.budgets.spend(spenders.organization, cost, settings.organization_budget)

    def wait(self, spenders: Spenders, cost: int, settings: Settings) -> float:
        """Return the seconds until both may spend so much; 0 if they may now."""
        member = self.budgets.wait(spenders.member, cost, settings.member_budget)
        whole = self.budgets.wait(spenders.organization, cost, settings.organization_budget)
        return member if member > whole else whole

    def fine(self, spenders: Spenders, characters: int, settings: Settings) -> None:
        """Charge for something refused, also who has not so much: then `check_debts` raises."""
        fine = min(REFUSED * min(characters, MOST_REFUSED), settings.member_budget)
        self.budgets.fine(spenders.member, fine, settings.member_budget)
        self.budgets.fine(spenders.organization, fine, settings.organization_budget)

    def check_debts(self, spenders: Spenders, settings: Settings) -> None:
        """Raises OverBudget where fines exceed a budget: before anything else is done for them."""
        if wait := self.wait(spenders, 0, settings):
            raise OverBudget(wait)

    def told(self, spenders: Spenders, settings: Settings) -> dict[str, str]:
        """Return the headers that tell what is left: draft-ietf-httpapi-ratelimit-headers-11.

        A unit is one of cost. The draft has no name for it, so there is no `qu`.
        """
        mine, whole = settings.member_budget, settings.organization_budget
        left, full = self.budgets.left(spenders.member, mine)
        all_left, all_full = self.budgets.left(spenders.organization, whole)
        return {
            "RateLimit-Policy": _policy(mine, whole),
            "RateLimit": f'"member";r={left};t={full}, "organization";r={all_left};t={all_full}',
        }

    @contextlib.asynccontextmanager
    async def _place(self, spenders: Spenders, cost: int) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as inside:
            try:
                async with asyncio.timeout(WAIT_SECONDS):
                    for spender, size in zip(spenders, SIZES, strict=True):
                        await inside.enter_async_context(self._gate(spender, size).passing(cost))
            except TimeoutError:
                raise OverBudget(1) from None
            yield

    def _gate(self, spender: str, size: int) -> Gate:
        """Those who pass it keep it."""
        gate = self._gates.get(spender)
        if gate is None:
            gate = self._gates[spender] = Gate(size)
        return gate


@cache
def _policy(mine: int, whole: int) -> str:
    """Of a process, whose settings are the same for all."""
    window = f"w={WINDOW_SECONDS}"
    return f'"member";q={mine};{window}, "organization";q={whole};{window}'


shares = Shares()
