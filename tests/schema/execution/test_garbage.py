"""What an answer was made of goes with the answer, and does not wait for the garbage collector."""

import contextlib
import gc
from collections.abc import Iterator

import pytest

from models.customers.csv_parsing import Row
from models.refusals import Refusal
from models.tables import Customer
from schema.base.context import Context
from tests.support.asking import CLAIM, DEAL, IMPORT, RELEASE, ask, customer_gid, gid
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
    with left() as types:
        await api.data(li.member, document, **variables)
    assert types == []


@pytest.mark.parametrize("key", [None, "once"])
async def test_a_refusal_leaves_no_circle(api: Client, office: Office, key: str | None) -> None:
    pool, li = await office.pool(), await office.person()
    others, nobody = customer_gid(await office.customer(pool)), gid("Customer", pool.id)
    for document, customer in ((RELEASE, others), (DEAL, others), (CLAIM, nobody)):
        keys = (key and f"{key} {len(document)} {n}" for n in range(2))
        await api.data(li.member, document, customer=customer, key=next(keys))
        with left() as types:
            answer = await ask(api, li, document, customer=customer, key=next(keys))
        assert answer["__typename"] in ("NotHolder", "NotFound")
        assert types == []


async def test_a_refused_import_leaves_no_rows(api: Client, office: Office) -> None:
    """250,000 objects of a large one took 270 ms of the garbage collector, in the next request."""
    pool, boss = await office.pool(), await office.admin()
    for rows in ("name\n甲\n乙\n甲", "name\n甲\n"):
        await api.data(boss.member, IMPORT, pool=gid("Pool", pool.id), csv="name\n甲")
        with left() as types:
            answer = await api.data(boss.member, IMPORT, pool=gid("Pool", pool.id), csv=rows)
        assert answer["importCustomers"]["__typename"] == "InvalidInput"
        assert types == []


@contextlib.contextmanager
def left() -> Iterator[list[type]]:
    """What only the garbage collector frees after these requests."""
    types: list[type] = []
    gc.collect()
    gc.freeze()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield types
        gc.collect()
        kept = (Context, Customer, Refusal, Row)
        types += [type(each) for each in gc.garbage if isinstance(each, kept)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
