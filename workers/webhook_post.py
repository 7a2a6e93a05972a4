"""One attempt to post an event, signed."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from standardwebhooks import Webhook

from models.texts.text import Text
from models.webhooks import payloads
from models.webhooks.settling import Answer
from settings import Settings
from workers.guarded_post import ATTEMPT_SECONDS, GuardedPost, NotPosted


class Post:
    def __init__(self, post: GuardedPost) -> None:
        self._post = post

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, settings: Settings, seconds: float = ATTEMPT_SECONDS
    ) -> AsyncIterator["Post"]:
        async with GuardedPost.opened(settings, seconds) as post:
            yield cls(post)

    async def __call__(self, taken: dict[str, Any]) -> Answer:
        """Post one delivery that `attempts.take` returned; of the answer the status counts."""
        body = payloads.body(taken)
        try:
            reply = await self._post(taken["url"], _headers(taken, body), body.encode())
        except NotPosted as no:
            return Answer(None, no.why)
        return _answer_of(reply.status)


def _headers(taken: dict[str, Any], body: str) -> dict[str, str]:
    id, at = payloads.message_id(taken), taken["attempted_at"]
    return {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(taken["secret"]).sign(id, at, body),
    }


def _answer_of(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer(status, None)
    if 300 <= status < 400:
        elsewhere = Text("it answered {status}: redirects are not followed", status=status)
        return Answer(status, elsewhere)
    return Answer(status, Text("it answered {status}", status=status))
