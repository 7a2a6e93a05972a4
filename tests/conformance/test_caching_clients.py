"""Apollo Client and urql: unions, a cache by id, subscriptions, and documents by their ids."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.conformance.conftest import Start
from tests.conformance.sales import Sales
from tests.support.node_program import Program
from tests.support.samples import numbers

HELD = "This customer already has an owner."
Row = tuple[str, str | None]


@pytest_asyncio.fixture(params=["apollo", "urql"])
async def client(node: Start, sales: Sales, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """Signed in as a colleague of the salesperson."""
    async with node(f"{request.param}.mjs") as program:
        await program.call("start", sales.api.graphql_url, sales.api.ws_url, sales.token)
        yield program


async def test_the_answer_to_a_claim_changes_the_row_of_a_list(
    client: Program, sales: Sales
) -> None:
    await client.call("watch", sales.pool_id)
    before = await rows(client)
    mine = before[3][0]
    answer = await client.call("claim", mine)
    assert (answer["__typename"], answer["customer"]["id"]) == ("Claimed", mine)
    assert await rows(client) == [(id, sales.name if id == mine else None) for id, _ in before]
    named = [sent.partition(" ")[0] for sent in await client.call("sent")]
    assert list(dict.fromkeys(named)) == ["Pool", "Claim"]


async def test_a_refusal_is_known_by_its_type_and_read_by_its_interface(
    client: Program, sales: Sales
) -> None:
    await sales.claim(1)
    (held,) = sales.claimed
    answer = await client.call("claim", held)
    assert answer == {"__typename": "AlreadyHeld", "message": HELD}


async def test_a_subscription_changes_the_row_of_a_list(client: Program, sales: Sales) -> None:
    await client.call("watch", sales.pool_id)
    before = await rows(client)
    await client.call("follow", sales.pool_id, sales.now)
    await client.call("sent")
    await sales.claim(1)
    told = [await client.told(), await client.told()]
    (change,) = (each["change"] for each in told if "change" in each)
    (after,) = (each["rows"] for each in told if "rows" in each)
    (theirs,) = sales.claimed
    assert (change["kind"], change["customer"]["id"]) == ("CLAIMED", theirs)
    assert shown(after) == [(id, sales.name if id == theirs else None) for id, _ in before]
    assert await client.call("sent") == []


async def test_a_document_is_sent_once_and_then_named_by_its_id(
    client: Program, sales: Sales
) -> None:
    name = f"Viewer{next(numbers)}"
    for sent in [[f"{name} by id", f"{name} by id and document"], [f"{name} by id"]]:
        answer = await client.call("ask", f"query {name} {{ viewer {{ id name }} }}", {})
        assert answer["viewer"]["name"] == sales.name
        assert await client.call("sent") == sent


async def rows(client: Program) -> list[Row]:
    return shown((await client.told())["rows"])


def shown(nodes: list[dict[str, Any]]) -> list[Row]:
    """Each row's id and its owner's name."""
    return [(each["id"], each["owner"] and each["owner"]["name"]) for each in nodes]
