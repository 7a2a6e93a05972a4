"""Every customer of the demo, with what happened to it until now."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from models.demo import held
from models.demo.companies import Company, Registry
from models.demo.company_names import EAST as EASTERN_CITIES
from models.demo.lives import Life
from models.demo.narrator import Narrator
from models.demo.organizations import ELSEWHERE, ORGANIZATIONS, STAFF_OF_OTHER, id_of
from models.demo.pooled import pooled
from models.demo.regions import (
    DAY,
    FRESH,
    HELD_BY_GUESTS,
    HELD_ELSEWHERE,
    HOUR,
    MINUTE,
    NEAR,
    POOLED_ELSEWHERE,
    REGIONS,
    STEADY,
    WON,
)
from models.rules.calendars import Calendar


def tell(random: Random, calendar: Calendar, now: datetime) -> list[Life]:
    # Companies come by a chance of their own: the same ones in the same places at any hour.
    lives, registry = list[Life](), Registry(Random(random.getrandbits(64)))
    for region in REGIONS:
        lives += _told(Narrator(random, calendar, now, region, registry))
    lives += _elsewhere(calendar, now, registry, lives[0].company)
    for life in lives:
        life.passes(now)
    return lives


def _told(teller: Narrator) -> list[Life]:
    taken = [*_held_by_members(teller), *_held_by_guests(teller)]
    left = teller.region.customers - len(taken)
    return [*taken, *(pooled(teller, number) for number in range(left))]


def _held_by_members(teller: Narrator) -> Iterator[Life]:
    for member in teller.region.members:
        for number, left in enumerate(NEAR):
            yield held.near(teller, member, teller.now + left + teller.some(MINUTE), number)
        yield from (held.fresh(teller, member) for _ in range(FRESH))
        yield from (held.steady(teller, member) for _ in range(STEADY))
        yield from (held.won(teller, member) for _ in range(WON))


def _held_by_guests(teller: Narrator) -> Iterator[Life]:
    for email, count in HELD_BY_GUESTS.items():
        member = id_of("member", email)
        if member in teller.region.guests:
            yield from (held.fresh(teller, member) for _ in range(count))


def _elsewhere(
    calendar: Calendar, now: datetime, registry: Registry, shared: Company
) -> list[Life]:
    """The other organization knows one of the first one's customers, and neither can tell."""
    admin, count = STAFF_OF_OTHER[0].id, HELD_ELSEWHERE + POOLED_ELSEWHERE
    known = [shared, *(registry.another(EASTERN_CITIES) for _ in range(count - 1))]
    lives = [Life(company, ORGANIZATIONS[1].id, ELSEWHERE, calendar) for company in known]
    for life in lives:
        life.created(now - 20 * DAY, admin)
    for hours, life in enumerate(lives[-HELD_ELSEWHERE:]):
        life.claimed(now - 3 * DAY - hours * HOUR, admin)
    return lives
