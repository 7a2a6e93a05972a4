"""The sweep: it does every few seconds what lost alarms and crashed processes left undone."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from models import database, heartbeat
from models.duplicates.backlog import keep_all
from models.erasure.moving import move_all
from models.holding.absences import settle_absences
from models.holding.alarms import arm_soon, organizations_due
from models.holding.reevaluation import reevaluate, reevaluate_due
from models.holding.reminders import remind_due
from models.imports import stored
from models.ownership.drain import release_due, release_due_of
from models.ownership.leavers import release_leavers
from models.pools.escalation import escalate_due
from models.sharding.share import ALL, Share
from workers.outliving import outlive

SECONDS = 2.0
ARM_AHEAD_SECONDS = 90.0
ARM_EVERY_SECONDS = 30.0
ESCALATE_EVERY_SECONDS = 30.0

# What each part did, for the log; each for the organizations of a share: it finds in common where
# there is something to do, and does it by statements of one organization each.
CATCHING_UP: tuple[tuple[str, Callable[[Share], Awaitable[int]]], ...] = (
    ("finished the leaving of members who still held customers", release_leavers),
    ("re-evaluated customers under new rules", reevaluate),
    ("moved deadlines of absent members once more", settle_absences),
    ("wrote the keys and sort names of customers that had none", keep_all),
    ("moved texts out of the ledger that the release before wrote", move_all),
)

log = structlog.get_logger()


class Sweep:
    """One loop per worker. The one with the advisory lock works; each writes its heartbeat.

    Where the organizations are shared, one worker of each share works, for its organizations alone.
    """

    def __init__(self, worker: str, seconds: float = SECONDS, share: Share | None = None) -> None:
        self.worker = worker
        self.seconds = seconds
        self.share = share
        self._served = share or ALL
        self._part = share.number if share else 0
        self._armed_at = 0.0
        self._escalated_at = 0.0

    async def run(self) -> None:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._every(self.once))
            loops.create_task(self._every(self.catch_up))

    async def _every(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            started = time.monotonic()
            try:
                await work()
            except Exception as fault:
                outlive("the sweep failed and tries again", fault, worker=self.worker)
            await asyncio.sleep(max(0.1, self.seconds - (time.monotonic() - started)))

    async def once(self) -> None:
        await heartbeat.beat(self.worker)
        async with database.advisory_lock(database.Lock.SWEEP, self._part) as alone:
            if alone:
                await self._repair()

    async def catch_up(self) -> None:
        """Finish leavers and re-evaluate beside the sweep: it must not wait for many customers.

        And write what customers lack that a process of the release before has made or changed,
        move the texts that it wrote, and tell administrators what is about to be released.
        """
        async with database.advisory_lock(database.Lock.REEVALUATION, self._part) as alone:
            for did, act in CATCHING_UP if alone else ():
                await self._catch_up(did, act)
            if alone and time.monotonic() - self._escalated_at >= ESCALATE_EVERY_SECONDS:
                await self._catch_up(
                    "told administrators what is about to be released", escalate_due
                )
                self._escalated_at = time.monotonic()

    async def _catch_up(self, did: str, act: Callable[[Share], Awaitable[int]]) -> None:
        """Do a part of it; if it fails, the other parts go on."""
        try:
            if count := await act(self._served):
                log.info(did, count=count)
        except Exception as fault:
            outlive("the sweep failed and tries again", fault, worker=self.worker, part=did)

    async def _repair(self) -> None:
        reminded, released = await (self._serve(self.share) if self.share else self._serve_all())
        if time.monotonic() - self._armed_at > ARM_EVERY_SECONDS:
            await self._tidy()
            self._armed_at = time.monotonic()
        if reminded or released:
            log.info("the sweep released or reminded", reminded=reminded, released=released)

    async def _serve_all(self) -> tuple[int, int]:
        """Remind and release what is due, in common statements; return how many of each."""
        reminded = await remind_due()
        await reevaluate_due()
        return reminded, await release_due()

    async def _serve(self, share: Share) -> tuple[int, int]:
        """The same for the organizations of a share, one after another."""
        reminded = released = 0
        for each in await organizations_due():
            if share.has(each):
                reminded += await remind_due(each)
                await reevaluate_due(each)
                released += await release_due_of(each)
        return reminded, released

    async def _tidy(self) -> None:
        """Done for all organizations, by the worker of each share: a second time does nothing.

        So it does not hang on a share whose worker is away.
        """
        await arm_soon(ARM_AHEAD_SECONDS)
        await heartbeat.forget_old()
        await stored.forget_old()
