"""Migration 0036: what the release before writes is completed after it is written."""

import pytest
from tortoise.exceptions import IntegrityError

from models import database as databases
from models.tables import Customer
from tests.support.samples import Office

HELD = """
INSERT INTO customer (organization_id, pool_id, name, name_key, owner_id, claimed_at, opened_at,
  rules_version, release_at, release_reason, remind_at, remind_offsets)
VALUES ($1, $2, 'A', 'a', $3, now(), NULL, 1, now(), 'MAX_HOLD', ARRAY[now()], ARRAY[$4])
"""
OFFSETS = "UPDATE customer SET remind_offsets = ARRAY[$1]"


async def held(office: Office, offset: str) -> Customer:
    pool, admin = await office.pool(), await office.admin()
    await databases.rows(HELD, office.id, pool.id, admin.id, offset)
    return await Customer.get(name="A")


async def marker(offset: str) -> list[object]:
    """Write the offset as the release before does; return what this one then reads."""
    await databases.rows(OFFSETS, offset)
    customer = await Customer.get(name="A")
    return [customer.unannounced_rules_version, customer.announced_release_at]


async def test_no_trigger_comes_before_updates_of_customers(database: None) -> None:
    """With one, PostgreSQL computes all generated columns anew at each update."""
    found = await databases.rows(
        "SELECT tgname FROM pg_trigger WHERE tgtype & 18 = 18 AND tgrelid = 'customer'::regclass"
    )
    assert found == []


async def test_a_nearer_release_of_the_release_before_gets_its_columns(office: Office) -> None:
    customer = await held(office, "nearer 7")
    assert (customer.unannounced_rules_version, customer.announced_release_at) == (7, None)
    version, announced = await marker("nearer 8 2031-05-01T08:00:00+00:00")
    assert (version, str(announced)) == (8, "2031-05-01 08:00:00+00:00")
    assert await marker("P3D") == [None, None]


async def test_a_nearer_release_without_its_rules_is_refused(office: Office) -> None:
    with pytest.raises(IntegrityError, match="customer_unannounced"):
        await held(office, "nearer")
    await held(office, "P3D")
    with pytest.raises(IntegrityError, match="customer_unannounced"):
        await marker("nearer")


async def test_a_complete_row_is_written_once(office: Office) -> None:
    await held(office, "nearer 7")
    written = "UPDATE customer SET followed_up_at = now() RETURNING ctid"
    (returned,) = await databases.rows(written)
    assert await databases.rows("SELECT ctid FROM customer") == [returned]
