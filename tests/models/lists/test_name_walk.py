"""A search for a frequent term reads names in the order of the page, and finds the same."""

import logging
import random
import time
from itertools import product
from typing import Any

import pytest

from models import database as databases
from models.lists import frequent_signs, name_walk
from models.lists.customers import pooled_customers
from models.lists.name_order import name_columns
from models.paging import Page, Window
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.models.lists.test_lists import named
from tests.support.samples import Office

# Of the 50 characters that searchable() makes longest, e.g. ㌖ and ﷺ.
WIDE = [*map(chr, range(0x3300, 0x3330)), "\ufdfa", "\ufdfb"]
WIDE_ROWS = """
INSERT INTO customer (organization_id, pool_id, name, name_key, sort_name, masked_name, keyed_at)
SELECT $1, $2, name, gen_random_uuid()::text, sort_name, masked_name, now()
FROM unnest($3::text[], $4::text[], $5::text[]) AS made(name, sort_name, masked_name)
"""
TERMS = ["科技", "科", "13824", "3-1", "科技2"]
WALK, UNWALKED, GRAMS = "search_name, c.masked_name FROM customer", " OFFSET ", "name_grams @>"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_walk, "FEWEST_FOUND", 1)
    # What the process knows of the customers of an earlier test is no use.
    monkeypatch.setattr(name_walk, "shares", frequent_signs.Shares())


async def search(
    viewer: Viewer, pool: Pool, term: str, window: Window, order: str = "OPENED_LATEST"
) -> Page[Customer]:
    pages = await pooled_customers(
        viewer, [pool.id], window=window, order=order, search=term, level=None
    )
    return pages[pool.id]


def by(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Which signs the logged statements have, in their order."""
    texts = [str(each.args[0]) for each in caplog.records if isinstance(each.args, tuple)]
    return [sign for text in texts for sign in (UNWALKED, WALK, GRAMS) if sign in text]


async def filled(office: Office, *, masked: tuple[str, ...]) -> Pool:
    pool = await office.pool(masked=masked)
    for n in range(4):
        names = [f"科技{n}-{m}" + ("电话13824680001" if m % 5 == 0 else "") for m in range(12)]
        await named(office, pool, *names, *(f"麒麟{n}-{m}" for m in range(3)))
    await databases.rows("ANALYZE customer")
    return pool


@pytest.mark.parametrize("masked", [("PHONE", "EMAIL"), ()])
async def test_it_finds_what_the_search_index_finds_in_the_same_order(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    masked: tuple[str, ...],
) -> None:
    pool, li = await filled(office, masked=masked), await office.person()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    for term, order in product(TERMS, ["OPENED_LATEST", "OPENED_EARLIEST"]):
        middle = (await search(li, pool, "科技", Window(9), order)).end_cursor
        for window in (Window(5), Window(100), Window(3, middle), Window(4, middle, True)):
            told = []
            for most, way in ((8_000, WALK), (0, GRAMS)):
                monkeypatch.setattr(name_walk, "MOST_EXPECTED", most)
                caplog.clear()
                page = await search(li, pool, term, window, order)
                assert set(by(caplog)) - {UNWALKED} == {way}
                beyond = await page.beyond() if page.beyond else None
                rows = [(each.node.id, each.cursor) for each in page.edges]
                told.append((rows, page.has_more, beyond))
            assert told[0] == told[1]


@pytest.mark.parametrize(("masked", "found"), [(("PHONE", "EMAIL"), 0), ((), 12)])
async def test_it_finds_nothing_masked(
    office: Office, caplog: pytest.LogCaptureFixture, masked: tuple[str, ...], found: int
) -> None:
    pool, li = await filled(office, masked=masked), await office.person()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    assert len((await search(li, pool, "13824", Window(50))).nodes) == found
    assert by(caplog) == [WALK, UNWALKED]


async def test_a_rare_term_an_order_by_name_and_a_level_use_the_search_index(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    pool, li = await filled(office, masked=()), await office.person()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    assert (await search(li, pool, "麒科", Window(5))).nodes == []
    assert len((await search(li, pool, "科技", Window(5), "NAME")).nodes) == 5
    wanted: dict[str, Any] = {"order": "OPENED_LATEST", "search": "科技", "level": "A"}
    assert (await pooled_customers(li, [pool.id], window=Window(5), **wanted))[pool.id].nodes == []
    assert by(caplog) == [GRAMS] * 3


async def test_where_few_names_have_a_term_the_search_index_finds_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pool, li = await filled(office, masked=()), await office.person()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    for fewest in (48, 49):
        monkeypatch.setattr(name_walk, "FEWEST_FOUND", fewest)
        assert len((await search(li, pool, "科技", Window(5))).nodes) == 5
    assert by(caplog) == [WALK, GRAMS]


async def test_where_a_term_is_rarer_than_elsewhere_the_search_index_finds_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pool, li = await filled(office, masked=()), await office.person()
    monkeypatch.setattr(name_walk, "MOST_WALKED", 20)
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    # The latest 15 customers have it, and the walk begins with the others.
    earliest = await search(li, pool, "3-1", Window(5), "OPENED_EARLIEST")
    assert len(earliest.nodes) == 4
    assert by(caplog) == [WALK, UNWALKED, GRAMS]
    caplog.clear()
    assert len((await search(li, pool, "科技3", Window(10))).nodes) == 10
    assert by(caplog) == [WALK]


async def test_shares_are_read_once_until_they_are_old(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, shares = await filled(office, masked=()), frequent_signs.Shares()
    assert await shares.rarest(["科技"]) == pytest.approx((0.8, 48))
    assert await shares.rarest(["科技", "麒麟"]) == pytest.approx((0.2, 12))
    assert await shares.rarest(["科技", "没有"]) == (0, 0)
    await named(office, pool, *(f"别的{n}" for n in range(60)))
    await databases.rows("ANALYZE customer")
    assert await shares.rarest(["科技"]) == pytest.approx((0.8, 48))
    later = time.monotonic() + frequent_signs.KEPT_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert await shares.rarest(["科技"]) == pytest.approx((0.4, 48))


async def test_the_widest_names_fit_into_the_index(office: Office) -> None:
    """An entry of an index has at most 2,700 bytes, and PostgreSQL packs them."""
    pool, drawn = await office.pool(), random.Random(7)
    names = ["".join(drawn.choices(WIDE, k=200)) for _ in range(40)]
    names += [each[:188] + " 13824680001" for each in names]
    columns = [name_columns(name) for name in names]
    values = ([each["sort_name"] for each in columns], [each["masked_name"] for each in columns])
    await databases.rows(WIDE_ROWS, office.id, pool.id, names, *values)
    (row,) = await databases.rows("SELECT max(octet_length(search_name)) AS most FROM customer")
    assert row["most"] > 2000
