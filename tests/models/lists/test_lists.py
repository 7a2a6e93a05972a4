import base64
import json
import logging
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from models import database
from models.customers import csv_import
from models.holding import follow_ups
from models.lists.customer_counts import count_held, count_pooled
from models.lists.customers import held_customers, pooled_customers
from models.lists.history import customer_follow_ups, customer_history
from models.lists.left_behind import left_behind
from models.lists.members import list_members
from models.lists.name_order import sort_name
from models.organizations import leaving
from models.organizations.departments import save_department
from models.ownership import claims, releases
from models.paging import USUAL, Page, Window
from models.pools import access
from models.refusals import InvalidInput, Problem
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.bulk import insert_customers
from tests.support.samples import Office, done, found, refusal, seal_of, time_passes

PLAIN = {"order": "OPENED_LATEST", "search": None, "level": None}
BAD_CURSOR = InvalidInput(
    (Problem("after", "must be a cursor of this list in the same order, unchanged"),)
)


async def pooled(viewer: Viewer, pool: Pool, **given: Any) -> Page[Customer]:
    return (await pooled_customers(viewer, [pool.id], **asked(PLAIN | given)))[pool.id]


async def held(viewer: Viewer, whose: UUID, pool: Pool | None = None, **given: Any) -> Page[Any]:
    key = (whose, pool.id if pool else None)
    wanted = {"order": "RELEASE_SOONEST", "search": None} | given
    return (await held_customers(viewer, [key], **asked(wanted)))[key]


def asked(wanted: dict[str, Any]) -> dict[str, Any]:
    """With a window in place of the arguments that clients give for it."""
    wanted = wanted.copy()
    first, after = wanted.pop("first", USUAL), wanted.pop("after", None)
    last, before = wanted.pop("last", None), wanted.pop("before", None)
    return wanted | {"window": Window(last, before, True) if last else Window(first, after)}


def names(page: Page[Any]) -> list[str]:
    return [node.name for node in page.nodes]


async def named(office: Office, pool: Pool, *wanted: str) -> list[UUID]:
    await csv_import.import_customers(await office.admin(), pool.id, "\n".join(["name", *wanted]))
    found = await Customer.filter(pool_id=pool.id, name__in=wanted)
    rows = {each.name: each.id for each in found}
    return [rows[name] for name in wanted]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("OPENED_LATEST", ["丙", "甲", "Ab", "乙", "ac"]),
        ("OPENED_EARLIEST", ["ac", "乙", "Ab", "甲", "丙"]),
        ("NAME", ["Ab", "ac", "丙", "甲", "乙"]),
    ],
)
async def test_pages_follow_one_another_in_every_order(
    office: Office, order: str, expected: list[str]
) -> None:
    pool, admin = await office.pool(), await office.admin()
    for name in ("ac", "乙", "Ab", "甲", "丙"):
        await named(office, pool, name)
    seen, after = [], None
    for _ in range(3):
        page = await pooled(admin, pool, first=2, after=after, order=order)
        seen += names(page)
        after = page.end_cursor
    assert seen == expected
    assert not page.has_next
    assert (await pooled(admin, pool, first=5, order=order)).has_next is False
    assert (await pooled(admin, pool, first=4, order=order)).has_next is True


