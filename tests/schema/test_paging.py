"""Connections as Relay's specification of them has it: edges, and pages read from both ends."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from graphql import GraphQLObjectType, get_named_type

from models.holding import extensions, follow_ups
from models.ownership import claims
from models.pools import pools
from models.rules.durations import Span
from models.tables import Pool
from models.viewers import Viewer
from schema.base import ids
from schema.execution.schema import schema
from tests.support.asking import ask, customer_gid, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, done

SIZE = 2
PAGE = """{ edges { cursor node { %s } } nodes { %s }
  pageInfo { hasPreviousPage hasNextPage startCursor endCursor } }"""
# Each list with `…` for its arguments, and by what its nodes are told apart.
LISTS = {
    "pooled, latest": ("pool(id: $pool) { customers(…) PAGE }", "id"),
    "pooled, earliest": ("pool(id: $pool) { customers(…, orderBy: OPENED_EARLIEST) PAGE }", "id"),
    "pooled, by name": ("pool(id: $pool) { customers(…, orderBy: NAME) PAGE }", "id"),
    "held": ("viewer { privatePool { customers(…) PAGE } }", "id"),
    "held, by claim": (
        "viewer { privatePool { customers(…, orderBy: CLAIMED_LATEST) PAGE } }",
        "id",
    ),
    "history": ("customer(id: $customer) { history(…) PAGE }", "id"),
    "follow-ups": ("customer(id: $customer) { followUps(…) PAGE }", "id"),
    "members": ("members(…) PAGE", "id"),
    "alerts": ("viewer { alerts(…) PAGE }", "cursor"),
    "unread alerts": ("viewer { alerts(…, unreadOnly: true) PAGE }", "cursor"),
    "at risk": ("pool(id: $held) { atRisk(…) PAGE }", "id"),
    "extensions": ("pool(id: $held) { extensions(…) PAGE }", "id"),
    "rules": ("pool(id: $pool) { rulesVersions(…) PAGE }", "version"),
}


@dataclass
class Lists:
    """An admin with several rows in each list."""

    api: Client
    admin: Viewer
    pool: Pool
    given: dict[str, str]

    async def page(self, name: str, arguments: str) -> Any:
        """The connection, wherever it stands in the answer."""
        selection, key = LISTS[name]
        page = PAGE % (key, key)
        answer = await self.ask(selection.replace("…", arguments).replace("PAGE", page))
        while "edges" not in answer:
            (answer,) = answer.values()
        return answer

    async def ask(self, selection: str) -> Any:
        given = {name: id for name, id in self.given.items() if f"${name})" in selection}
        declared = " ".join(f"${name}: ID!" for name in given)
        document = f"query ({declared}) {{ {selection} }}" if given else f"{{ {selection} }}"
        return await ask(self.api, self.admin, document, **given)


@pytest_asyncio.fixture
async def lists(api: Client, office: Office) -> AsyncIterator[Lists]:
    free = await office.pool()
    held = await office.pool(max_hold="P5D", deal_within="P4D", extension_limit="P30D")
    admin, lead = await office.admin(), await office.person(role="MANAGER")
    await office.customers(free, 5)
    for id in await office.customers(held, 5):
        await claims.assign(lead, id, admin.id)
        await extensions.ask(admin, id, Span.parse("PT1H"), "客户下周开会")
    for n in range(5):
        await follow_ups.log_follow_up(admin, id, "CALL", f"第{n}次")
        await pools.change_rules(admin, free.id, free.rules)
        await office.person()
    yield Lists(
        api,
        await office.admin(),
        free,
        {
            "pool": gid("Pool", free.id),
            "held": gid("Pool", held.id),
            "customer": customer_gid(id),
        },
    )


async def test_each_list_is_the_same_from_both_ends(lists: Lists) -> None:
    for name, (_, key) in LISTS.items():
        whole = await lists.page(name, "first: 100")
        nodes = [edge["node"] for edge in whole["edges"]]
        assert nodes == whole["nodes"]
        assert len({node[key] for node in nodes}) == len(nodes) >= 5, name
        assert ends(whole) == (False, False)
        forward = await walk(lists, name, "first", "after", "hasNextPage", "endCursor")
        assert [node for page in forward for node in page] == nodes, name
        backward = await walk(lists, name, "last", "before", "hasPreviousPage", "startCursor")
        assert [node for page in reversed(backward) for node in page] == nodes, name
        assert [len(page) for page in backward[:-1]] == [SIZE] * (len(backward) - 1)


async def walk(lists: Lists, name: str, size: str, at: str, more: str, end: str) -> list[Any]:
    """The nodes of each page, in the order in which they come."""
    seen: list[Any] = []
    arguments = f"{size}: {SIZE}"
    while True:
        page = await lists.page(name, arguments)
        seen.append(page["nodes"])
        cursors = [edge["cursor"] for edge in page["edges"]]
        told = page["pageInfo"]
        assert (told["startCursor"], told["endCursor"]) == (cursors[0], cursors[-1])
        # What was read before is still there, on the other side.
        assert ends(page) == tuple(
            told[each] if each == more else len(seen) > 1
            for each in ("hasPreviousPage", "hasNextPage")
        )
        if not told[more]:
            return seen
        arguments = f'{size}: {SIZE}, {at}: "{told[end]}"'


def ends(page: Any) -> tuple[bool, bool]:
    return page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_goes_on_at_the_cursor_of_each_edge(lists: Lists, name: str) -> None:
    whole = await lists.page(name, "first: 100")
    nodes = whole["nodes"]
    for n, edge in enumerate(whole["edges"]):
        after = await lists.page(name, f'first: 100, after: "{edge["cursor"]}"')
        before = await lists.page(name, f'last: 100, before: "{edge["cursor"]}"')
        assert (before["nodes"], after["nodes"]) == (nodes[:n], nodes[n + 1 :])
        assert (ends(before), ends(after)) == ((False, True), (True, False))


async def test_the_other_side_is_empty_once_its_rows_have_left(lists: Lists) -> None:
    name = "pooled, earliest"
    first = await lists.page(name, "first: 2")
    after = f'first: 2, after: "{first["pageInfo"]["endCursor"]}"'
    assert ends(await lists.page(name, after)) == (True, True)
    for node in first["nodes"]:
        await lists.api.data(
            lists.admin.member,
            "mutation ($id: ID!) { claimCustomer(customerId: $id) { __typename } }",
            id=node["id"],
        )
    assert ends(await lists.page(name, after)) == (False, True)


@pytest.mark.parametrize(
    ("name", "size", "at", "end"),
    [
        ("pooled, earliest", "first", "after", "endCursor"),
        ("pooled, latest", "last", "before", "startCursor"),
    ],
)
async def test_no_row_is_doubled_while_others_come_and_go(
    lists: Lists, office: Office, name: str, size: str, at: str, end: str
) -> None:
    """New ones come where the walk ends; the next one, and one seen before, are claimed."""
    li, page = await office.person(), await lists.page(name, "first: 100")
    whole = [edge["node"]["id"] for edge in page["edges"]][:: 1 if size == "first" else -1]
    seen: list[str] = []
    arguments = ""
    for taken in (whole[2], whole[0]):
        page = await lists.page(name, f"{size}: 2{arguments}")
        seen += [node["id"] for node in page["nodes"]][:: 1 if size == "first" else -1]
        arguments = f', {at}: "{page["pageInfo"][end]}"'
        (outcome,) = await claims.claim(li, [ids.decode(taken, "Customer")])
        done(outcome)
        await office.customers(lists.pool, 1)
    assert seen == [whole[0], whole[1], whole[3], whole[4]]
    rest = [node["id"] for node in (await lists.page(name, f"{size}: 100{arguments}"))["nodes"]]
    assert len({*rest} - {*whole}) == len(rest) == 2


@pytest.mark.parametrize(
    ("arguments", "path", "message"),
    [
        ("first: 2, last: 2", "first", "cannot be given together with `last`"),
        ('last: 2, after: "x"', "after", "cannot be given together with `last`"),
        ('before: "x"', "before", "needs `last`: how many before it"),
        ('first: 2, before: "x"', "before", "needs `last`: how many before it"),
        ('after: "x", before: "x"', "before", "needs `last`: how many before it"),
        ("last: 0", "last", "must be from 1 to 100"),
        ("last: -1", "last", "must be from 1 to 100"),
        ("last: 101", "last", "must be from 1 to 100"),
        (
            'last: 2, before: "x"',
            "before",
            "must be a cursor of this list in the same order, unchanged",
        ),
    ],
)
async def test_arguments_that_contradict_each_other_are_refused_by_name(
    api: Client, office: Office, arguments: str, path: str, message: str
) -> None:
    no = await refused(
        api, await office.person(), f"{{ members({arguments}) {{ nodes {{ id }} }} }}"
    )
    assert no["code"] == "InvalidInput"
    assert no["problems"] == [{"path": path, "message": message}]


async def test_a_default_and_null_are_no_arguments(api: Client, office: Office) -> None:
    li = await office.person()
    document = """query ($first: Int! = 20, $last: Int, $after: Cursor, $before: Cursor) {
      members(first: $first, last: $last, after: $after, before: $before) { nodes { id } } }"""
    assert (await ask(api, li, document, last=None, before=None))["nodes"]
    no = await refused(api, li, document, last=1)
    assert [each["path"] for each in no["problems"]] == ["first"]
    backward = """query ($last: Int, $after: Cursor, $before: Cursor) {
      members(last: $last, after: $after, before: $before) { nodes { id } } }"""
    assert (await ask(api, li, backward, last=1, after=None))["nodes"]


def test_every_connection_has_edges_and_every_field_of_one_both_ends() -> None:
    kinds = schema._schema.type_map
    connections = {name for name in kinds if name.endswith("Connection")}
    for name in connections:
        kind = kinds[name]
        assert isinstance(kind, GraphQLObjectType)
        edge = get_named_type(kind.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        node = get_named_type(kind.fields["nodes"].type)
        assert edge.name == f"{node.name}Edge"
        assert {key: str(each.type) for key, each in edge.fields.items()} == {
            "cursor": "Cursor!",
            "node": f"{node.name}!",
        }
    for kind in kinds.values():
        for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
            if get_named_type(field.type).name in connections:
                assert {"first", "after", "last", "before"} <= field.args.keys()
