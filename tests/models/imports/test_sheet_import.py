import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import asyncpg
import pytest

from models import database
from models.customers import csv_import, csv_writing, update
from models.customers.csv_parsing import Row
from models.holding import alarms
from models.imports import sheet_import, stored
from models.imports.order import Order
from models.imports.progress import Progress, progress_of
from models.imports.updating import update_all
from models.ledger import replay
from models.ledger.outcomes import SheetImported
from models.ownership import claims, transfers
from models.pools import access
from models.refusals import Forbidden, InvalidInput, NotFound, TooManyLookups
from models.tables import Customer, Event, Pool
from models.texts.text import Language, Reader
from models.viewers import Viewer
from tests.support.samples import Office, events, refusal, someone_waits, under_way, until
from tests.support.spreadsheets import workbook

READER = Reader(Language.CHINESE)
MIXED = "序号,公司名称,手机号\n1,云帆,13812345678\n2,天海,12\n3,=江南,\n4,云帆,\n"


async def imported(who: Viewer, pool: Pool, text: str | bytes, **given: Any) -> SheetImported:
    body = text.encode() if isinstance(text, str) else text
    sheet = await stored.upload(who, body)
    return await sheet_import.import_sheet(who, Order(pool.id, sheet.id, **given), READER)


async def beside(
    act: Callable[[], Awaitable[Any]], importing: Coroutine[Any, Any, SheetImported]
) -> SheetImported:
    """Import rows that were compared before the act, and are written after it."""
    async with under_way(act):
        task = asyncio.create_task(importing)
        await until(someone_waits)
    return await task


async def names() -> list[str]:
    return [each.name for each in await Customer.all().order_by("id")]


