from datetime import date, timedelta
from typing import Any

import pytest

from models import database
from models.distribution.rounds import Rounds
from models.holding.absences import settle_absences
from models.holding.reminders import remind_due
from models.ledger import replay
from models.organizations import leaving
from models.organizations.absences import MOST, cancel_absence, set_absence
from models.ownership import claims
from models.ownership.drain import release_due
from models.refusals import Forbidden, InvalidInput
from models.rules.absences import Absence
from models.tables import Event, Member
from models.viewers import Viewer
from tests.support.samples import Office, refusal, row, story, time_passes

STILL: dict[str, Any] = {"follow_up_within": "P5D", "absence_stops_clock": True, "reminders": []}


def today(who: Viewer) -> date:
    return who.organization.calendar.day_of(who.asked_at)


def in_days(who: Viewer, first: int, last: int) -> tuple[date, date]:
    return today(who) + timedelta(days=first), today(who) + timedelta(days=last)


async def test_a_member_sets_and_cancels_an_absence(office: Office) -> None:
    li = await office.person()
    later, soon = in_days(li, 10, 12), in_days(li, 0, 2)
    await set_absence(li, li.id, *later)
    await set_absence(li, li.id, *soon)
    member = await set_absence(li, li.id, *soon)
    assert member.absences == (Absence(*soon), Absence(*later))
    assert await Event.filter(action="ABSENCE_SET", member_id=li.id).count() == 2
    member = await cancel_absence(li, li.id, later[0])
    assert member.absences == (Absence(*soon),)
    assert (await Member.get(id=li.id)).absences == member.absences
    assert (await cancel_absence(li, li.id, soon[0])).absences == ()


async def test_one_that_has_begun_ended_yesterday(office: Office) -> None:
    boss, li = await office.person(role="MANAGER"), await office.person()
    first, last = in_days(li, -3, 0)
    await set_absence(boss, li.id, first, last)
    member = await cancel_absence(li, li.id, first)
    assert member.absences == (Absence(first, today(li) - timedelta(days=1)),)
    assert isinstance(await refusal(cancel_absence(li, li.id, first)), InvalidInput)


async def test_only_managers_and_admins_do_it_for_others(office: Office) -> None:
    li, han, boss = (
        await office.person(),
        await office.person(),
        await office.person(role="MANAGER"),
    )
    days = in_days(li, 1, 2)
    assert isinstance(await refusal(set_absence(li, han.id, *days)), Forbidden)
    assert isinstance(await refusal(cancel_absence(li, han.id, days[0])), Forbidden)
    await set_absence(boss, han.id, *days)
    earliest, too_early = in_days(li, -30, -31)
    await set_absence(boss, han.id, earliest, earliest)
    refused = await refusal(set_absence(boss, han.id, too_early, too_early))
    assert isinstance(refused, InvalidInput)
    await leaving.deactivate(await office.admin(), han.id)
    assert isinstance(await refusal(set_absence(boss, han.id, *days)), Forbidden)


async def test_what_is_wrong_is_named(office: Office) -> None:
    li = await office.person()

    async def wrong(first: int, last: int) -> list[tuple[str, str]]:
        found = await refusal(set_absence(li, li.id, *in_days(li, first, last)))
        assert isinstance(found, InvalidInput)
        return [(each.path, each.message) for each in found.problems]

    longest = in_days(li, 366, 732)
    await set_absence(li, li.id, *longest)
    await cancel_absence(li, li.id, longest[0])
    await set_absence(li, li.id, *in_days(li, 5, 9))
    day = [str(today(li) + timedelta(days=n)) for n in range(10)]
    assert await wrong(-1, 1) == [("from", f"must be {day[0]} or later")]
    assert await wrong(2, 1) == [("to", "must not be before `from`")]
    assert await wrong(20, 387) == [("to", "must be within a year of `from`")]
    for first, last in ((4, 5), (6, 7), (9, 10)):
        assert await wrong(first, last) == [
            ("from", f"overlaps the absence from {day[5]} to {day[9]}: cancel that one first")
        ]
    assert (await wrong(367, 368))[0][0] == "from"
    for n in range(MOST - 1):
        await set_absence(li, li.id, *in_days(li, 10 + n, 10 + n))
    assert await wrong(100, 100) == [("from", f"at most {MOST} absences")]
    assert isinstance(await refusal(cancel_absence(li, li.id, today(li))), InvalidInput)


async def test_nothing_is_dealt_to_an_absent_member(office: Office) -> None:
    pool = await office.pool(distribution={"strategy": "IN_TURN"})
    li, han = await office.person(), await office.person()
    await set_absence(li, li.id, *in_days(li, 0, 0))
    await set_absence(han, han.id, *in_days(han, 1, 5))
    ids = await office.customers(pool, 2)
    assert await Rounds()() == 2
    assert {(await row(id)).owner_id for id in ids} == {han.id}


