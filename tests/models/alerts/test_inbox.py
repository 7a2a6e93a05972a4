import asyncio
import contextlib
from datetime import timedelta

from models import database
from models.alerts import inbox
from models.holding.reminders import remind_due
from models.ledger import feed
from models.ownership import claims, releases, transfers
from models.ownership.drain import release_due
from models.paging import Page, Window
from models.refusals import InvalidInput, Problem
from models.tables import Customer, Event
from models.viewers import Viewer
from tests.support.samples import (
    Office,
    connection,
    done,
    refusal,
    someone_waits,
    time_passes,
    under_way,
    until,
)


async def inbox_of(
    who: Viewer, first: int = 10, after: str | None = None, unread_only: bool = False
) -> Page[inbox.Alert]:
    return await inbox.inbox(who, window=Window(first, after), unread_only=unread_only)


async def kinds(who: Viewer) -> list[str]:
    return [alert.kind for alert in (await inbox_of(who)).nodes]


async def test_everything_that_concerns_a_member_is_in_their_inbox_newest_first(
    office: Office,
) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li, han, admin = await office.person(), await office.person(), await office.admin()
    first, second = await office.customers(pool, 2)
    await claims.claim(li, [first])
    await time_passes("7 days")
    await remind_due()
    await claims.assign(admin, second, li.id)
    await transfers.transfer(admin, second, han.id)
    await time_passes("3 days")
    await release_due()
    assert await kinds(li) == ["RELEASED", "TRANSFERRED", "ASSIGNED", "REMINDER"]
    assert await kinds(han) == ["TRANSFERRED"]
    assert await kinds(admin) == []


async def test_what_a_member_does_themselves_is_no_news_but_a_release_is(office: Office) -> None:
    pool = await office.pool()
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    assert await kinds(li) == []
    await releases.give_back(li, id, "不合适")
    assert await kinds(li) == ["RELEASED"]


async def test_pages_of_the_inbox_lead_to_older_alerts(office: Office) -> None:
    li = await with_alerts(office, 5)
    whole = [alert.cursor for alert in (await inbox_of(li)).nodes]
    first = await inbox_of(li, first=2)
    assert (first.has_next, first.end_cursor) == (True, whole[1])
    second = await inbox_of(li, first=3, after=first.end_cursor)
    assert ([alert.cursor for alert in second.nodes], second.has_next) == (whole[2:], False)
    assert await inbox_of(li, after=second.end_cursor) == Page([])


async def test_a_page_knows_whether_alerts_are_on_its_other_side(office: Office) -> None:
    li = await with_alerts(office, 3)
    newest, middle, oldest = [alert.cursor for alert in (await inbox_of(li)).nodes]
    await office.person()
    start, end = [await feed.format_cursor(at, li.seal) for at in (feed.START, await feed.head())]

    async def beyond(cursor: str, *, backward: bool = False, unread_only: bool = False) -> bool:
        window = Window(1, cursor, backward)
        page = await inbox.inbox(li, window=window, unread_only=unread_only)
        assert page.beyond
        return await page.beyond()

    assert await beyond(newest)
    assert await beyond(oldest, backward=True)
    assert not await beyond(end)
    assert not await beyond(start, backward=True)
    await inbox.read_up_to(li, middle)
    assert not await beyond(middle, backward=True, unread_only=True)
    await inbox.read_up_to(li, newest)
    assert not await beyond(newest, unread_only=True)


async def test_what_is_read_stays_read_and_an_older_place_changes_nothing(
    office: Office,
) -> None:
    li = await with_alerts(office, 4)
    newest, *_, oldest = [alert.cursor for alert in (await inbox_of(li)).nodes]
    assert await inbox.unread(li) == 4
    middle = (await inbox_of(li)).nodes[1].cursor
    await inbox.read_up_to(li, middle)
    assert [alert.read for alert in (await inbox_of(li)).nodes] == [False, True, True, True]
    await inbox.read_up_to(li, oldest)
    await inbox.read_up_to(li, middle)
    assert await inbox.unread(li) == 1
    assert await Event.filter(action="ALERTS_READ").count() == 1
    assert [alert.cursor for alert in (await inbox_of(li, unread_only=True)).nodes] == [newest]
    await inbox.read_up_to(li, newest)
    assert await inbox.unread(li) == 0
    assert await inbox_of(li, unread_only=True) == Page([])


