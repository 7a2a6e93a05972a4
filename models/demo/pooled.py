"""Stories that end in the pool."""

from uuid import UUID

from models.demo import notes
from models.demo.lives import Life
from models.demo.narrator import Narrator
from models.demo.organizations import EAST, MANAGER, SOUTH
from models.demo.regions import IN_BOTH_POOLS


def pooled(teller: Narrator, number: int) -> Life:
    if number % 3 == 0:
        return teller.new(0)
    if number % 15 == 1:
        return _moved_here(teller)
    if number % 4 == 2:
        members = teller.region.members
        return _lost_lately(teller, members[number // 4 % len(members)])
    return _given_back(teller) if number % 4 == 3 else _lost(teller)


def _lost(teller: Narrator) -> Life:
    life = teller.lost_before()
    if teller.chance(0.3):
        life.claimed(teller.moment(teller.region.longest_hold + 4), teller.anyone())
    return life


def _lost_lately(teller: Narrator, member: UUID) -> Life:
    """Released by rule within the last days: the former owner is cooling down."""
    quiet = 10 if teller.region.pool.rules.first_follow_up_within else 15
    day = quiet + teller.random.randint(1, 2)
    life = teller.new(day)
    life.claimed(teller.moment(day), member)
    return life


def _given_back(teller: Narrator) -> Life:
    day = teller.random.randint(4, 60)
    life = teller.new(day)
    life.claimed(teller.moment(day), teller.anyone())
    teller.first_call(life)
    words = teller.random.choice(notes.GIVEN_BACK)
    life.given_back(teller.moment(day - teller.random.randint(1, 3)), words)
    return life


def _moved_here(teller: Narrator) -> Life:
    """Lost in the other pool, and moved over by the manager."""
    here = teller.region.pool
    life = teller.new(70, EAST if here is SOUTH else SOUTH)
    life.claimed(teller.moment(70), teller.random.choice(IN_BOTH_POOLS))
    teller.first_call(life)
    life.moved(teller.moment(teller.random.randint(5, 30)), MANAGER.id, here)
    return life