async def test_a_sheet_becomes_customers_with_their_history(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    values: list[list[object]] = [
        ["＊客户名称", "手机号", "备注"],
        ["云帆", 13800138000.0, "老"],
        ["天海", None, None],
    ]
    assert await imported(admin, pool, workbook(values)) == SheetImported(2, 0, 0, None)
    assert [(each.name, each.phone) for each in await Customer.all().order_by("id")] == [
        ("云帆", "13800138000"),
        ("天海", None),
    ]
    assert await Event.filter(action="CREATED", actor_id=admin.id).count() == 2
    assert await replay.differences() == []


async def test_nothing_is_imported_if_any_row_is_bad(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    refused = await refusal(imported(admin, pool, MIXED))
    assert isinstance(refused, InvalidInput)
    assert [each.path for each in refused.problems] == ["sheet.3.phone", "sheet.5.name"]
    assert await names() == []


async def test_bad_rows_become_a_sheet_that_is_mended_and_sent_again(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    await csv_import.import_customers(admin, pool.id, "name\n江北")
    text = MIXED + "5,江北,\n6,+湖州,1\n"
    done = await imported(admin, pool, text, good_rows=True)
    assert (done.created, done.refused) == (2, 4)
    assert await names() == ["江北", "云帆", "=江南"]
    assert done.bad_rows
    bad = await database.rows("SELECT content FROM sheet WHERE id = $1::uuid", done.bad_rows)
    rows = list(csv.reader(io.StringIO(bad[0]["content"])))
    assert rows[0] == ["序号", "公司名称", "手机号", "问题"]
    assert [row[:3] for row in rows[1:]] == [
        ["2", "天海", "12"],
        ["4", "云帆", ""],
        ["5", "江北", ""],
        ["6", "'+湖州", "1"],
    ]
    assert rows[1][3].startswith("手机号 ")
    assert "公司名称" in rows[2][3]
    mended = bad[0]["content"].replace("天海,12", "天海,13912345678").replace(",1,", ",,")
    again = await imported(admin, pool, mended, good_rows=True)
    assert (again.created, again.refused) == (2, 2)
    assert await names() == ["江北", "云帆", "=江南", "天海", "+湖州"]
    bad = await database.rows("SELECT content FROM sheet WHERE id = $1::uuid", again.bad_rows)
    assert bad[0]["content"].splitlines()[0] == "序号,公司名称,手机号,问题"


async def test_rows_that_are_customers_already_change_them(office: Office) -> None:
    pool, other, admin = await office.pool(), await office.pool(), await office.admin()
    text = "name,level,person,phone\n云帆,A,张三,13812345678\n天海,,,\n江南,C,,"
    await csv_import.import_customers(admin, pool.id, text)
    yun, tian, _ = await Customer.all().order_by("id")
    done = await imported(
        admin,
        other,
        "手机,公司名称,客户级别,联系人\n138 1234 5678,云帆科技,B,\n,天海,,李四\n,江南,C,\n,新来,,",
        updates=True,
    )
    assert done == SheetImported(1, 2, 0, None)
    changed = await Customer.get(id=yun.id)
    assert (changed.name, changed.level, changed.person) == ("云帆科技", "B", "张三")
    assert changed.pool_id == pool.id
    assert (await Customer.get(id=tian.id)).person == "李四"
    updates = [each for id in (yun.id, tian.id) for each in await events(id, "UPDATED")]
    assert [(each.customer_id, each.details["changed"]) for each in updates] == [
        (yun.id, {"name": "云帆科技", "level": "B", "phone": "138 1234 5678"}),
        (tian.id, {"person": "李四"}),
    ]
    known = await refusal(imported(admin, pool, "name\n云帆"))
    assert isinstance(known, InvalidInput)
    assert await replay.differences() == []


async def test_one_changes_ones_own_customers_and_no_colleagues_in_others_pools(
    office: Office,
) -> None:
    pool, other, admin = await office.pool(), await office.pool(), await office.admin()
    li, han = await office.person(), await office.person()
    await access.set_access(admin, pool.id, [], [], [li.id])
    li = await office.viewer(li.id)
    own, theirs = [await Customer.get(id=id) for id in await office.customers(other, 2)]
    await claims.claim(li, [own.id])
    await claims.claim(han, [theirs.id])
    done = await imported(li, pool, f"name,person\n{own.name},张三", updates=True)
    assert done == SheetImported(0, 1, 0, None)
    text = f"name,person\n{theirs.name},张三"
    assert isinstance(await refusal(imported(li, pool, text, updates=True)), InvalidInput)
    assert [(await Customer.get(id=each.id)).person for each in (own, theirs)] == ["张三", None]


async def test_a_customer_that_is_taken_away_before_its_row_is_written_stays_as_it_is(
    office: Office,
) -> None:
    pool, other, admin = await office.pool(), await office.pool(), await office.admin()
    li, han = await office.person(), await office.person()
    await access.set_access(admin, pool.id, [], [], [li.id])
    li = await office.viewer(li.id)
    own, new = await Customer.get(id=await office.customer(other)), "新来"
    await claims.claim(li, [own.id])
    text = f"name,person\n{own.name},张三\n{new},"
    problem = await refusal(
        beside(
            lambda: transfers.transfer(admin, own.id, han.id),
            imported(li, pool, text, updates=True),
        )
    )
    assert isinstance(problem, InvalidInput)
    assert [each.path for each in problem.problems] == ["sheet.2.name"]
    assert (await Customer.get(id=own.id)).person is None
    assert await names() == [own.name]


async def test_what_a_customer_became_before_its_row_is_written_is_no_change_of_the_row(
    office: Office,
) -> None:
    pool, admin = await office.pool(), await office.admin()
    own = await Customer.get(id=await office.customer(pool))
    text = f"name,person,level\n{own.name},张三,A"
    done = await beside(
        lambda: update.update_customer(admin, own.id, {"level": "A"}),
        imported(admin, pool, text, updates=True),
    )
    assert done == SheetImported(0, 1, 0, None)
    changes = [each.details["changed"] for each in await events(own.id, "UPDATED")]
    assert changes == [{"level": "A"}, {"person": "张三"}]
    assert await replay.differences() == []


async def test_who_may_no_longer_change_a_customer_may_send_the_sheet_again(
    office: Office,
) -> None:
    own, li = (
        await Customer.get(id=await office.customer(await office.pool())),
        await office.person(),
    )
    with pytest.raises(database.Unavailable):
        await update_all(li, [(Row(2, own.name, person="张三"), own.id)], {}, lambda _: None)
    assert (await Customer.get(id=own.id)).person is None


async def test_a_row_that_is_two_customers_or_one_twice_is_bad(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    text = "name,phone\n云帆,13812345678\n天海,13912345678"
    await csv_import.import_customers(admin, pool.id, text)
    text = "name,phone\n云帆,13912345678\n天海,\n新名,13912345678\n"
    refused = await refusal(imported(admin, pool, text, updates=True))
    assert isinstance(refused, InvalidInput)
    assert [each.path for each in refused.problems] == [
        "sheet.2.name",
        "sheet.2.phone",
        "sheet.4.phone",
    ]


async def test_a_new_level_moves_the_release_of_a_held_customer(office: Office) -> None:
    levels = [{"level": "A", "max_hold": "P90D"}]
    pool = await office.pool(max_hold="P30D", levels=levels)
    admin, li = await office.admin(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    before = await Customer.get(id=id)
    text = f"name,level\n{before.name},A"
    assert (await imported(admin, pool, text, updates=True)).updated == 1
    after = await Customer.get(id=id)
    assert before.release_at is not None
    assert after.release_at is not None
    assert (after.release_at - before.release_at).days == 60
    assert after.owner_id == li.id
    assert await replay.differences() == []


async def test_a_wrong_mapping_imports_nothing(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    mapping = ["name", "phone", "phone"]
    wrong = imported(admin, pool, "name,phone\nA,\n", mapping=mapping, good_rows=True)
    refused = await refusal(wrong)
    assert isinstance(refused, InvalidInput)
    assert [each.path for each in refused.problems] == ["mapping", "mapping.2"]
    assert await names() == []


async def test_only_administrators_of_the_pool_import_their_own_sheets(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, manager = await office.person(), await office.person(role="MANAGER")
    sheet = await stored.upload(admin, b"name\nA")
    for who, kind in ((li, Forbidden), (manager, NotFound)):
        act = sheet_import.import_sheet(who, Order(pool.id, sheet.id), READER)
        assert isinstance(await refusal(act), kind)


async def test_the_same_sheet_twice_at_once_is_imported_once(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    text = "name\n" + "\n".join(f"公司{n}" for n in range(200))
    sheet = await stored.upload(admin, text.encode())

    async def take() -> SheetImported | InvalidInput:
        try:
            return await sheet_import.import_sheet(admin, Order(pool.id, sheet.id), READER)
        except InvalidInput as refused:
            return refused

    answers = await asyncio.gather(*(take() for _ in range(4)))
    assert [each for each in answers if isinstance(each, SheetImported)] == [
        SheetImported(200, 0, 0, None)
    ]
    assert await Customer.all().count() == 200


async def test_progress_is_told_and_a_failed_import_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, admin = await office.pool(), await office.admin()
    sheet, other = [await stored.upload(admin, b"name\nA\nB\n") for _ in range(2)]
    assert await progress_of(admin, sheet.id) == Progress("WAITING")
    assert await refusal(progress_of(await office.person(), sheet.id)) == NotFound()
    order = Order(pool.id, sheet.id)
    with monkeypatch.context() as patched:
        patched.setattr(alarms, "ring", broken)
        with pytest.raises(RuntimeError):
            await sheet_import.import_sheet(admin, order, READER)
    assert await progress_of(admin, sheet.id) == Progress("FAILED", 2, 2, 2)
    assert await names() == []
    await sheet_import.import_sheet(admin, order, READER)
    assert await progress_of(admin, sheet.id) == Progress("DONE", 2, 2, 2)
    await database.rows(
        "UPDATE sheet SET progress = jsonb_set(progress, '{state}', '\"RUNNING\"'),"
        " progress_at = now() - interval '11 seconds'"
    )
    assert await progress_of(admin, sheet.id) == Progress("STOPPED", 2, 2, 2)
    assert await progress_of(admin, other.id) == Progress("WAITING")


async def test_killed_amid_its_rows_it_leaves_nothing_and_may_come_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, admin = await office.pool(), await office.admin()
    sheet = await stored.upload(admin, b"name\nA\nB\nC\n")
    monkeypatch.setattr(csv_writing, "SLICE", 1)
    order = Order(pool.id, sheet.id)
    with monkeypatch.context() as patched:
        patched.setattr(database, "tell_planner", killed_after_the_second)
        with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
            await sheet_import.import_sheet(admin, order, READER)
    told = await progress_of(admin, sheet.id)
    assert (told.state, told.written) == ("FAILED", 1)
    assert await names() == []
    assert await Event.filter(action="CREATED").count() == 0
    assert (await sheet_import.import_sheet(admin, order, READER)).created == 3
    assert await names() == ["A", "B", "C"]


async def killed_after_the_second(table: str, added: int) -> None:
    (count,) = await database.rows("SELECT count(*) AS n FROM customer")
    if count["n"] == 2:
        await database.rows("SELECT pg_terminate_backend(pg_backend_pid())")


async def broken() -> None:
    raise RuntimeError


async def test_hidden_customers_cost_look_ups(office: Office) -> None:
    pool, closed, admin = await office.pool(), await office.pool(), await office.admin()
    await database.rows("DELETE FROM pool_access WHERE pool_id = $1", closed.id)
    manager = await office.person(role="MANAGER")
    await csv_import.import_customers(admin, closed.id, "name\n天海")
    done = await imported(manager, pool, "name\n天海\n江南", good_rows=True)
    assert (done.created, done.refused) == (1, 1)
    assert [row["today"] for row in await database.rows("SELECT today FROM lookup")] == [2]
    guesses = "name\n天海\n" + "\n".join(f"猜{n}" for n in range(400))
    refused = await refusal(imported(manager, pool, guesses, good_rows=True))
    assert isinstance(refused, InvalidInput)
    assert [each.path for each in refused.problems] == ["sheet"]
    await database.rows("UPDATE lookup SET today = 1000000")
    assert isinstance(await refusal(imported(manager, pool, "name\n新")), TooManyLookups)


async def test_guesses_beside_a_bad_row_tell_nothing(office: Office) -> None:
    pool, closed, admin = await office.pool(), await office.pool(), await office.admin()
    await database.rows("DELETE FROM pool_access WHERE pool_id = $1", closed.id)
    manager = await office.person(role="MANAGER")
    await csv_import.import_customers(admin, closed.id, "name,phone\n天海,13812345678")
    guesses = "name,phone\n天海,\n猜,13812345678\n坏,12"
    for updates in (False, True):
        refused = await refusal(imported(manager, pool, guesses, updates=updates))
        assert isinstance(refused, InvalidInput)
        assert [each.path for each in refused.problems] == ["sheet.4.phone"]
    assert await database.rows("SELECT FROM lookup") == []
    assert await names() == ["天海"]
