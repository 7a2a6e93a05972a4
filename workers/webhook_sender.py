"""Post events to webhooks: many at a time, few to one URL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog

from models import database
from models.sharding.share import Share
from models.texts.text import Text
from models.webhooks import attempts, outbox, payloads
from models.webhooks.answers import Answer
from models.webhooks.settling import Patience
from models.webhooks.signed_post import SignedPost
from settings import Settings
from workers.measured import measured
from workers.pace import Pace
from workers.sender import Sender
from workers.webhook_settling import settle

log = structlog.get_logger()


class Webhooks(Sender[dict[str, Any]]):
    what = "webhooks"
    lock = database.Lock.WEBHOOKS
    organizations_due = attempts.ORGANIZATIONS_DUE

    def __init__(
        self,
        settings: Settings,
        patience: Patience | None = None,
        pace: Pace | None = None,
        share: Share | None = None,
    ) -> None:
        super().__init__(pace, share)
        self.settings = settings
        self.patience = patience or Patience()
        self._post: SignedPost

    async def run(self) -> None:
        async with SignedPost.opened(self.settings, self.pace.attempt_seconds) as self._post:
            await super().run()

    async def read(self) -> bool:
        return await outbox.queue_new()

    async def forget(self) -> None:
        await outbox.forget_old()

    async def take(
        self, most: int, organization_id: UUID | None = None
    ) -> Sequence[dict[str, Any]]:
        pace, whose = self.pace, (dict(self.busy), self.under_way, organization_id)
        return await attempts.take(
            *whose, each=pace.each, part=pace.part, most=most, lease=pace.lease
        )

    def key_of(self, job: dict[str, Any]) -> tuple[UUID, UUID]:
        return job["id"], job["webhook_id"]

    async def attempt(self, job: dict[str, Any]) -> None:
        answer = await measured(self.what, self._answer(job), [job["origin"]])
        await settle(job, answer, self.patience)

    async def _answer(self, taken: dict[str, Any]) -> Answer:
        try:
            return await self._post(taken["url"], taken["secret"], payloads.of_event(taken))
        except Exception as fault:
            log.exception("an attempt failed unexpectedly", url=taken["url"])
            return Answer(None, Text("it can't be posted: {fault}", fault=type(fault).__name__))
