"""What a preview counts, and which examples it keeps of those whose release moves."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from models.pools.preview_tally import MOST_EXAMPLES, Tally
from models.refusals import InvalidInput
from models.rules.calendars import Calendar
from models.rules.evaluation import Ownership
from models.rules.rules import Rules
from models.tables import Pool

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HELD = timedelta(days=20)
OWNER = UUID(int=1)


def test_the_hundred_that_move_the_most_are_kept_and_the_nearer_of_two_alike() -> None:
    draw = random.Random(5)
    rules = Rules.from_json({"max_hold": "P20D"})
    tally = Tally(Pool(rules_version=1), rules, Calendar(ZoneInfo("UTC")), AT, absences={})
    moved = []
    for n in range(4 * MOST_EXAMPLES):
        # Many move as far as others do.
        claimed_at = AT - timedelta(days=draw.randrange(15))
        today = claimed_at + HELD + timedelta(days=draw.randrange(-4, 5))
        owned = Ownership(claimed_at, None, None, None, False, None, None, None)
        tally.add(owned, UUID(int=n), OWNER, 1, None if n % 9 == 0 else today)
        moved.append((None if n % 9 == 0 else today, claimed_at + HELD, UUID(int=n)))
    moved = [each for each in moved if each[0] != each[1]]

    def rank(each: tuple[datetime | None, datetime, UUID]) -> tuple[timedelta, float, UUID]:
        today, proposed, id = each
        distance = abs(today - proposed) if today else timedelta.max
        return distance, -min(today or proposed, proposed).timestamp(), id

    most = sorted(moved, key=rank, reverse=True)[:MOST_EXAMPLES]
    told = tally.told([], dealt_at_once=0)
    kept = told.moved_most
    assert [(each.today, each.proposed, each.customer_id) for each in kept] == most
    assert tally.moves.total() == 4 * MOST_EXAMPLES
    assert (told.examples(1), told.examples(MOST_EXAMPLES)) == (kept[:1], kept)
    for first in (0, MOST_EXAMPLES + 1):
        with pytest.raises(InvalidInput):
            told.examples(first)


def test_a_release_at_the_end_of_a_time_is_within_it() -> None:
    rules, utc = Rules.from_json({"max_hold": "P3D"}), Calendar(ZoneInfo("UTC"))
    tally = Tally(Pool(rules_version=1), rules, utc, AT, absences={})
    tick, day = timedelta(microseconds=1), timedelta(days=1)
    for n, (held, today) in enumerate(
        (
            (timedelta(0), AT + day),
            (-tick, AT + day + tick),
            (3 * day, AT + 30 * day),
            (3 * day - tick, AT + 30 * day + tick),
        )
    ):
        owned = Ownership(AT - held, None, None, None, False, None, None, None)
        tally.add(owned, UUID(int=n), OWNER, 1, today)
    told = tally.told([], dealt_at_once=0)
    assert [(each.within.text, each.today, each.proposed) for each in told.released_within] == [
        ("P1D", 1, 2),
        ("P3D", 2, 3),
        ("P7D", 2, 4),
        ("P14D", 2, 4),
        ("P30D", 3, 4),
    ]
    assert (told.held, told.released_at_once, told.earlier, told.later) == (4, 1, 2, 2)
    assert (tally.held, tally.won) == ({OWNER: 4}, {OWNER: 0})