async def test_the_newest_of_many_places_read_at_once_counts(office: Office) -> None:
    """Also among alerts of one transaction."""
    pool, li = await office.pool(max_hold="P1D"), await office.person()
    await claims.claim(li, await office.customers(pool, 6))
    await time_passes("1 day")
    assert await release_due() == 6
    alerts = (await inbox_of(li)).nodes
    assert len({alert.event.txid for alert in alerts}) == 1
    cursors = [alert.cursor for alert in alerts]
    await inbox.read_up_to(li, cursors[-1])
    await inbox.read_up_to(li, cursors[2])
    assert await inbox.unread(li) == 2
    await asyncio.gather(*(inbox.read_up_to(li, cursor) for cursor in cursors * 3))
    assert await inbox.unread(li) == 0


async def test_a_place_that_comes_beside_a_newer_one_waits_and_changes_nothing(
    office: Office,
) -> None:
    li = await with_alerts(office, 3)
    newest, _, oldest = [alert.cursor for alert in (await inbox_of(li)).nodes]
    async with under_way(lambda: inbox.read_up_to(li, newest)):
        older = asyncio.create_task(inbox.read_up_to(li, oldest))
        await until(someone_waits)
    await older
    assert await inbox.unread(li) == 0
    assert await Event.filter(action="ALERTS_READ").count() == 1


async def test_reading_is_each_members_own(office: Office) -> None:
    li, han = await with_alerts(office, 1), await with_alerts(office, 1)
    await inbox.read_up_to(li, (await inbox_of(li)).nodes[0].cursor)
    assert (await inbox.unread(li), await inbox.unread(han)) == (0, 1)


async def test_what_is_no_cursor_is_wrong_input(office: Office) -> None:
    li = await office.person()
    said = "must be a cursor that the server gave, unchanged"
    assert await refusal(inbox.read_up_to(li, "x")) == InvalidInput((Problem("upTo", said),))
    assert await refusal(inbox_of(li, after="x")) == InvalidInput((Problem("after", said),))
    assert await refusal(inbox_of(li, first=0)) == InvalidInput(
        (Problem("first", "must be from 1 to 100"),)
    )


async def test_an_alert_shows_only_when_nothing_can_come_before_it_any_more(
    office: Office,
) -> None:
    """Its cursor is where a subscription goes on: what came before it later would be lost."""
    pool, li = await office.pool(), await office.person()
    first, second = await office.customers(pool, 2)
    await claims.claim(li, [first, second])
    async with connection() as slow:
        async with contextlib.AsyncExitStack() as open_for_long:
            await open_for_long.enter_async_context(slow.transaction())
            await slow.execute(
                "INSERT INTO event (organization_id, customer_id, epoch, action, member_id)"
                " VALUES ($1, $2, 1, 'REMINDED', $3)",
                office.id,
                second,
                li.id,
            )
            await releases.give_back(li, first, "不合适")
            assert await kinds(li) == []
            assert await inbox.unread(li) == 0
        assert await kinds(li) == ["RELEASED", "REMINDER"]
        assert await inbox.unread(li) == 2


async def test_a_reminder_says_when_the_release_was_to_come(office: Office) -> None:
    pool = await office.pool(max_hold="P10D", reminders=["P3D"])
    li = await office.person()
    customer = done((await claims.claim(li, [await office.customer(pool)]))[0])
    await time_passes("7 days")
    await remind_due()
    (alert,) = (await inbox_of(li)).nodes
    assert customer.release_at is not None
    assert alert.event.due_at == customer.release_at - timedelta(days=7)
    assert (alert.event.customer_id, alert.event.release_reason) == (customer.id, "MAX_HOLD")
    assert alert.cursor == await feed.format_cursor(feed.cursor_of(alert.event), li.seal)


async def with_alerts(office: Office, how_many: int) -> Viewer:
    pool, who = await office.pool(), await office.person()
    for id in await office.customers(pool, how_many):
        await claims.claim(who, [id])
        await releases.give_back(who, id, "不合适")
    assert await Customer.filter(owner_id=who.id).count() == 0
    assert await database.rows("SELECT FROM event WHERE member_id = $1", who.id)
    return who
