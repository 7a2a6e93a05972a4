"""Stories that end in somebody's private pool."""

from datetime import datetime
from uuid import UUID

from models.demo import notes
from models.demo.lives import Life
from models.demo.narrator import Narrator
from models.demo.organizations import MANAGER
from models.demo.regions import DAY, MINUTE


def near(teller: Narrator, member: UUID, due: datetime, number: int) -> Life:
    """Held until `due`, by one rule or another."""
    if number % 3 == 1 and due - teller.now < DAY:
        return _at_its_end(teller, member, due)
    if number % 3 == 2 and teller.before(due, "follow_up_within") < teller.now:
        return _lapsing(teller, member, due)
    return _untouched(teller, member, due)


def fresh(teller: Narrator, member: UUID) -> Life:
    day = teller.random.randint(1, 5)
    life = teller.new(day)
    if teller.chance(0.2):
        life.assigned(teller.moment(day), member, MANAGER.id)
    else:
        life.claimed(teller.moment(day), member)
    if teller.chance(0.6):
        teller.first_call(life)
    return life


def steady(teller: Narrator, member: UUID) -> Life:
    day = teller.random.randint(8, teller.region.longest_hold - 3)
    life = teller.lost_before(member) if teller.chance(0.4) else teller.new(day + 5)
    if teller.chance(0.15):
        life.claimed(teller.moment(day + 2), teller.other_than(member))
        life.transferred(teller.moment(day), member, MANAGER.id)
    else:
        life.claimed(teller.moment(day), member)
    teller.first_call(life)
    teller.keep_in_touch(life, day)
    return life


def won(teller: Narrator, member: UUID) -> Life:
    day = teller.random.randint(35, 80)
    life = teller.new(day)
    life.claimed(teller.moment(day), member)
    teller.first_call(life)
    last = teller.keep_in_touch(life, day, until=day - 14)
    signed = teller.moment(last - 1)
    teller.follow_up(life, signed, notes.SIGNING, day)
    life.won(signed + 20 * MINUTE, teller.random.randint(8, 90) * 1000)
    teller.follow_up(life, teller.moment(last - 12), notes.AFTER, day)
    return life


def _untouched(teller: Narrator, member: UUID, due: datetime) -> Life:
    rules = teller.region.pool.rules
    first = "first_follow_up_within" if rules.first_follow_up_within else "follow_up_within"
    claimed_at = teller.before(due, first)
    life = teller.new(teller.days_since(claimed_at))
    life.claimed(claimed_at, member)
    return life


def _lapsing(teller: Narrator, member: UUID, due: datetime) -> Life:
    """Followed up before, but not lately."""
    last = teller.before(due, "follow_up_within")
    quiet = teller.days_since(last)
    life = teller.new(quiet + 9)
    life.claimed(teller.moment(quiet + 9), member)
    teller.keep_in_touch(life, quiet + 9, until=quiet)
    teller.follow_up(life, last, notes.NEXT, quiet)
    return life


def _at_its_end(teller: Narrator, member: UUID, due: datetime) -> Life:
    """Worked all along; now its longest hold, or the time for a deal, runs out."""
    longest = "max_hold" if teller.region.pool.rules.max_hold else "deal_within"
    claimed_at = teller.before(due, longest)
    life = teller.new(teller.days_since(claimed_at))
    life.claimed(claimed_at, member)
    teller.keep_in_touch(life, teller.region.longest_hold - 1)
    return life
