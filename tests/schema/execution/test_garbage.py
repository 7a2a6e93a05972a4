"""What an answer was made of goes with the answer, and does not wait for the garbage collector."""

import gc

import pytest

from models.tables import Customer
from schema.base.context import Context
from tests.support.asking import CLAIM, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office

ROWS = """nodes { id name contact { phone } claimable { __typename }
  holding { release { at conditions { remedy } } } history { nodes { action } } }
  pageInfo { endCursor } totalCount"""
POOL = f"query ($pool: ID!) {{ pool(id: $pool) {{ customers {{ {ROWS} }} }} }}"
HELD = f"{{ viewer {{ privatePool {{ held customers {{ {ROWS} }} }} }} }}"


@pytest.mark.parametrize("what", ["a page", "one's own page", "a claim"])
async def test_an_answer_leaves_no_circle(api: Client, office: Office, what: str) -> None:
    pool, li = await office.pool(), await office.person()
    for customer in await office.customers(pool, 3):
        await api.data(li.member, CLAIM, customer=customer_gid(customer))
    first, second = [customer_gid(each) for each in await office.customers(pool, 2)]
    document, variables = {
        "a page": (POOL, {"pool": gid("Pool", pool.id)}),
        "one's own page": (HELD, {}),
        "a claim": (CLAIM, {"customer": first}),
    }[what]
    await api.data(li.member, document, **variables)
    if what == "a claim":
        variables = {"customer": second}
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        await api.data(li.member, document, **variables)
        gc.collect()
        left = [type(each) for each in gc.garbage if isinstance(each, Context | Customer)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert left == []
