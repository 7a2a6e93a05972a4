"""Rows of raw SQL become the models that Tortoise itself would read."""

from collections.abc import Sequence
from typing import Any

import pytest
from tortoise.models import Model

from models import database as databases
from models import tables
from models.database.door import as_models
from models.lists.customers import pooled_customers
from models.paging import Window
from models.tables import Customer
from tests.schema.test_isolation import world

MODELS = sorted(
    (
        each
        for each in vars(tables).values()
        if isinstance(each, type) and issubclass(each, Model) and each is not Model
    ),
    key=lambda each: each.__name__,
)


def attributes(rows: Sequence[Model]) -> list[dict[str, Any]]:
    """With their types, in an order of their own."""
    found = [{key: (type(value), value) for key, value in vars(row).items()} for row in rows]
    return sorted(found, key=lambda each: str(sorted(each.items(), key=str)))


async def test_every_model_reads_as_by_tortoise(database: None) -> None:
    own = await world("示范企业")
    empty = set()
    for model in MODELS:
        key = "id" if model is tables.Organization else "organization_id"
        sql = f"SELECT * FROM {model._meta.db_table} WHERE {key} = $1"
        read = await databases.models(model, sql, own.office.id)
        assert {type(row) for row in read} <= {model}
        assert attributes(read) == attributes(await model.all())
        if not read:
            empty.add(model.__name__)
    assert empty == set()


async def test_a_model_that_was_read_can_be_changed(database: None) -> None:
    own = await world("示范企业")
    sql = "SELECT * FROM customer WHERE organization_id = $1 ORDER BY id LIMIT 1"
    (row,) = await databases.models(Customer, sql, own.office.id)
    assert await row is row
    row.name = "改过的名字"
    await row.save(update_fields=["name"])
    assert (await Customer.get(id=row.id)).name == "改过的名字"


@pytest.mark.parametrize(
    "columns", ["c.*, 1 AS more", "1 AS more, c.*", "c.id, 1 AS more, c.*", "c.*, c.*, 1 AS more"]
)
async def test_columns_that_a_model_lacks_are_left_out(database: None, columns: str) -> None:
    own = await world("示范企业")
    sql = f"SELECT {columns} FROM customer c WHERE organization_id = $1"
    read = await databases.models(Customer, sql, own.office.id)
    assert attributes(read) == attributes(await Customer.all())
    assert attributes(as_models(Customer, await databases.rows(sql, own.office.id))) == (
        attributes(read)
    )
    assert read
    assert not hasattr(read[0], "more")


async def test_a_page_of_a_pool_has_the_customers_as_tortoise_reads_them(database: None) -> None:
    own = await world("示范企业")
    viewer = await own.office.person(role="ADMIN")
    pools = [pool.id for pool in await tables.Pool.all()]
    asked = {"window": Window(100), "order": "NAME", "search": None, "level": None}
    pages = await pooled_customers(viewer, pools, **asked)  # type: ignore[arg-type]
    shown = [each for page in pages.values() for each in page.nodes]
    free = await Customer.filter(owner_id=None, pool_id__in=pools)
    assert shown
    assert attributes(shown) == attributes(free)


async def test_the_last_of_two_columns_of_one_name_is_told(database: None) -> None:
    own = await world("示范企业")
    sql = "SELECT c.*, 'the last'::text AS name FROM customer c WHERE organization_id = $1"
    read = await databases.models(Customer, sql, own.office.id)
    assert {row.name for row in read} == {"the last"}


async def test_a_column_that_is_missing_is_a_fault(database: None) -> None:
    own = await world("示范企业")
    with pytest.raises(KeyError):
        await databases.models(
            Customer, "SELECT id FROM customer WHERE organization_id = $1", own.office.id
        )


async def test_rows_are_found_by_their_ids_in_their_organization_alone(database: None) -> None:
    own, foreign = await world("示范企业"), await world("别的企业")
    ids = [row.id for row in await Customer.all()]
    found = await databases.rows_by_id(Customer, own.office.id, ids)
    expected = await Customer.filter(organization_id=own.office.id)
    assert found == {row.id: row for row in expected}
    assert len(found) < len(ids)
    assert foreign.office.id not in {row.organization_id for row in found.values()}
    assert await databases.rows_by_id(Customer, own.office.id, []) == {}
