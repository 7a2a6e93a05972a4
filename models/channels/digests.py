"""What a message says: up to twenty alerts, each with a link to its customer, and no contact."""

from dataclasses import dataclass

from models.alerts.wording import words
from models.channels import reads
from models.channels.taking import Taken
from models.erasure import showing
from models.ledger.feed import Cursor
from models.masking.masks import mask_text
from models.rules.rules import MASKED
from models.tables import ChannelDelivery
from models.telemetry import tracing
from models.texts.text import Language, Reader, Text, render
from models.webhooks.payloads import global_id

MOST = 20
# Characters of a line: a comment may be much longer than a robot takes.
LONGEST = 300
PLACE = "{customerId}"


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """`more` is how many alerts have no line; `reader` says in which language to tell it."""

    title: str
    lines: tuple[Line, ...]
    more: int
    reader: Reader

    @property
    def ending(self) -> str | None:
        return render(Text("and {more} more", more=self.more), self.reader) if self.more else None

    def cut(self, lines: int) -> "Digest":
        """The same with so many lines; the others are only counted."""
        left = self.lines[:lines]
        more = self.more + len(self.lines) - len(left)
        return Digest(self.title, left, more, self.reader)


async def digest_of(taken: Taken, delivery: ChannelDelivery, template: str | None) -> Digest:
    """The words of a message, in the channel's language, as its alerts stand now.

    `template` is a link with PLACE in it, or None.
    """
    reader = Reader(Language(taken.channel.language), taken.time_zone)
    if delivery.greeting:
        return greeting(taken, reader)
    low = Cursor(delivery.from_txid, delivery.from_seq)
    high = Cursor(delivery.upto_txid, delivery.upto_seq)
    told = await reads.oldest(taken.channel, low, high, MOST)
    tracing.link(each.alert.event.details.get("traceparent") for each in told)
    lines = tuple(_line(each, taken, reader, template) for each in told)
    title = render(Text("Seapool: new alerts ({count})", count=delivery.alerts), reader)
    return Digest(title, lines, max(0, delivery.alerts - len(lines)), reader)


def greeting(taken: Taken, reader: Reader) -> Digest:
    whose = taken.member_name or taken.organization_name
    line = Text("Alerts of {whose} will arrive here.", whose=whose)
    return Digest("Seapool", (Line(render(line, reader)),), 0, reader)


def _line(told: reads.Told, taken: Taken, reader: Reader, template: str | None) -> Line:
    assert told.customer is not None
    customer = showing.shown(told.customer, reader)
    text = words(told.alert, customer, told.reader_id)
    if taken.channel.member_id is None:
        text = Text("{member}: {message}", member=told.reader_name, message=text)
    link = template and template.replace(PLACE, global_id("Customer", customer.id))
    # Whoever reads it there is no member to Seapool: no pool's rules show them a contact.
    shown = mask_text(render(text, reader), MASKED)
    return Line(shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…", link)
