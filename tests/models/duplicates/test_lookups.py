import asyncio
from datetime import datetime, timedelta

import pytest

from models import database
from models.duplicates.keys import Key
from models.duplicates.lookups import give_back, take
from models.refusals import TooManyLookups
from models.viewers import Viewer
from tests.support.samples import Office, found, time_passes

HOUR = timedelta(hours=1)
TIMES = "SELECT times FROM lookup WHERE organization_id = $1 AND member_id = $2"


async def limited(office: Office, limit: int) -> Viewer:
    sql = "UPDATE organization SET lookup_limit = $2 WHERE id = $1"
    await database.rows(sql, office.id, limit)
    return await office.person()


async def counted(who: Viewer) -> list[datetime]:
    (row,) = await database.rows(TIMES, who.organization.id, who.id)
    times: list[datetime] = row["times"]
    return times


async def test_an_organization_allows_sixty_an_hour_until_it_says_otherwise(
    office: Office,
) -> None:
    who = await office.person()
    first = await take(who)
    for _ in range(59):
        await take(who)
    with pytest.raises(TooManyLookups) as refused:
        await take(who)
    assert refused.value.resets_at == first + HOUR
    assert len(await counted(who)) == 60


async def test_the_hour_moves_with_each_look_up(office: Office) -> None:
    who = await limited(office, 2)
    await take(who)
    await time_passes("40 minutes")
    second = await take(who)
    await time_passes("19 minutes 50 seconds")
    with pytest.raises(TooManyLookups):
        await take(who)
    await time_passes("10 seconds")
    third = await take(who)
    with pytest.raises(TooManyLookups) as refused:
        await take(who)
    assert refused.value.resets_at == second - timedelta(minutes=20) + HOUR
    assert await counted(who) == [third, second - timedelta(minutes=20)]


async def test_refused_look_ups_do_not_put_off_the_next(office: Office) -> None:
    who = await limited(office, 1)
    await take(who)
    await time_passes("59 minutes")
    for _ in range(5):
        with pytest.raises(TooManyLookups):
            await take(who)
    await time_passes("1 minute")
    await take(who)


async def test_of_look_ups_at_the_same_moment_no_more_pass_than_may(office: Office) -> None:
    who = await limited(office, 7)
    answers = await asyncio.gather(*(take(who) for _ in range(30)), return_exceptions=True)
    passed = [each for each in answers if isinstance(each, datetime)]
    assert len(passed) == 7
    assert {type(each) for each in answers} == {datetime, TooManyLookups}
    assert sorted(await counted(who)) == sorted(passed)


async def test_each_member_has_look_ups_of_their_own(office: Office) -> None:
    who = await limited(office, 1)
    elsewhere = await (await found("别的企业")).person()
    await take(who)
    await take(await office.person())
    await take(elsewhere)
    with pytest.raises(TooManyLookups):
        await take(who)


async def test_a_look_up_given_back_is_not_counted(office: Office) -> None:
    who = await limited(office, 2)
    first, second = await take(who), await take(who)
    await give_back(who, first)
    assert await counted(who) == [second]
    await take(who)
    with pytest.raises(TooManyLookups):
        await take(who)


async def test_a_lower_limit_holds_at_once(office: Office) -> None:
    who = await limited(office, 5)
    moments = [await take(who) for _ in range(5)]
    await limited(office, 2)
    with pytest.raises(TooManyLookups) as refused:
        await take(who)
    assert refused.value.resets_at == moments[3] + HOUR


async def test_each_phone_number_is_a_look_up(office: Office) -> None:
    who = await limited(office, 4)
    numbers = [Key("NAME", "甲"), *(Key("PHONE", f"+861380000000{n}") for n in range(3))]
    first = await take(who, numbers)
    with pytest.raises(TooManyLookups) as refused:
        await take(who, numbers)
    assert refused.value.resets_at == first + HOUR
    await take(who, numbers[:2])
    await give_back(who, first)
    await take(who, numbers)


async def test_a_customer_with_more_numbers_than_the_limit_can_still_be_looked_up(
    office: Office,
) -> None:
    who = await limited(office, 2)
    numbers = [Key("PHONE", f"+861380000000{n}") for n in range(5)]
    first = await take(who, numbers)
    with pytest.raises(TooManyLookups) as refused:
        await take(who, numbers)
    assert refused.value.resets_at == first + HOUR
    await time_passes("1 hour")
    await take(who, numbers)


async def test_a_look_up_counts_with_its_transaction(office: Office) -> None:
    who = await limited(office, 1)

    async def taken_back() -> None:
        async with database.transaction():
            await take(who)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await taken_back()
    await take(who)
