import asyncio
import json
from collections import Counter
from uuid import UUID

from models import database
from models.exports.asking import SheetReady, ask_for
from models.exports.limit import set_export_limit
from models.exports.links import MOST_USES, Opened, make_link, read_link, use
from models.exports.sheets import Sheet, SheetFormat, SheetOf
from models.holding import extensions
from models.organizations import leaving
from models.ownership import claims
from models.pools import access
from models.refusals import ExportLimitReached, Forbidden, InvalidInput, NotFound
from models.rules.durations import Span
from models.tables import Event, Pool
from models.texts.text import Language
from models.viewers import Viewer
from tests.support.samples import Office, found, refusal

AGE = "UPDATE export SET asked_at = asked_at - $1::interval, day = day - $2::integer"


def pool_sheet(pool: Pool, format: SheetFormat = SheetFormat.CSV) -> Sheet:
    return Sheet(of=SheetOf.POOL, format=format, language=Language.ENGLISH, pool_id=pool.id)


def private_sheet(who: Viewer, pool: Pool | None = None) -> Sheet:
    of, pool_id = SheetOf.PRIVATE_POOL, pool and pool.id
    given = {"format": SheetFormat.CSV, "language": Language.ENGLISH}
    return Sheet(of=of, member_id=who.id, pool_id=pool_id, **given)  # type: ignore[arg-type]


def history_sheet(id: UUID) -> Sheet:
    of, format = SheetOf.HISTORY, SheetFormat.CSV
    return Sheet(of=of, format=format, language=Language.ENGLISH, customer_id=id)


async def open_link(link: str) -> Opened:
    return await use(await read_link(link))


async def limited(office: Office, per_day: int) -> None:
    await set_export_limit(await office.admin(), per_day)


async def test_the_act_is_in_the_ledger_without_contents(office: Office) -> None:
    pool = await office.pool("华东")
    await office.customers(pool, 3)
    li = await office.person()
    assert (await ask_for(li, pool_sheet(pool))).rows == 3
    (event,) = await Event.filter(action="EXPORTED")
    assert (event.actor_id, event.pool_id) == (li.id, pool.id)
    assert event.details == {
        "of": "POOL",
        "format": "CSV",
        "language": "en",
        "pool_id": str(pool.id),
        "rows": 3,
        "counted": 3,
    }


async def test_the_same_sheet_counts_once_a_day_and_others_add_up(office: Office) -> None:
    east, west = await office.pool(), await office.pool()
    await office.customers(east, 3)
    await office.customers(west, 2)
    await limited(office, 4)
    li = await office.person()
    await ask_for(li, pool_sheet(east))
    await ask_for(li, pool_sheet(east, SheetFormat.XLSX))
    no = await refusal(ask_for(li, pool_sheet(west)))
    assert isinstance(no, ExportLimitReached)
    assert (no.limit, no.left) == (4, 1)
    midnight = li.organization.calendar.next_midnight(li.asked_at)
    assert no.resets_at == midnight
    await database.rows(AGE.replace("$1", "'1 day'").replace("$2", "1"))
    assert (await ask_for(li, pool_sheet(west))).rows == 2


async def test_who_administers_the_pool_is_not_limited(office: Office) -> None:
    pool = await office.pool()
    await office.customers(pool, 3)
    await limited(office, 0)
    assert type(await refusal(ask_for(await office.person(), pool_sheet(pool)))) is (
        ExportLimitReached
    )
    assert (await ask_for(await office.person(role="MANAGER"), pool_sheet(pool))).rows == 3
    assert (await ask_for(await office.admin(), pool_sheet(pool))).rows == 3


async def test_ones_own_customers_and_a_history_count_too(office: Office) -> None:
    pool = await office.pool(max_hold="P9D", follow_up_within="P5D", extension_limit="P3D")
    ids = await office.customers(pool, 2)
    li = await office.person()
    await claims.claim(li, ids)
    # No history tells who asked for more time.
    await extensions.ask(li, ids[0], Span.parse("P1D"), "出差")
    await limited(office, 2)
    assert (await ask_for(li, private_sheet(li))).rows == 2
    assert (await refusal(ask_for(li, history_sheet(ids[0])))).left == 0  # type: ignore[attr-defined]
    await limited(office, 3)
    assert (await ask_for(li, history_sheet(ids[0]))).rows == 2


async def test_two_at_once_do_not_both_spend_what_is_left(office: Office) -> None:
    pools = [await office.pool() for _ in range(4)]
    for pool in pools:
        await office.customers(pool, 3)
    await limited(office, 5)
    li = await office.person()
    asked = [ask_for(li, pool_sheet(pool)) for pool in pools]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert Counter(map(type, answers)) == {SheetReady: 1, ExportLimitReached: 3}