async def test_names_are_in_the_order_of_their_pinyin_in_every_list(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    wanted = ["阿里巴巴", "ABB", "百度", "byd", "长沙银行", "重庆啤酒", "张三13824680001", "Zoom"]
    ids = await named(office, pool, *reversed(wanted))
    assert names(await pooled(li, pool, order="NAME")) == wanted
    await claims.claim(li, ids)
    seen, after = [], None
    for _ in range(4):
        page = await held(li, li.id, order="NAME", first=2, after=after)
        seen += names(page)
        after = page.end_cursor
    assert seen == wanted
    await leaving.deactivate(await office.admin(), li.id)
    left = await left_behind(await office.admin(), [li.id], window=Window(20))
    assert names(left[li.id]) == wanted


async def test_a_cursor_tells_no_contact(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    await named(office, pool, "张三13824680001")
    page = await pooled(li, pool, order="NAME")
    cursor = base64.urlsafe_b64decode(page.end_cursor or "").decode()
    assert "zhang san 138****0001" in cursor
    assert "2468" not in cursor


async def test_equal_keys_are_neither_skipped_nor_doubled(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    await office.customers(pool, 30)
    for order in ("OPENED_LATEST", "OPENED_EARLIEST", "NAME"):
        seen, after, more = [], None, True
        while more:
            page = await pooled(admin, pool, first=7, after=after, order=order)
            seen += [node.id for node in page.nodes]
            after, more = page.end_cursor, page.has_more
        assert len(seen) == len(set(seen)) == 30


async def test_a_page_stays_put_while_rows_come_and_go(office: Office) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    ids = {}
    for name in "一二三四五六":
        (ids[name],) = await named(office, pool, name)
    first = await pooled(admin, pool, first=3)
    assert names(first) == ["六", "五", "四"]
    await named(office, pool, "七")
    await claims.claim(li, [ids["四"], ids["六"], ids["三"]])
    assert names(await pooled(admin, pool, first=3, after=first.end_cursor)) == ["二", "一"]
    await releases.give_back(li, ids["三"], "不合适")
    assert names(await pooled(admin, pool, first=3)) == ["三", "七", "五"]


async def test_the_private_pool_by_nearest_release_ends_with_those_that_have_none(
    office: Office,
) -> None:
    soon, late = await office.pool(max_hold="P2D"), await office.pool(max_hold="P20D")
    never, li = await office.pool(), await office.person()
    endless = await named(office, never, "无一", "无二", "无三")
    (first,), (second,) = await named(office, soon, "近"), await named(office, late, "远")
    await claims.claim(li, [*endless, second, first])
    seen, after = [], None
    for _ in range(5):
        page = await held(li, li.id, first=1, after=after)
        seen += names(page)
        after = page.end_cursor
    assert seen[:2] == ["近", "远"]
    assert sorted(seen[2:]) == ["无一", "无三", "无二"]
    assert page.has_next is False
    assert names(await held(li, li.id, late)) == ["远"]
    assert names(await held(li, li.id, order="NAME")) == sorted(seen, key=sort_name)


async def test_a_page_without_rows_has_no_end(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    assert await pooled(li, pool) == Page([])
    assert await held(li, li.id) == Page([])


async def test_a_colleagues_holdings_are_seen_as_far_as_their_pools_are_open(
    office: Office,
) -> None:
    shared, secret = await office.pool(), await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    await claims.claim(li, await named(office, shared, "公开"))
    await claims.claim(li, await named(office, secret, "秘密"))
    await access.set_access(admin, secret.id, [], [], [])
    han, li = await office.viewer(han.id), await office.viewer(li.id)
    assert names(await held(han, li.id, order="NAME")) == ["公开"]
    assert names(await held(li, li.id, order="NAME")) == ["公开", "秘密"]
    assert names(await held(admin, li.id, order="NAME")) == ["公开", "秘密"]
    counts = [await count_held(who, [(li.id, None)], None) for who in (han, li, admin)]
    assert [count[li.id, None] for count in counts] == [1, 2, 2]


async def test_many_parents_are_answered_each_by_its_own(office: Office) -> None:
    one, two, empty = await office.pool(), await office.pool(), await office.pool()
    admin = await office.admin()
    await named(office, one, "甲", "乙", "丙")
    await named(office, two, "丁")
    wanted = asked(PLAIN | {"first": 2, "order": "NAME"})
    found = await pooled_customers(admin, [two.id, empty.id, one.id], **wanted)
    assert [names(found[pool.id]) for pool in (one, two, empty)] == [["丙", "甲"], ["丁"], []]
    assert [found[pool.id].has_next for pool in (one, two, empty)] == [True, False, False]
    counts = await count_pooled(admin, [two.id, empty.id, one.id], search=None, level=None)
    assert counts == {one.id: 3, two.id: 1, empty.id: 0}


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("腾讯", ["深圳腾讯科技", "腾 讯云"]),
        ("讯", ["深圳腾讯科技", "腾 讯云"]),
        ("腾讯科", ["深圳腾讯科技"]),
        ("讯腾", []),
        (" ＡＢ ", ["ab_100%"]),
        ("b_1", ["ab_100%"]),
        ("00%", ["ab_100%"]),
        ("a%0", []),
        ("", ["ab_100%", "华为", "深圳腾讯科技", "腾 讯云"]),
    ],
)
async def test_a_search_finds_part_of_a_name_in_any_case_and_width(
    office: Office, search: str, expected: list[str]
) -> None:
    pool, admin = await office.pool(), await office.admin()
    await named(office, pool, "深圳腾讯科技", "腾 讯云", "华为", "ab_100%")
    assert names(await pooled(admin, pool, search=search, order="NAME")) == expected
    assert await count_pooled(admin, [pool.id], search=search, level=None) == {
        pool.id: len(expected)
    }


async def test_a_search_looks_only_among_those_whom_nobody_holds(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    mine, _ = await named(office, pool, "腾讯一", "腾讯二")
    await claims.claim(li, [mine])
    assert names(await pooled(li, pool, search="腾讯")) == ["腾讯二"]
    assert names(await held(li, li.id, search="腾讯")) == ["腾讯一"]
    assert await count_held(li, [(li.id, pool.id)], "二") == {(li.id, pool.id): 0}


async def test_a_level_is_a_filter(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    await csv_import.import_customers(admin, pool.id, "name,level\n甲,A\n乙,B\n丙,")
    assert names(await pooled(admin, pool, level="A")) == ["甲"]
    assert await count_pooled(admin, [pool.id], search=None, level="B") == {pool.id: 1}


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_has_1_to_100(office: Office, first: int) -> None:
    pool, admin = await office.pool(), await office.admin()
    wrong = InvalidInput((Problem("first", "must be from 1 to 100"),))
    assert await refusal(pooled(admin, pool, first=first)) == wrong
    assert await refusal(held(admin, admin.id, first=first)) == wrong


def forged(*plain: Any) -> str:
    return json.dumps(plain)


def unsigned(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode()


ID = "01a20a55-1b38-7e4c-a244-e3a076521b7e"


@pytest.mark.parametrize(
    ("order", "after"),
    [
        ("NAME", ""),
        ("NAME", "nonsense"),
        ("NAME", "客户"),
        ("NAME", "\ud800"),
        ("NAME", forged("OPENED_LATEST", "2026-11-23 08:00:00+00", ID)),
        ("NAME", forged("NAME by pinyin", "a\0b", ID)),
        ("NAME", forged("NAME by pinyin", "\ud800", ID)),
        ("NAME", forged("NAME by pinyin", "a", "no id")),
        ("NAME", forged("NAME by pinyin", 1, ID)),
        ("NAME", forged("NAME by pinyin")),
        # Of the release before: by characters.
        ("NAME", forged("NAME", "a", ID)),
        ("OPENED_LATEST", forged("OPENED_LATEST", "yesterday", ID)),
        ("OPENED_LATEST", forged("OPENED_LATEST", 17, ID)),
        ("OPENED_LATEST", forged("OPENED_LATEST", "0001-01-01T00:00:00+14:00", ID)),
        ("OPENED_LATEST", forged("OPENED_LATEST", ["infinity"], ID)),
        ("OPENED_LATEST", "[" * 100_000),
    ],
)
async def test_what_is_no_cursor_of_this_list_is_wrong_input(
    office: Office, order: str, after: str
) -> None:
    pool, admin = await office.pool(), await office.admin()
    signed = [admin.seal.close(after), unsigned(after)] if after.startswith("[") else []
    for text in (after, *signed):
        assert await refusal(pooled(admin, pool, after=text, order=order)) == BAD_CURSOR


async def test_a_cursor_is_one_that_the_server_gave_to_this_organization(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    await named(office, pool, "甲", "乙")
    given = (await pooled(admin, pool, order="NAME", first=1)).end_cursor or ""
    assert names(await pooled(admin, pool, after=given, order="NAME")) == ["乙"]
    plain = base64.urlsafe_b64decode(given.partition(".")[0]).decode()
    other = await (await found("别的企业")).admin()
    for hand_made in (
        unsigned(plain),
        other.seal.close(plain),
        f"{unsigned(plain.replace('jia', 'jib'))}.{given.partition('.')[2]}",
        given[:-4] + "AAAA",
        given + ".",
    ):
        after = {"after": hand_made, "order": "NAME"}
        assert await refusal(pooled(admin, pool, **after)) == BAD_CURSOR


async def test_the_release_before_reads_the_cursors_of_this_one(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    for name in ("甲", "乙二", "丙三四", "AB", "A", "ABC"):
        await named(office, pool, name)
        given = (await pooled(admin, pool, order="OPENED_LATEST", first=1)).end_cursor or ""
        assert json.loads(base64.urlsafe_b64decode(given))[0] == "OPENED_LATEST"
    seal = await seal_of(office.id)
    for plain in ("a", "ab", "abc", "abcd"):
        assert base64.urlsafe_b64decode(seal.close(plain)).decode().rstrip() == plain


async def test_a_moment_without_a_zone_is_no_fault(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    await named(office, pool, "甲")
    after = admin.seal.close(forged("OPENED_LATEST", "2020-01-01T00:00:00", ID))
    assert names(await pooled(admin, pool, after=after)) == []


async def test_a_history_reads_backwards_and_follow_ups_are_a_part_of_it(
    office: Office,
) -> None:
    pool, li = await office.pool(), await office.person()
    id, other = await office.customers(pool, 2)
    await claims.claim(li, [id])
    for note in ("一", "二", "三"):
        await follow_ups.log_follow_up(li, id, "CALL", note)
    both = await customer_history(li, [id, other], window=Window(3))
    assert [e.details.get("note") for e in both[id].nodes] == ["三", "二", "一"]
    assert [e.action for e in both[other].nodes] == ["CREATED"]
    rest = await customer_history(li, [id], window=Window(3, both[id].end_cursor))
    assert [e.action for e in rest[id].nodes] == ["CLAIMED", "CREATED"]
    worked = (await customer_follow_ups(li, [id], window=Window(2)))[id]
    assert ([e.details["note"] for e in worked.nodes], worked.has_next) == (["三", "二"], True)
    huge = forged("events", str(2**63), ID)
    assert await refusal(customer_history(li, [id], window=Window(3, huge))) == BAD_CURSOR


async def test_colleagues_are_for_those_who_manage(office: Office) -> None:
    admin = await office.admin()
    li = await office.person("李雷")
    manager = await office.person("韩梅梅", role="MANAGER")
    other = await save_department(admin, None, "市场部")

    async def people(who: Viewer, **given: Any) -> list[str]:
        wanted = {"first": 10, "after": None, "search": None, "department_id": None} | given
        return names(await list_members(who, **asked(wanted)))

    assert await people(li) == ["李雷"]
    assert await people(manager) == await people(admin) == ["admin", "李雷", "韩梅梅"]
    assert await people(admin, search="梅") == ["韩梅梅"]
    assert await people(admin, search="ADMIN@") == ["admin"]
    assert await people(admin, search="%") == []
    assert await people(admin, department_id=office.department_id) == ["李雷", "韩梅梅"]
    assert await people(admin, department_id=other.id) == []


MANY = """
INSERT INTO customer (organization_id, pool_id, name, name_key, sort_name, masked_name, opened_at)
SELECT $1, $2, name, name || n, name, NULL, now() - n * interval '1 second' FROM (
  SELECT n, (ARRAY['深圳','北京','上海','广州','杭州','成都'])[1 + n % 6]
    || chr((19968 + (n * 7919) % 6000)::integer) || chr((19968 + (n * 104729) % 6000)::integer)
    || (ARRAY['科技','贸易','机械','食品','物流'])[1 + n % 5] || '有限公司' AS name
  FROM generate_series(1, 50000::bigint) AS n) AS made
"""


@pytest_asyncio.fixture
async def crowd(office: Office) -> Pool:
    """A pool of 50,000."""
    pool = await office.pool()
    await insert_customers(MANY, office.id, pool.id)
    await named(office, pool, "深圳腾讯科技有限公司")
    await database.rows("ANALYZE customer")
    return pool


async def test_among_50_000_no_search_and_no_page_reads_the_table_from_end_to_end(
    office: Office, crowd: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    admin = await office.admin()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    start = (await pooled(admin, crowd, order="NAME")).end_cursor
    asked: list[dict[str, Any]] = [
        {"search": search} for search in ("腾讯", "讯科", "有限公司", "深圳", "腾", "没有")
    ]
    asked += [{"order": order} for order in ("OPENED_LATEST", "OPENED_EARLIEST", "NAME")]
    for given in [*asked, {"order": "NAME", "after": start}]:
        caplog.clear()
        page = await pooled(admin, crowd, **given)
        (statement,) = [each.args for each in caplog.records if "LATERAL" in str(each.args)]
        plan = await explained(*statement)  # type: ignore[misc]
        assert "Seq Scan on customer" not in plan, plan
        assert ("customer_pooled_by_sort_name" in plan) == (given.get("order") == "NAME"), plan
        assert all(given.get("search", "") in node.name for node in page.nodes)


async def explained(sql: str, values: list[Any]) -> str:
    """As the search itself is planned: for these very values."""
    rows = await database.rows_custom_plan(f"EXPLAIN {sql}", *values)
    return "\n".join(row["QUERY PLAN"] for row in rows)


async def test_a_customer_given_back_is_the_newest_of_its_pool(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    old, new = [await office.customer(pool) for _ in range(2)]
    await time_passes("1 hour")
    await claims.claim(li, [old])
    done(await releases.give_back(li, old, "不合适"))
    assert [node.id for node in (await pooled(li, pool)).nodes] == [old, new]
