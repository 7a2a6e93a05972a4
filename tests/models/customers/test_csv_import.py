import asyncio
import csv
import io
import time
from uuid import uuid4

import pytest

from models import database
from models.customers import csv_import, csv_writing
from models.duplicates.names import normalise_name
from models.ledger import replay
from models.lists.name_order import sort_name
from models.refusals import Forbidden, InvalidInput, NotFound, Problem
from models.tables import Customer, Event
from tests.support.samples import Office, found, refusal


async def test_rows_become_customers_in_the_pool_with_their_history(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    text = (
        "\ufeff电话,客户名称,级别,联系人,邮箱,统一社会信用代码\r\n"
        '13812345678,"深圳\r\n腾讯",A,马,ma@x.cn,91440300\r\n'
        ",华为,,,,\r\n"
    )
    assert await csv_import.import_customers(admin, pool.id, text) == 2
    first, second = await Customer.all().order_by("id")
    assert (first.name, first.level, first.person) == ("深圳\r\n腾讯", "A", "马")
    assert (first.phone, first.email, first.registration_number) == (
        "13812345678",
        "ma@x.cn",
        "91440300",
    )
    assert (second.name, second.phone) == ("华为", None)
    assert {(each.owner_id, each.pool_id, each.epoch) for each in (first, second)} == {
        (None, pool.id, 0)
    }
    created = await Event.filter(action="CREATED").order_by("seq")
    assert [(e.customer_id, e.actor_id, e.epoch) for e in created] == [
        (first.id, admin.id, 0),
        (second.id, admin.id, 0),
    ]
    assert await replay.differences() == []


async def test_nothing_is_imported_if_any_row_is_bad(office: Office) -> None:
    pool = await office.pool()
    text = "name,phone\n好客户,13812345678\n坏客户,12\n,13812345679\n"
    refused = await refusal(csv_import.import_customers(await office.admin(), pool.id, text))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == ["csv.3.phone", "csv.4.name"]
    assert await Customer.all().count() == 0
    assert await Event.filter(action="CREATED").count() == 0


async def test_customers_who_are_known_already_are_named_by_line_and_field(
    office: Office,
) -> None:
    pool, admin = await office.pool(), await office.admin()
    await csv_import.import_customers(
        admin, pool.id, "name,phone,email\n腾讯有限公司,13812345678,\n华为,,hw@x.cn"
    )
    text = "name,phone,email\n新客户,,\n另一个,138 1234 5678,HW@x.cn\n腾讯,,"
    known = "another customer has this value"
    assert await refusal(csv_import.import_customers(admin, pool.id, text)) == InvalidInput(
        (
            Problem("csv.3.phone", known),
            Problem("csv.3.email", known),
            Problem("csv.4.name", known),
        )
    )
    assert await Customer.all().count() == 2


async def test_another_organizations_customers_are_not_known(office: Office) -> None:
    pool, other = await office.pool(), await found("别家")
    theirs = await other.pool()
    text = "name,phone\n腾讯,13812345678"
    assert await csv_import.import_customers(await other.admin(), theirs.id, text) == 1
    assert await csv_import.import_customers(await office.admin(), pool.id, text) == 1


async def test_only_administrators_of_the_pool_import(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    outsider = await (await found("别家")).admin()
    assert isinstance(
        await refusal(csv_import.import_customers(li, pool.id, "name\n甲")), Forbidden
    )
    for who, id in ((outsider, pool.id), (li, uuid4()), (li, None)):
        assert await refusal(csv_import.import_customers(who, id, "name\n甲")) == NotFound()


async def test_ten_thousand_rows_take_seconds(office: Office) -> None:
    pool, admin, text = await office.pool(), await office.admin(), csv_of(10_000)
    began, worked = time.monotonic(), time.process_time()
    assert await csv_import.import_customers(admin, pool.id, text) == 10_000
    worked = time.process_time() - worked
    print(f"10,000 rows in {time.monotonic() - began:.1f} s, {worked:.1f} s of them in Python")
    # About 2 s; the waiting for other processes does not count.
    assert worked < 10
    assert await Customer.all().count() == 10_000
    refused = await refusal(csv_import.import_customers(admin, pool.id, text))
    assert isinstance(refused, InvalidInput)
    assert (len(refused.problems), refused.unlisted) == (1000, 29_000)


def csv_of(rows: int, start: int = 0) -> str:
    lines = [f"公司{n:05},1390000{n:04},a{n}@x.cn" for n in range(start, start + rows)]
    return "\n".join(["name,phone,email", *lines])


async def test_the_same_file_twice_at_once_is_imported_once(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    lines = [f"公司{n},1390000{n:04}" for n in range(200)]

    async def take(order: list[str]) -> int | InvalidInput:
        try:
            return await csv_import.import_customers(
                admin, pool.id, "\n".join(["name,phone", *order])
            )
        except InvalidInput as refused:
            return refused

    answers = await asyncio.gather(*(take(lines[:: (-1) ** n]) for n in range(4)))
    assert [each for each in answers if isinstance(each, int)] == [200]
    assert await Customer.all().count() == 200
    assert await replay.differences() == []


async def test_parts_keep_the_files_order_and_each_customers_keys(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_writing, "SLICE", 2)
    pool, admin = await office.pool(), await office.admin()
    lines = [f"客户{n},1380000000{n}" for n in (4, 1, 3, 0, 2)]
    text = "\n".join(["name,phone", *lines])
    assert await csv_import.import_customers(admin, pool.id, text) == 5
    rows = await database.rows(
        "SELECT c.name || ',' || c.phone AS line, array_agg(k.key ORDER BY k.kind) AS keys"
        " FROM customer c JOIN customer_key k ON k.customer_id = c.id"
        " GROUP BY c.id, c.name, c.phone ORDER BY c.id"
    )
    assert [row["line"] for row in rows] == lines
    assert [row["keys"] for row in rows] == [
        [name, f"+86{phone}"] for name, phone in (line.split(",") for line in lines)
    ]
    created = await database.rows(
        "SELECT customer_id FROM event WHERE action = 'CREATED' ORDER BY seq"
    )
    found = await database.rows("SELECT id FROM customer ORDER BY id")
    assert [row["customer_id"] for row in created] == [row["id"] for row in found]


async def test_signs_that_mean_something_to_copy_are_stored_as_they_are(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    names = [
        '"甲", 乙',
        "a\n\\.\nb",
        "c\rd\r\ne",
        "\\N",
        "tab\there",
        "NULL",
        "''",
        "。。。",
        "😀\x1f😀",
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["name", "person"], *[[name, name] for name in names]])
    assert await csv_import.import_customers(admin, pool.id, text.getvalue()) == len(names)
    rows = await database.rows(
        "SELECT name, person, level, name_key, sort_name FROM customer ORDER BY id"
    )
    assert [row["name"] for row in rows] == names
    assert [row["person"] for row in rows] == names
    assert {row["level"] for row in rows} == {None}
    assert [row["name_key"] for row in rows] == [normalise_name(name) for name in names]
    assert [row["sort_name"] for row in rows] == [sort_name(name) for name in names]
