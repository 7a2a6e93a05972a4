"""Whose turn it is, without a database."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from models.distribution.turns import Receiver, Turns
from models.rules.distribution import Distribution, Strategy
from models.tables import Member

NOBODY: frozenset[UUID] = frozenset()


def receiver(
    number: int, *, held: int = 0, room: int | None = None, dealt_today: int = 0, last: int = 0
) -> Receiver:
    member = Member(id=UUID(int=number), organization_id=UUID(int=0))
    return Receiver(member, True, held, room, dealt_today, last)


def dealt(turns: Turns, count: int, forbidden: frozenset[UUID] = NOBODY) -> list[int | None]:
    """The numbers of those who get one customer after another."""
    found = [turns.next(forbidden) for _ in range(count)]
    return [each.member.id.int if each else None for each in found]


def test_in_turn_everyone_gets_one_before_anyone_gets_two() -> None:
    turns = Turns(Distribution(), [receiver(n) for n in (1, 2, 3)])
    assert dealt(turns, 7) == [1, 2, 3, 1, 2, 3, 1]


def test_the_next_day_goes_on_behind_the_last_one_of_the_day_before() -> None:
    some = [receiver(1, last=70), receiver(2, last=50), receiver(3, last=60)]
    turns = Turns(Distribution(), some)
    assert dealt(turns, 4) == [2, 3, 1, 2]


# A day is what enters at a time.
@given(some.lists(some.lists(some.integers(0, 9), max_size=5), max_size=6), some.integers(1, 5))
def test_all_get_as_many_within_one_each_day_and_over_all_days(
    days: list[list[int]], people: int
) -> None:
    every, last, whole = range(1, people + 1), Counter[int | None](), Counter[int | None]()
    for day in days:
        today = Counter[int | None]()
        for entering in day:
            team = [receiver(n, dealt_today=today[n], last=last[n]) for n in every]
            for who in dealt(Turns(Distribution(), team), entering):
                today[who] += 1
                whole[who] += 1
                last[who] = whole.total()
            for counts in (today, whole):
                assert max(counts[n] for n in every) - min(counts[n] for n in every) <= 1


def test_who_was_dealt_less_today_comes_first() -> None:
    turns = Turns(Distribution(), [receiver(1, dealt_today=3), receiver(2, dealt_today=1)])
    assert dealt(turns, 4) == [2, 2, 1, 2]


def test_least_loaded_first_evens_out_what_they_hold() -> None:
    least = Distribution(Strategy.LEAST_LOADED)
    turns = Turns(least, [receiver(1, held=5), receiver(2, held=2), receiver(3, held=4)])
    assert Counter(dealt(turns, 4)) == {2: 3, 3: 1}
    assert Counter(dealt(turns, 3)) == {1: 1, 2: 1, 3: 1}


def test_a_quota_is_of_a_day_and_a_full_one_gets_nothing() -> None:
    few = Distribution(quota=3)
    some = [receiver(1, dealt_today=2), receiver(2, room=1), receiver(3, room=-2), receiver(4)]
    turns = Turns(few, some)
    assert dealt(turns, 6) == [2, 4, 4, 1, 4, None]
    assert not turns


def test_one_who_may_not_have_a_customer_keeps_their_turn() -> None:
    turns = Turns(Distribution(), [receiver(1), receiver(2)])
    assert dealt(turns, 1, frozenset([UUID(int=1)])) == [2]
    assert dealt(turns, 3) == [1, 2, 1]


def test_what_is_forbidden_to_all_is_nobodys_and_costs_no_turn() -> None:
    turns = Turns(Distribution(), [receiver(1), receiver(2)])
    assert dealt(turns, 1, frozenset([UUID(int=1), UUID(int=2)])) == [None]
    assert dealt(turns, 2) == [1, 2]
