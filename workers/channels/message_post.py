"""One attempt to send a message of a channel."""

from email.errors import MessageError

from models.channels.answers import answer_of
from models.channels.digests import Digest, digest_of
from models.channels.kinds import ChannelKind
from models.channels.mails import mail_of
from models.channels.robots import request_of
from models.channels.taking import Taken
from models.tables import ChannelDelivery
from models.texts.text import Text
from models.webhooks.answers import Answer
from models.webhooks.guarded_post import GuardedPost, NotPosted
from settings import Settings
from workers.channels.mail_post import send_mail

HEADERS = {"Content-Type": "application/json; charset=utf-8"}


class MessagePost:
    def __init__(self, post: GuardedPost, settings: Settings, seconds: float) -> None:
        self._post = post
        self._settings = settings
        self._seconds = seconds

    async def __call__(self, taken: Taken, delivery: ChannelDelivery) -> Answer:
        digest = await digest_of(taken, delivery, self._settings.link_template)
        if taken.channel.kind == ChannelKind.EMAIL:
            return await self._mail(taken, delivery, digest)
        return await self._to_robot(taken, digest)

    async def _to_robot(self, taken: Taken, digest: Digest) -> Answer:
        channel = taken.channel
        kind = ChannelKind(channel.kind)
        assert channel.url is not None
        request = request_of(kind, channel.url, channel.secret, digest, taken.now)
        try:
            reply = await self._post(request.url, HEADERS, request.body, read=True)
        except NotPosted as no:
            return Answer(None, no.why)
        return answer_of(kind, reply.status, reply.body, reply.headers.get("Retry-After"))

    async def _mail(self, taken: Taken, delivery: ChannelDelivery, digest: Digest) -> Answer:
        url, sender = self._settings.smtp_url, self._settings.smtp_from
        if not url or not sender or not taken.email:
            return Answer(None, Text("this server sends no email"))
        try:
            mail = mail_of(digest, delivery, sender, taken.email, taken.now)
        except (ValueError, MessageError):
            return Answer(None, Text("the member's email address is none"))
        return await send_mail(mail, url, self._seconds)
