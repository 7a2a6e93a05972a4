"""Send alerts to channels: many at a time, few of one organization."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from models import database
from models.channels import ringing, settling, taking, turns
from models.channels.taking import Taken
from models.sharding.share import Share
from models.tables import ChannelDelivery
from models.texts.text import Text
from models.webhooks.answers import Answer
from models.webhooks.guarded_post import GuardedPost
from models.webhooks.settling import Patience
from settings import Settings
from workers.channels.message_post import MessagePost
from workers.measured import measured
from workers.outliving import outlast
from workers.pace import Pace
from workers.sender import Sender

# What happens within it comes in one message, also the first after a while.
GATHER = timedelta(seconds=5)

log = structlog.get_logger()


class Channels(Sender[Taken]):
    what = "channels"
    lock = database.Lock.CHANNELS
    organizations_due = taking.ORGANIZATIONS_DUE

    def __init__(
        self,
        settings: Settings,
        patience: Patience | None = None,
        pace: Pace | None = None,
        gather: timedelta = GATHER,
        share: Share | None = None,
    ) -> None:
        super().__init__(pace, share)
        self.settings = settings
        self.patience = patience or Patience()
        self.gather = gather
        self._post: MessagePost

    async def run(self) -> None:
        async with self.posting():
            await super().run()

    @contextlib.asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Hold the client of all attempts open."""
        seconds = self.pace.attempt_seconds
        async with GuardedPost.opened(self.settings, seconds) as post:
            self._post = MessagePost(post, self.settings, seconds)
            yield

    async def read(self) -> bool:
        return await ringing.ring(self.gather)

    async def forget(self) -> None:
        await ringing.forget_old()

    async def take(self, most: int, organization_id: UUID | None = None) -> Sequence[Taken]:
        pace, whose = self.pace, (dict(self.busy), organization_id)
        return await taking.take(*whose, part=pace.part, most=most, lease=pace.lease)

    def key_of(self, job: Taken) -> tuple[UUID, UUID]:
        return job.channel.id, job.channel.organization_id

    async def attempt(self, job: Taken) -> None:
        await outlast("a channel can't be served yet", lambda: self._turn(job))

    async def _turn(self, taken: Taken) -> None:
        if not taken.active:
            return await settling.close(taken)
        delivery = await turns.begin(taken)
        if delivery is not None:
            await self._send(taken, delivery)
        return None

    async def _send(self, taken: Taken, delivery: ChannelDelivery) -> None:
        answer = await measured(self.what, self._answer(taken, delivery))
        what = "a sent message can't be settled yet"
        await outlast(what, lambda: settling.settle(taken, delivery, answer, self.patience))

    async def _answer(self, taken: Taken, delivery: ChannelDelivery) -> Answer:
        try:
            return await self._post(taken, delivery)
        except Exception as fault:
            if database.retry_after(fault) is not None:
                raise
            log.exception("an attempt failed unexpectedly", channel=str(taken.channel.id))
            return Answer(None, Text("it can't be sent: {fault}", fault=type(fault).__name__))