async def test_a_clock_stands_still_where_the_rules_say_so(office: Office) -> None:
    pool, other = await office.pool(**STILL), await office.pool(follow_up_within="P5D")
    li, han = await office.person(), await office.person()
    mine, elsewhere = await office.customer(pool), await office.customer(other)
    theirs = await office.customer(pool)
    await claims.claim(li, [mine, elsewhere])
    await claims.claim(han, [theirs])
    before = {id: (await row(id)).release_at for id in (mine, elsewhere, theirs)}
    await set_absence(li, li.id, *in_days(li, 1, 3))
    after = {id: (await row(id)).release_at for id in before}
    moved = before[mine]
    assert moved
    assert after == before | {mine: moved + timedelta(days=3)}
    assert await replay.differences() == []
    # A claim counts it from the start.
    later = await office.customer(pool)
    li = await office.viewer(li.id)
    await claims.claim(li, [later])
    claimed = await row(later)
    assert claimed.claimed_at
    assert claimed.release_at == claimed.claimed_at + timedelta(days=8)
    await cancel_absence(li, li.id, today(li) + timedelta(days=1))
    assert {id: (await row(id)).release_at for id in before} == before
    assert await replay.differences() == []


async def test_a_release_that_stays_gets_the_reason_that_is_left(office: Office) -> None:
    pool = await office.pool(**STILL | {"max_hold": "P5D"})
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    before = await row(id)
    await set_absence(li, li.id, *in_days(li, 1, 3))
    after = await row(id)
    assert after.release_at == before.release_at
    assert (before.release_reason, after.release_reason) == ("NOT_FOLLOWED_UP", "MAX_HOLD")
    assert await replay.differences() == []


async def test_a_reminder_moves_even_where_the_release_does_not(office: Office) -> None:
    """maxHold does not stand still, but its reminders skip the absence as a new claim's do."""
    pool = await office.pool(max_hold="P10D", reminders=["P2D"], absence_stops_clock=True)
    li, ids = await office.person(), await office.customers(pool, 2)
    await claims.claim(li, ids[:1])
    before = await row(ids[0])
    await set_absence(li, li.id, *in_days(li, 7, 9))
    moved = await row(ids[0])
    assert moved.release_at == before.release_at
    assert moved.remind_at == [each - timedelta(days=3) for each in before.remind_at]
    li = await office.viewer(li.id)
    await claims.claim(li, ids[1:])
    claimed = await row(ids[1])
    assert claimed.claimed_at
    assert claimed.remind_at == [claimed.claimed_at + timedelta(days=5)]
    await cancel_absence(li, li.id, today(li) + timedelta(days=7))
    assert (await row(ids[0])).remind_at == before.remind_at
    assert await replay.differences() == []


async def test_a_reminder_that_an_absence_moves_into_the_past_comes_now(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P2D"], absence_stops_clock=True)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("6 days")
    await set_absence(li, li.id, *in_days(li, 1, 3))
    assert await remind_due() == 1
    assert await story(id) == ["CREATED", "CLAIMED", "REMINDED"]
    assert (await row(id)).remind_at == []
    await cancel_absence(li, li.id, today(li) + timedelta(days=1))
    assert await remind_due() == 0


@pytest.mark.parametrize("by_another", [True, False])
async def test_an_owner_hears_of_a_nearer_release_unless_they_moved_it(
    office: Office, by_another: bool
) -> None:
    pool = await office.pool(**STILL | {"reminders": ["P4D"]})
    li, boss = await office.person(), await office.person(role="MANAGER")
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await time_passes("2 days")
    await set_absence(li, li.id, *in_days(li, 1, 3))
    assert await remind_due() == 0
    await cancel_absence(boss if by_another else li, li.id, in_days(li, 1, 3)[0])
    assert await remind_due() == by_another


async def test_nobody_is_released_while_their_clock_stands_still(office: Office) -> None:
    pool, li = await office.pool(**STILL), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await set_absence(li, li.id, *in_days(li, 1, 4))
    release_at = (await row(id)).release_at
    assert release_at
    await time_passes("6 days")
    assert await release_due() == 0
    await time_passes("3 days")
    assert await release_due() == 1


async def test_a_claim_at_the_same_moment_is_put_right_later(office: Office) -> None:
    """It read the absences before their change and was written after it."""
    pool, li = await office.pool(**STILL), await office.person()
    id = await office.customer(pool)
    await set_absence(li, li.id, *in_days(li, 1, 3))
    await claims.claim(li, [id])
    wrong = (await row(id)).release_at
    assert wrong
    assert await settle_absences() == 0
    await database.rows("UPDATE member SET absences_at = absences_at - interval '1 minute'")
    assert await settle_absences() == 1
    assert (await row(id)).release_at == wrong + timedelta(days=3)
    assert await settle_absences() == 0
    assert await replay.differences() == []
