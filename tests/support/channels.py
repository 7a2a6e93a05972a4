"""Channels, and a worker's steps one by one: no test waits."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models import database
from models.channels import channels, ringing, taking
from models.channels.fields import ChannelFields
from models.channels.kinds import ChannelKind
from models.channels.taking import Taken
from models.ownership import claims
from models.tables import Channel, ChannelDelivery, Customer, Pool
from models.viewers import Viewer
from settings import Settings
from tests.support.samples import Office, done
from workers.channels.sender import Channels

LEASE = timedelta(seconds=30)
# As if so much time had passed for all channels; the ledger stays as it is.
LATER = """
UPDATE channel SET next_at = next_at - '{0}'::interval, paced_at = paced_at - '{0}'::interval,
  leased_until = leased_until - '{0}'::interval, attempted_at = attempted_at - '{0}'::interval;
UPDATE channel_delivery SET next_at = next_at - '{0}'::interval,
  began_at = began_at - '{0}'::interval, created_at = created_at - '{0}'::interval,
  attempted_at = attempted_at - '{0}'::interval, ended_at = ended_at - '{0}'::interval
"""


async def channel(who: Viewer, kind: str, url: str | None = None, **fields: Any) -> Channel:
    """The viewer's own, or with `for_organization` the organization's."""
    given = fields_of(kind, url, **fields)
    return await channels.save(who, None, given, private=True, mails=True)


def fields_of(kind: str, url: str | None = None, **fields: Any) -> ChannelFields:
    return ChannelFields(ChannelKind(kind), **{"language": "zh", "url": url} | fields)


async def assigned(office: Office, pool: Pool, who: Viewer, how_many: int = 1) -> list[Customer]:
    """New customers that an admin assigns: an alert each."""
    admin = await office.admin()
    ids = await office.customers(pool, how_many)
    return [done(await claims.assign(admin, id, who.id)) for id in ids]


def hours(begin: int, end: int) -> dict[str, str]:
    """Quiet hours from so many hours after now until so many, by the clock of the office."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    times = [f"{now + timedelta(hours=each):%H:%M}" for each in (begin, end)]
    return dict(zip(("quiet_from", "quiet_to"), times, strict=True))


async def later(interval: str) -> None:
    for statement in LATER.format(interval).split(";"):
        await database.rows(statement)


async def deliveries() -> list[ChannelDelivery]:
    return await ChannelDelivery.all().order_by("created_at")


class Steps:
    """What one worker does: read the ledger, take what is due, send and settle it."""

    def __init__(self, sender: Channels) -> None:
        self.sender = sender

    async def take(self) -> list[Taken]:
        while await ringing.ring(timedelta(0)):
            pass
        return await taking.take({}, part=50, most=50, lease=LEASE)

    async def lead_to(self, url: str) -> None:
        """Give all channels another address, which a member could not."""
        await Channel.all().update(url=url)

    async def send(self) -> int:
        """Return how many channels were due."""
        taken = await self.take()
        for each in taken:
            await self.sender.attempt(each)
        return len(taken)


@contextlib.asynccontextmanager
async def sending(settings: Settings) -> AsyncIterator[Steps]:
    allowing = settings.model_copy(update={"webhooks_to_private_addresses": True})
    sender = Channels(allowing)
    async with sender.posting():
        yield Steps(sender)
