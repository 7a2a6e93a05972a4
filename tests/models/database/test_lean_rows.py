"""Migration 0034: the database refuses and finds what it did with more checks and entries."""

import pytest
from tortoise.exceptions import IntegrityError

from models import database as databases
from models.customers import csv_import
from tests.models.customers.test_csv_import import csv_of
from tests.support.samples import Office

OWN = "01a21fc3-78bd-77ce-8992-3fed57d6af17"
# How the release before looks for one customer's duplicates, and for those of an import.
SAME = """
SELECT c.id FROM customer c WHERE c.organization_id = $1 AND c.id IS DISTINCT FROM $6
  AND (c.name_key = $2 OR c.phone_key = $3 OR c.email_key = $4 OR c.registration_key = $5)
"""
KNOWN = """
SELECT r.line FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
  AS r(name_key, phone_key, email_key, registration_key, line)
JOIN LATERAL (
  SELECT * FROM customer WHERE organization_id = $1 AND name_key = r.name_key UNION
  SELECT * FROM customer WHERE organization_id = $1 AND phone_key = r.phone_key UNION
  SELECT * FROM customer WHERE organization_id = $1 AND email_key = r.email_key UNION
  SELECT * FROM customer WHERE organization_id = $1 AND registration_key = r.registration_key
) AS c ON r.line IS DISTINCT FROM $6
"""
FORMER = [
    "customer_former_email_key",
    "customer_former_name_key",
    "customer_former_phone_key",
    "customer_former_registration_key",
]
# Rows as they are written, of an organization that is not there.
STRANGERS = {
    "customer in a pool": ("pool_id, name, name_key", "$2, 'A', 'a'"),
    "customer_key of a customer": ("customer_id, kind, key, blocks", "$2, 'NAME', 'a', true"),
    "event of a customer": ("customer_id, epoch, action", "$2, 0, 'CREATED'"),
    "event of a member": ("actor_id, action", "$2, 'MEMBER_SAVED'"),
    "event of a pool": ("pool_id, action", "$2, 'POOL_CREATED'"),
}


@pytest.mark.parametrize(("sql", "values"), [(SAME, "'a'"), (KNOWN, "ARRAY['a']")])
async def test_the_release_before_looks_each_key_up_by_its_index(
    office: Office, sql: str, values: str
) -> None:
    pool = await office.pool()
    await csv_import.import_customers(await office.admin(), pool.id, csv_of(1000))
    async with databases.transaction():
        await databases.rows("ANALYZE customer")
        await databases.rows(f"PREPARE look_up AS {sql}")
        given = ", ".join([f"'{OWN}'", *[values] * 4, "NULL"])
        lines = await databases.rows(f"EXPLAIN EXECUTE look_up({given})")
        await databases.rows("DEALLOCATE look_up")
    plan = "\n".join(row["QUERY PLAN"] for row in lines)
    assert "$1" in plan
    assert [name for name in FORMER if name in plan] == FORMER


@pytest.mark.parametrize("row", STRANGERS)
async def test_no_row_is_of_an_organization_that_is_not_there(office: Office, row: str) -> None:
    pool, admin = await office.pool(), await office.admin()
    customer = await office.customer(pool)
    own = {"pool": pool.id, "customer": customer, "member": admin.id}
    columns, values = STRANGERS[row]
    with pytest.raises(IntegrityError, match="foreign key"):
        await databases.rows(
            f"INSERT INTO {row.split()[0]} (organization_id, {columns}) VALUES ($1, {values})",
            OWN,
            own[row.split()[-1]],
        )


async def test_an_event_is_of_somebody(office: Office) -> None:
    with pytest.raises(IntegrityError, match="event_of_somebody"):
        await databases.rows(
            "INSERT INTO event (organization_id, action) VALUES ($1, 'MEMBER_SAVED')", office.id
        )


async def test_no_trigger_comes_before_the_inserts_of_an_import(database: None) -> None:
    """With one, PostgreSQL writes each row of a COPY by itself."""
    found = await databases.rows(
        "SELECT tgname FROM pg_trigger WHERE tgtype & 6 = 6"
        " AND tgrelid IN ('customer'::regclass, 'customer_key'::regclass, 'event'::regclass)"
    )
    assert found == []


async def test_of_two_equal_keys_one_blocks_and_any_number_does_not(office: Office) -> None:
    pool = await office.pool()
    ids = await office.customers(pool, 4)
    insert = (
        "INSERT INTO customer_key (organization_id, customer_id, kind, key, blocks)"
        " VALUES ($1, $2, $3, 'a', $4)"
    )
    await databases.rows(insert, office.id, ids[0], "NAME", True)
    for id in ids[1:3]:
        await databases.rows(insert, office.id, id, "NAME", False)
    await databases.rows(insert, office.id, ids[3], "EMAIL", True)
    with pytest.raises(IntegrityError, match="customer_key_blocks"):
        await databases.rows(insert, office.id, ids[3], "NAME", True)
