"""What the database itself refuses."""

import pytest
from tortoise.exceptions import IntegrityError

from models import database as databases
from models.ownership import claims
from models.tables import Customer
from models.tables.customers import EMPTY_IN_POOL, NULL_IN_POOL
from models.taking.capacity import ensure_seats
from tests.support.samples import Office, found


@pytest.mark.parametrize(
    "change",
    [
        "owner_id = NULL",
        "claimed_at = NULL",
        "opened_at = now()",
        "rules_version = NULL",
        "release_reason = NULL",
        "release_reason = 'WHIM'",
        "release_at = NULL",
        "remind_offsets = '{}'",
        "epoch = -1",
        "name = ''",
        "owner_id = gen_random_uuid()",
        "pool_id = gen_random_uuid()",
        "organization_id = gen_random_uuid()",
    ],
)
async def test_the_database_refuses_what_must_never_be_of_a_held_customer(
    office: Office, change: str
) -> None:
    pool = await office.pool(max_hold="P20D")
    id = await office.customer(pool)
    await claims.claim(await office.person(), [id])
    with pytest.raises(IntegrityError):
        await databases.rows(f"UPDATE customer SET {change} WHERE id = $1", id)


@pytest.mark.parametrize(
    "change",
    [
        "claimed_at = now()",
        "opened_at = NULL",
        "release_at = now()",
        "release_at = now(), release_reason = 'MAX_HOLD'",
        "followed_up_at = now()",
        "won_at = now()",
        "rules_version = 1",
        "remind_at = ARRAY[now()], remind_offsets = ARRAY['P3D']",
    ],
)
async def test_the_database_refuses_what_must_never_be_of_a_pooled_customer(
    office: Office, change: str
) -> None:
    id = await office.customer(await office.pool())
    with pytest.raises(IntegrityError):
        await databases.rows(f"UPDATE customer SET {change} WHERE id = $1", id)


OF_A_HELD_ONE = {
    "owner_id": "(SELECT id FROM member WHERE organization_id = customer.organization_id LIMIT 1)",
    "rules_version": "1",
    "release_reason": "'MAX_HOLD'",
    "merged_into": "id",
    "erased_from": "pool_id",
    "remind_at": "ARRAY[now()]",
    "remind_offsets": "ARRAY['P3D']",
}


@pytest.mark.parametrize("column", [*NULL_IN_POOL, *EMPTY_IN_POOL])
async def test_what_no_page_of_a_pool_reads_is_never_set_in_a_pool(
    office: Office, column: str
) -> None:
    id = await office.customer(await office.pool())
    value = OF_A_HELD_ONE.get(column, "now()")
    with pytest.raises(IntegrityError):
        await databases.rows(f"UPDATE customer SET {column} = {value} WHERE id = $1", id)


@pytest.mark.parametrize("change", ["held = -1", "won = 1", "won = -1", "claimed_today = -1"])
async def test_a_seat_never_counts_wrong(office: Office, change: str) -> None:
    pool = await office.pool()
    await ensure_seats(office.id, [pool.id], office.founder.id)
    with pytest.raises(IntegrityError):
        await databases.rows(f"UPDATE seat SET {change}")


async def test_a_customer_of_one_organization_never_has_another_ones_owner(
    office: Office,
) -> None:
    stranger = await found("别家")
    id = await office.customer(await office.pool())
    with pytest.raises(IntegrityError):
        await databases.rows(
            "UPDATE customer SET owner_id = $2, claimed_at = now(), opened_at = NULL,"
            " rules_version = 1 WHERE id = $1",
            id,
            stranger.founder.id,
        )
    assert (await Customer.get(id=id)).owner_id is None
