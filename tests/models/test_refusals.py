from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest

from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Duplicate,
    DuplicateFound,
    Forbidden,
    InvalidInput,
    LockLimitReached,
    NotFound,
    NotHolder,
    NotYetOpen,
    Problem,
    Refusal,
)

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
EVERY = [
    (AlreadyHeld(), "This customer already has an owner."),
    (CapacityReached(20, 20), "The private pool is full: 20 held, 20 allowed."),
    (
        DailyLimitReached(5, AT),
        "No more than 5 claims a day; the next from 23 November 2026, 08:00 (UTC).",
    ),
    (
        CoolingDown(AT),
        "You released or lost this customer recently;"
        " claim it again from 23 November 2026, 08:00 (UTC).",
    ),
    (
        NotYetOpen(AT),
        "This customer is new to the pool and opens at 23 November 2026, 08:00 (UTC).",
    ),
    (NotHolder(), "Only the owner of this customer may do that."),
    (LockLimitReached(3), "No more than 3 customers may be locked at a time."),
    (
        DuplicateFound((Duplicate(("REGISTRATION_NUMBER", "NAME"), "IN_POOL", UUID(int=1)),)),
        "This customer is already registered: the same registration number, name.",
    ),
    (Forbidden("Admins only."), "Admins only."),
    (NotFound(), "Not found."),
    (InvalidInput((Problem("csv", "is empty"),)), "csv: is empty"),
    (InvalidInput((Problem("a", "b"), Problem("c", "d"))), "2 values are wrong."),
]


@pytest.mark.parametrize(("refusal", "words"), EVERY, ids=lambda each: type(each).__name__)
def test_a_refusal_says_itself_in_words(refusal: Refusal, words: str) -> None:
    assert refusal.message == str(refusal) == words


def test_refusals_are_equal_by_their_facts() -> None:
    assert CapacityReached(1, 2) == CapacityReached(held=1, capacity=2)
    assert CapacityReached(1, 2) != CapacityReached(2, 2)
    assert len({AlreadyHeld(), NotHolder()}) == 2
    assert len({NotFound(), NotFound()}) == 1


@contextmanager
def through() -> Iterator[None]:
    yield


def test_a_refusal_can_be_raised_through_a_context() -> None:
    with pytest.raises(CapacityReached) as raised, through():
        raise CapacityReached(1, 2)
    assert raised.value == CapacityReached(1, 2)