async def test_who_may_not_see_it_may_not_export_it(office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    await access.set_access(await office.admin(), other.id, [], [], [])
    li, han = await office.person(), await office.person()
    (id,) = await office.customers(other, 1)
    report = Sheet(
        of=SheetOf.REPORT,
        format=SheetFormat.CSV,
        language=Language.ENGLISH,
        pool_id=pool.id,
        since=li.asked_at,
        until=li.asked_at,
    )
    assert await refusal(ask_for(li, pool_sheet(other))) == NotFound()
    assert await refusal(ask_for(li, history_sheet(id))) == NotFound()
    assert type(await refusal(ask_for(li, private_sheet(han)))) is Forbidden
    assert type(await refusal(ask_for(li, report))) is Forbidden
    foreign = await found("别的企业", email="boss@other.test")
    theirs = await foreign.pool()
    assert await refusal(ask_for(await office.admin(), pool_sheet(theirs))) == NotFound()


async def test_a_manager_has_a_colleagues_private_pool_as_far_as_pools_are_open_to_them(
    office: Office,
) -> None:
    shown, closed = await office.pool(max_hold="P9D"), await office.pool(max_hold="P9D")
    li, manager = await office.person(), await office.person(role="MANAGER")
    await claims.claim(li, [await office.customer(shown), await office.customer(closed)])
    await access.set_access(await office.admin(), closed.id, [], [], [])
    li, manager = await office.viewer(li.id), await office.viewer(manager.id)
    assert (await ask_for(li, private_sheet(li, closed))).rows == 1
    assert (await ask_for(manager, private_sheet(li))).rows == 1
    assert (await ask_for(manager, private_sheet(li, shown))).rows == 1
    assert await refusal(ask_for(manager, private_sheet(li, closed))) == NotFound()


async def test_the_limit_is_an_admins_to_set(office: Office) -> None:
    assert type(await refusal(set_export_limit(await office.person(), 9))) is Forbidden
    admin = await office.admin()
    for wrong in (-1, 1_000_001):
        assert type(await refusal(set_export_limit(admin, wrong))) is InvalidInput
    await set_export_limit(admin, 9)
    await set_export_limit(admin, 9)
    assert (await office.admin()).organization.export_limit == 9
    assert await Event.filter(action="EXPORT_LIMIT_CHANGED").count() == 1


async def test_a_link_opens_a_few_times_and_not_for_long(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await office.customers(pool, 2)
    ready = await ask_for(li, pool_sheet(pool))
    for _ in range(MOST_USES):
        opened = await open_link(ready.link)
        assert (opened.viewer.id, opened.sheet, opened.most) == (li.id, pool_sheet(pool), 2)
    assert await refusal(open_link(ready.link)) == NotFound()
    ready = await ask_for(li, pool_sheet(pool))
    await database.rows(AGE.replace("$1", "'6 minutes'").replace("$2", "0"))
    assert await refusal(open_link(ready.link)) == NotFound()


async def test_a_link_that_was_changed_or_made_elsewhere_opens_nothing(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    ready = await ask_for(li, pool_sheet(pool))
    (id,) = [row["id"] for row in await database.rows("SELECT id FROM export")]
    foreign = await (await found("别的企业", email="boss@other.test")).admin()
    forged = foreign.seal.close(
        json.dumps(["sheet", *(each.hex for each in (office.id, li.id, id))])
    )
    cursor = li.seal.close(json.dumps(["cursor", *(each.hex for each in (office.id, li.id, id))]))
    for wrong in ("", "x", "x.y", ready.link[:-2], forged, cursor, make_link(foreign, id)):
        assert await refusal(open_link(wrong)) == NotFound(), wrong
    assert (await open_link(ready.link)).viewer.id == li.id


async def test_a_link_is_worth_nothing_when_its_rights_are_gone(office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    of_li, of_han = await ask_for(li, pool_sheet(pool)), await ask_for(han, pool_sheet(pool))
    await leaving.deactivate(await office.admin(), li.id)
    assert await refusal(open_link(of_li.link)) == NotFound()
    await access.set_access(await office.admin(), pool.id, [], [], [])
    assert await refusal(open_link(of_han.link)) == NotFound()


async def test_old_sheets_are_forgotten(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await ask_for(li, pool_sheet(pool))
    await database.rows(AGE.replace("$1", "'3 days'").replace("$2", "3"))
    await ask_for(li, pool_sheet(pool))
    assert len(await database.rows("SELECT id FROM export")) == 1
