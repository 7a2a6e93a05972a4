"""relay-compiler on the schema, and relay-runtime against the API: pages and refetched objects."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from schema.execution.schema import schema
from schema.node_finders import FINDERS
from tests.conformance.conftest import CUSTOMERS, Start
from tests.conformance.sales import Sales
from tests.support.asking import ask, customer_gid, gid
from tests.support.node_program import Program

PAGE = 8
BY_NAME = """query ($id: ID!) { pool(id: $id) { customers(first: 100, orderBy: NAME) {
  nodes { id } } } }"""


@pytest_asyncio.fixture
async def client(node: Start, sales: Sales, tmp_path: Path) -> AsyncIterator[Program]:
    """The compiler accepts two connections, and a refetchable fragment of each type of node."""
    async with node("relay.mjs") as program:
        said = await program.call("compile", str(tmp_path), schema.as_str(), sorted(FINDERS))
        assert "Compilation completed." in said, said
        await program.call("start", sales.api.graphql_url, sales.token)
        yield program


async def by_name(sales: Sales) -> list[str]:
    answer = await ask(sales.api, sales.seller, BY_NAME, id=sales.pool_id)
    return [each["id"] for each in answer["customers"]["nodes"]]


async def test_a_connection_grows_page_by_page_while_rows_leave(
    client: Program, sales: Sales
) -> None:
    whole = await by_name(sales)
    page = await client.call("first", "poolQuery", "pool_customers", sales.pool_id, PAGE)
    assert (page["ids"], page["pageInfo"]["hasNextPage"]) == (whole[:PAGE], True)
    sales.customers.sort(key=lambda id: whole.index(customer_gid(id)))
    await sales.claim(PAGE + 1)
    page = await client.call("more", "forward", PAGE)
    # The first of the second page has left too; the shown ones stay in the store.
    assert page["ids"] == whole[:PAGE] + whole[PAGE + 1 : 2 * PAGE + 1]
    page = await client.call("more", "forward", PAGE)
    assert page["ids"] == whole[:PAGE] + whole[PAGE + 1 :]
    assert page["pageInfo"]["hasNextPage"] is False
    assert len(page["ids"]) == CUSTOMERS - 1


async def test_a_connection_is_read_from_its_end(client: Program, sales: Sales) -> None:
    whole = await by_name(sales)
    page = await client.call("first", "poolEndQuery", "pool_end", sales.pool_id, PAGE)
    assert (page["ids"], page["pageInfo"]["hasPreviousPage"]) == (whole[-PAGE:], True)
    for shown in (2 * PAGE, CUSTOMERS):
        page = await client.call("more", "backward", PAGE)
        assert page["ids"] == whole[-shown:]
    assert page["pageInfo"]["hasPreviousPage"] is False


async def test_a_refetchable_fragment_finds_its_object_again(client: Program, sales: Sales) -> None:
    seller = sales.seller
    for type_name, id in {
        "Customer": customer_gid(sales.customers[0]),
        "Pool": sales.pool_id,
        "Member": gid("Member", seller.id),
        "Organization": gid("Organization", seller.organization.id),
    }.items():
        again = await client.call("again", type_name, id)
        assert again == {"__typename": type_name, "id": id}
