"""One attempt to post a message to a webhook, signed."""

import contextlib
from collections.abc import AsyncIterator

from standardwebhooks import Webhook

from models.webhooks.answers import Answer, answer_of_status
from models.webhooks.guarded_post import ATTEMPT_SECONDS, GuardedPost, NotPosted
from models.webhooks.payloads import Message
from settings import Settings


class SignedPost:
    def __init__(self, post: GuardedPost) -> None:
        self._post = post

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, settings: Settings, seconds: float = ATTEMPT_SECONDS
    ) -> AsyncIterator["SignedPost"]:
        async with GuardedPost.opened(settings, seconds) as post:
            yield cls(post)

    async def __call__(self, url: str, secret: str, message: Message) -> Answer:
        """Post; of what comes back the status counts, and when to come again."""
        try:
            reply = await self._post(url, _headers(secret, message), message.body.encode())
        except NotPosted as no:
            return Answer(None, no.why)
        return answer_of_status(reply.status, reply.headers.get("Retry-After"))


def _headers(secret: str, message: Message) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(message.sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message.id, message.sent_at, message.body),
    }
