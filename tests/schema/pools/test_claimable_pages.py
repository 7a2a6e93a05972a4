"""A page tells of each customer the same as the customer by itself: may the viewer claim it?"""

from typing import Any

import pytest

from models.ownership import claims, releases
from models.viewers import Viewer
from tests.support.asking import ask, whole
from tests.support.running import Client
from tests.support.samples import Office, done

SAID = f"id name claimable {{ {whole('ClaimCheck')} }}"
PAGES = f"""query ($first: Int, $last: Int, $after: Cursor, $search: String) {{ pools {{ name
  customers(first: $first, last: $last, after: $after, search: $search, orderBy: OPENED_EARLIEST) {{
    nodes {{ {SAID} }} pageInfo {{ endCursor }} }} }} }}"""
ALONE = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Customer {{ {SAID} }} }} }}"


async def test_pages_of_many_pools_tell_the_same_as_their_customers_alone(
    api: Client, office: Office
) -> None:
    """Lost ones, full pools, no seat yet; from both ends, behind a cursor, searched."""
    cooling = await office.pool("A", reclaim_cooldown="P7D")
    full, fresh = await office.pool("B", capacity=1), await office.pool("C", capacity=2)
    li, other = await office.person(), await office.person()
    pools = (cooling, full, fresh)
    rows = {pool.name: await office.customers(pool, 6) for pool in pools}
    for id in rows["A"][1:4:2]:
        done((await claims.claim(li, [id]))[0])
        await releases.give_back(li, id, "不合适")
    done((await claims.claim(other, rows["A"][4:5]))[0])
    await releases.give_back(other, rows["A"][4], "不合适")
    done((await claims.claim(li, rows["B"][:1]))[0])
    all_pages = await pages_of(api, li, first=20)
    assert {kind for page in all_pages for kind in kinds_of(page)} == {
        *("Claimable", "CoolingDown", "CapacityReached"),
    }
    assert kinds_of(all_pages[0]).count("CoolingDown") == 2
    assert set(kinds_of(all_pages[1])) == {"CapacityReached"}
    few = await pages_of(api, li, first=2)
    behind = await pages_of(api, li, first=20, after=few[0]["pageInfo"]["endCursor"])
    last, found = await pages_of(api, li, last=3), await pages_of(api, li, first=5, search="客户")
    for page in (*all_pages, *few, *behind, *last, *found):
        await check_alone(api, li, page["nodes"])
    assert [len(page["nodes"]) for page in (*few, *last, *found)] == [2, 2, 2, 3, 3, 3, 5, 5, 5]


@pytest.mark.parametrize("search", [None, "客户"])
async def test_a_page_at_a_cursor_tells_what_is_on_its_other_side(
    api: Client, office: Office, search: str | None
) -> None:
    pool, li = await office.pool(), await office.person()
    await office.customers(pool, 5)
    (first,) = await pages_of(api, li, first=2, search=search)
    at = first["pageInfo"]["endCursor"]
    document = """query ($at: Cursor, $search: String) { pools {
      behind: customers(after: $at, search: $search, orderBy: OPENED_EARLIEST) {
        nodes { claimable { __typename } } pageInfo { hasPreviousPage } }
      before: customers(last: 1, before: $at, search: $search, orderBy: OPENED_EARLIEST) {
        nodes { claimable { __typename } } pageInfo { hasNextPage } } } }"""
    (told,) = await ask(api, li, document, at=at, search=search)
    assert told["behind"]["pageInfo"] == {"hasPreviousPage": True}
    assert told["before"]["pageInfo"] == {"hasNextPage": True}


async def test_a_page_keeps_its_order_beside_what_was_lost(api: Client, office: Office) -> None:
    pool = await office.pool(reclaim_cooldown="P7D")
    li = await office.person()
    for id in (await office.customers(pool, 40))[::3]:
        done((await claims.claim(li, [id]))[0])
        await releases.give_back(li, id, "不合适")
    document = "{ pools { customers(first: 50, orderBy: %s) { nodes { id name openedAt %s } } } }"
    for order in ("OPENED_LATEST", "OPENED_EARLIEST", "NAME"):
        plain, told = [
            [
                each["id"]
                for each in (await ask(api, li, document % (order, more)))[0]["customers"]["nodes"]
            ]
            for more in ("", "claimable { __typename }")
        ]
        assert plain == told
        assert len(told) == 40


async def pages_of(api: Client, who: Viewer, **window: Any) -> list[dict[str, Any]]:
    return [each["customers"] for each in await ask(api, who, PAGES, **window)]


async def check_alone(api: Client, who: Viewer, nodes: list[dict[str, Any]]) -> None:
    alone = await ask(api, who, ALONE, ids=[each["id"] for each in nodes])
    assert [without_moment(each) for each in alone] == [without_moment(each) for each in nodes]


def without_moment(node: dict[str, Any]) -> dict[str, Any]:
    """A release counts from the moment of its request."""
    said = dict(node["claimable"])
    if "releaseAt" in said:
        said["releaseAt"] = bool(said["releaseAt"])
    return {**node, "claimable": said}


def kinds_of(page: dict[str, Any]) -> list[str]:
    return [each["claimable"]["__typename"] for each in page["nodes"]]
