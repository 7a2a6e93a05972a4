"""What a channel is saved with, and what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from models.channels.kinds import SIGNED, ChannelKind
from models.refusals import InvalidInput, Problem
from models.rules.durations import Span
from models.texts.text import Text
from models.viewers import Viewer

SHORTEST_DIGEST, LONGEST_DIGEST = timedelta(minutes=1), timedelta(days=1)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
SECRET_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ChannelFields:
    """As a request gives them; None: not given. `pool_ids` may have ids that are not known."""

    kind: ChannelKind
    language: str
    url: str | None = None
    secret: str | None = None
    for_organization: bool | None = None
    kinds: tuple[str, ...] | None = None
    pool_ids: tuple[UUID, ...] | None = None
    quiet_from: str | None = None
    quiet_to: str | None = None
    digest_every: Span | None = None

    @property
    def digest_seconds(self) -> int:
        every = self.digest_every.length if self.digest_every else timedelta(minutes=5)
        return int(every.total_seconds())


def check_fields(viewer: Viewer, fields: ChannelFields, *, group: bool, mails: bool) -> None:
    """Raises InvalidInput with all problems but those of the address."""
    problems = tuple(_problems(viewer, fields, group, mails))
    if problems:
        raise InvalidInput(problems)


def _problems(viewer: Viewer, fields: ChannelFields, group: bool, mails: bool) -> Iterator[Problem]:
    if fields.kind is ChannelKind.EMAIL:
        yield from _problems_of_mail(fields, group, mails)
    if fields.secret and fields.kind not in SIGNED:
        yield Problem(
            "channel.secret", "leave it out: only DINGTALK and FEISHU have a signing secret"
        )
    if fields.secret and not _is_secret(fields.secret):
        text = Text("must be visible ASCII, at most {most} characters", most=SECRET_LENGTH)
        yield Problem("channel.secret", text)
    if fields.kinds is not None and not fields.kinds:
        yield Problem("channel.kinds", "name at least one kind; leave it out for all kinds")
    yield from _problems_of_pools(viewer, fields, group)
    yield from _problems_of_times(fields)


def _problems_of_mail(fields: ChannelFields, group: bool, mails: bool) -> Iterator[Problem]:
    if not mails:
        yield Problem(
            "channel.kind", "this server sends no email: its operator has to set SEAPOOL_SMTP_URL"
        )
    if group:
        yield Problem("channel.kind", "email goes to a member's own address only")
    if fields.url:
        yield Problem("channel.url", "leave it out: email goes to your own address")


def _problems_of_pools(viewer: Viewer, fields: ChannelFields, group: bool) -> Iterator[Problem]:
    if fields.pool_ids is None:
        return
    if not group:
        yield Problem("channel.poolIds", "leave it out: only a channel of the organization has it")
    elif not fields.pool_ids:
        yield Problem("channel.poolIds", "name at least one pool; leave it out for all pools")
    for n, pool_id in enumerate(fields.pool_ids):
        if not viewer.sees_pool(pool_id):
            yield Problem(f"channel.poolIds.{n}", "is not known")


def quiet_problems(begin: str | None, end: str | None, prefix: str = "") -> Iterator[Problem]:
    """What is wrong with quiet hours: local times, both or neither."""
    for path, value, other in (("quietFrom", begin, end), ("quietTo", end, begin)):
        if value is not None and not TIME.fullmatch(value):
            yield Problem(f"{prefix}{path}", "must be a local time, e.g. 22:00")
        elif value is None and other is not None:
            yield Problem(f"{prefix}{path}", "give both ends of the quiet hours, or neither")
    if begin is not None and begin == end:
        yield Problem(f"{prefix}quietTo", "must be another time than quietFrom")


def _problems_of_times(fields: ChannelFields) -> Iterator[Problem]:
    yield from quiet_problems(fields.quiet_from, fields.quiet_to, "channel.")
    every = fields.digest_every
    if every and not SHORTEST_DIGEST <= every.length <= LONGEST_DIGEST:
        yield Problem("channel.digestEvery", "must be from PT1M to P1D")


def _is_secret(secret: str) -> bool:
    return len(secret) <= SECRET_LENGTH and secret.isascii() and secret.isprintable()
