"""What an operation's member and organization may have of the service: budgets, and places.

A budget bounds what somebody asks for in a minute. Places bound what somebody runs at once in one
process: the others then wait for a part of it, never for all that one client has sent.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from models.viewers import Viewer
from schema.base.errors import OverBudget
from schema.fairness.budgets import WINDOW_SECONDS, Budgets
from schema.fairness.gates import Gate
from settings import Settings

# Units of cost that run at once in one process, of a member and of an organization.
SIZES = (4_000, 8_000)
NAMES = ("member", "organization")
# A claim, or a page of a pool: it never waits, as short work delays nobody for long.
LIGHT = 1_000
# Below the deadline of a request, which has work left then.
WAIT_SECONDS = 6.0


@dataclass(slots=True)
class Shares:
    """What the operations of one process share."""

    budgets: Budgets = field(default_factory=Budgets)
    _gates: WeakValueDictionary[str, Gate] = field(default_factory=WeakValueDictionary)

    @contextlib.asynccontextmanager
    async def place(self, viewer: Viewer, cost: int, settings: Settings) -> AsyncIterator[None]:
        """Run an operation of the viewer while entered.

        Raises OverBudget if its member or organization has spent too much, and charges nothing
        then; or if operations of theirs do not end within WAIT_SECONDS.
        """
        self.charge(viewer, cost, settings)
        if cost <= LIGHT:
            yield
            return
        async with contextlib.AsyncExitStack() as inside:
            try:
                async with asyncio.timeout(WAIT_SECONDS):
                    for spender, size in zip(_spenders(viewer), SIZES, strict=True):
                        await inside.enter_async_context(self._gate(spender, size).passing(cost))
            except TimeoutError:
                raise OverBudget(1) from None
            yield

    def charge(self, viewer: Viewer, cost: int, settings: Settings) -> None:
        """Take the cost from both budgets, or from none. Raises OverBudget."""
        charged = [*zip(_spenders(viewer), _budgets(settings), strict=True)]
        if wait := max(self.budgets.wait(spender, cost, budget) for spender, budget in charged):
            raise OverBudget(wait)
        for spender, budget in charged:
            self.budgets.spend(spender, cost, budget)

    def told(self, viewer: Viewer, settings: Settings) -> dict[str, str]:
        """Return the headers that tell what is left: draft-ietf-httpapi-ratelimit-headers-10."""
        policies, limits = [], []
        charged = zip(NAMES, _spenders(viewer), _budgets(settings), strict=True)
        for name, spender, budget in charged:
            policies.append(f'"{name}";q={budget};w={WINDOW_SECONDS}')
            left, full_in = self.budgets.left(spender, budget), self.budgets.full_in(spender)
            limits.append(f'"{name}";r={left};t={full_in}')
        return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(limits)}

    def _gate(self, spender: str, size: int) -> Gate:
        """Those who pass it keep it."""
        gate = self._gates.get(spender)
        if gate is None:
            gate = self._gates[spender] = Gate(size)
        return gate


def _spenders(viewer: Viewer) -> tuple[str, str]:
    organization = str(viewer.organization.id)
    return f"{organization}:{viewer.id}", organization


def _budgets(settings: Settings) -> tuple[int, int]:
    return settings.member_budget, settings.organization_budget


shares = Shares()
