"""A list costs a fixed number of statements, whatever is selected and however many rows it has."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from uuid import UUID, uuid4

import pytest
import structlog

from models.holding import follow_ups
from models.ledger import feed
from models.ownership import claims, releases
from models.pools import access
from models.tables import Member, Pool
from models.viewers import Viewer
from tests.support.asking import (
    ASSIGN_MANY,
    CLAIM,
    CLAIMS,
    FOLLOW_UP,
    RELEASE,
    ask,
    customer_gid,
    gid,
)
from tests.support.running import Client
from tests.support.samples import Office
from tests.support.sockets import CHANGES, following

CUSTOMER = """
  id name level createdAt openedAt contact { person phone email masked }
  pool { id name rulesVersion rules { capacity capacities { capacity member { name }
    department { name } } reminders masked } administrators { name department { name } } }
  owner { name email department { name } }
  holding { since followedUpAt locked remindAt release { at reason conditions { at remedy } } }
  claimable { __typename ... on Refusal { message } ... on Claimable { releaseAt } }
  followUps(first: 5) { nodes { note kind by { name department { name } } }
    pageInfo { hasNextPage endCursor } }
  history(first: 5) { nodes { action at actor { name } member { name } customer { name } }
    pageInfo { hasNextPage endCursor } }
"""
PAGE = f"{{ nodes {{ {CUSTOMER} }} pageInfo {{ hasNextPage endCursor }} totalCount }}"
LISTS = {
    "a pool's customers": f"""query ($pool: ID!) {{ pool(id: $pool) {{
      customers(first: 50) {PAGE} }} }}""",
    "a pool's customers, searched": f"""query ($pool: ID!) {{ pool(id: $pool) {{
      customers(first: 50, search: "客户", orderBy: NAME) {PAGE} }} }}""",
    "a private pool": f"{{ viewer {{ privatePool {{ held customers(first: 50) {PAGE} }} }} }}",
    "a pool's part of it": f"""query ($pool: ID!) {{ viewer {{ privatePool(poolId: $pool) {{
      available customers(first: 50, orderBy: NAME) {PAGE} }} }} }}""",
    "pools": f"{{ pools {{ name administrators {{ name }} customers(first: 3) {PAGE} }} }}",
    "members": """{ members(first: 50) { nodes { name department { name }
      privatePool { held capacity available claimedToday
        customers(first: 3) { totalCount nodes { name pool { name } } } } } } }""",
    "alerts": f"""{{ viewer {{ alerts(first: 50) {{ unread pageInfo {{ endCursor }}
      nodes {{ cursor kind releaseAt reason at read customer {{ {CUSTOMER} }} }} }} }} }}""",
    "history": f"""query ($customer: ID!) {{ customer(id: $customer) {{ history(first: 100) {{
      nodes {{ reason actor {{ name }} member {{ department {{ name }} }}
        customer {{ {CUSTOMER} }} }} }} }} }}""",
}
# The row has the date: neither its pool nor the pool's rules are read for it.
DATE = """mutation ($customer: ID!) { claimCustomer(customerId: $customer) {
  ... on Claimed { customer { name holding { since release { at reason } } } } } }"""
# Two statements that run at once answer in any order: what they both ask for next may be loaded
# together or in two parts.
SPLIT = 2


class Statements(logging.Handler):
    """What a request asks the database: the statements that carry its id."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.by_request: dict[str, list[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        request = structlog.contextvars.get_contextvars().get("request_id", "")
        self.by_request.setdefault(request, []).append(record.getMessage())


@pytest.fixture
def statements() -> Iterator[Statements]:
    handler, log = Statements(), logging.getLogger("tortoise.db_client")
    level, propagate = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    yield handler
    log.propagate = propagate
    log.setLevel(level)
    log.removeHandler(handler)


async def cost(
    api: Client, statements: Statements, who: Viewer, document: str, **variables: object
) -> int:
    """How many statements a request takes, the second time it is sent."""
    for request in ("first", "second"):
        statements.by_request.pop(request, None)
        token = api.token(who.member)
        headers = {"Authorization": f"Bearer {token}", "X-Request-Id": request}
        body = {"query": document, "variables": variables}
        answer = (await api.http.post(api.graphql_url, json=body, headers=headers)).json()
        assert "errors" not in answer, answer["errors"]
    return len(statements.by_request["second"])


def sort_of(statement: str) -> str:
    """The statement without its values, however many there are."""
    return re.sub(r"\$\d+(,\$\d+)*", "$", statement.partition(": [")[0])


async def grown(office: Office, pool: Pool, boss: Viewer, more: int) -> list[UUID]:
    """So many more customers in the pool and with the boss, with alerts, people and pools."""
    free, held = [await office.customers(pool, more) for _ in range(2)]
    for n, id in enumerate(held):
        helper = await office.person()
        await claims.claim(helper, [id])
        await follow_ups.log_follow_up(helper, id, "CALL", "谈了报价")
        await releases.give_back(helper, id, "没有需求")
        await claims.assign(boss, id, boss.id)
        if n < 5:
            other = await office.pool(max_hold=f"P{20 + n}D")
            given = await office.customer(other)
            await claims.assign(await office.admin(), given, helper.id)
    for id in free:
        await claims.claim(boss, [id])
        await follow_ups.log_follow_up(boss, id, "VISIT", "拜访")
        await releases.give_back(boss, id, "没有需求")
    return free


async def test_where_the_feed_is_costs_no_statement(
    api: Client, office: Office, statements: Statements
) -> None:
    pool, li = await office.pool(), await office.person()
    page = "query ($pool: ID!) { pool(id: $pool) { customers { %s totalCount } } }"
    alerts = "query ($pool: ID!) { viewer { alerts { %s unread } } pool(id: $pool) { id } }"
    for document in (page, alerts):
        without, asked = [
            await cost(api, statements, li, document % more, pool=gid("Pool", pool.id))
            for more in ("", "feedCursor")
        ]
        assert asked == without > 0


async def test_lists_cost_as_much_with_thirty_rows_as_with_one(
    api: Client, office: Office, statements: Statements
) -> None:
    pool = await office.pool(max_hold="P20D")
    admin = await office.admin()
    customer = (await grown(office, pool, admin, 1))[0]
    given = {"pool": gid("Pool", pool.id), "customer": customer_gid(customer)}

    sorts: dict[str, list[set[str]]] = {name: [] for name in LISTS}

    async def costs() -> dict[str, int]:
        found = {}
        for name, document in LISTS.items():
            found[name] = await cost(api, statements, admin, document, **wanted(document, given))
            sorts[name].append(set(map(sort_of, statements.by_request["second"])))
        return found

    before = await costs()
    for _ in range(30):
        await follow_ups_again(office, customer)
    await grown(office, pool, await office.admin(), 29)
    after = await costs()
    assert {name: after[name] for name in LISTS if after[name] > before[name] + SPLIT} == {}
    assert {name for name, (one, thirty) in sorts.items() if thirty - one} == set()
    assert max(before.values()) <= 15 + SPLIT


async def test_a_batch_of_changes_costs_as_much_with_thirty_events_as_with_one(
    api: Client, office: Office, statements: Statements
) -> None:
    costs = []
    for many in (1, 1, 30):
        pool = await office.pool(max_hold="P20D")
        boss, given = await office.admin(), {"pool": gid("Pool", pool.id)}
        admin = boss.member
        before = await feed.format_cursor(await feed.head(), boss.seal)
        async with following(api, admin, CHANGES, **given) as told:
            for id in await office.customers(pool, many):
                await claims.claim(await office.person(), [id])
            await told.several(2 * many)
        statements.by_request.clear()
        async with following(api, admin, CHANGES, **given, after=before) as told:
            await told.several(2 * many)
        (asked,) = [each for id, each in statements.by_request.items() if id]
        costs.append(len(asked))
    assert costs[1] == costs[2]


def wanted(document: str, given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if f"${name}:" in document}


async def follow_ups_again(office: Office, customer: UUID) -> None:
    admin = await office.admin()
    await claims.assign(admin, customer, admin.id)
    await follow_ups.log_follow_up(admin, customer, "CALL", "谈了报价")
    await releases.give_back(admin, customer, "没有需求")


async def test_rules_of_many_members_and_departments_come_at_once(
    api: Client, office: Office, statements: Statements
) -> None:
    document = """query ($pool: ID!) { pool(id: $pool) { rules { capacities {
      capacity member { name department { name } } department { name } } } } }"""
    found = []
    for size in (1, 30):
        team = [await office.person() for _ in range(size)]
        rules = [{"member": str(each.id), "capacity": 5} for each in team]
        rules.append({"department": str(office.department_id), "capacity": 9})
        pool = await office.pool(capacities=rules)
        admin = await office.admin()
        found.append(await cost(api, statements, admin, document, pool=gid("Pool", pool.id)))
    assert found == [3, 3]


async def test_edges_cost_nothing_and_a_look_at_the_other_side_one_statement(
    api: Client, office: Office, statements: Statements
) -> None:
    pool, admin = await office.pool(), await office.admin()
    held = await office.customers(pool, 3)
    for id in held:
        await claims.claim(admin, [id])
        await follow_ups.log_follow_up(admin, id, "CALL", "谈了报价")
    await office.customers(pool, 3)

    async def asked(page: str) -> int:
        document = f"{{ pools {{ customers({page.replace('$at', at)} }} }}"
        return await cost(api, statements, admin, document)

    found = await ask(api, admin, "{ pools { customers { edges { cursor } } } }")
    at = f'"{found[0]["customers"]["edges"][1]["cursor"]}"'
    usual = await asked("first: 2) { nodes { id } pageInfo { hasNextPage endCursor } }")
    edges = "{ edges { cursor node { id } } pageInfo { hasNextPage startCursor endCursor } }"
    assert await asked(f"first: 2) {edges}") == usual
    assert await asked(f"first: 2, after: $at) {edges}") == usual
    assert await asked("first: 2) { pageInfo { hasPreviousPage } }") == usual
    assert await asked("first: 2, after: $at) { pageInfo { hasPreviousPage } }") == usual + 1
    assert (
        await asked("last: 2) { nodes { id } pageInfo { hasPreviousPage hasNextPage } }") == usual
    )
    before = "last: 2, before: $at) { nodes { id } pageInfo { startCursor hasPreviousPage %s } }"
    assert await asked(before % "") == usual
    assert await asked(before % "hasNextPage") == usual + 1

    each = "{ viewer { privatePool { customers { nodes { history(first: 1%s) { %s } } } } } }"
    found = await ask(api, admin, each % ("", "edges { cursor }"))
    page = found["privatePool"]["customers"]["nodes"][0]["history"]
    after = f', after: "{page["edges"][0]["cursor"]}"'
    inside = [
        await cost(api, statements, admin, each % (after, f"pageInfo {{ {which} }}"))
        for which in ("hasNextPage", "hasPreviousPage")
    ]
    assert inside[1] == inside[0] + 1


async def test_thirty_nodes_cost_as_much_as_one_of_each_type(
    api: Client, office: Office, statements: Statements
) -> None:
    pool, admin = await office.pool(), await office.admin()
    people = [await office.person() for _ in range(15)]
    customers = await office.customers(pool, 15)
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { name } } }"
    given = [*map(customer_gid, customers), *(gid("Member", each.id) for each in people)]
    costs = [await cost(api, statements, admin, document, ids=given[::by]) for by in (15, 1)]
    assert costs[0] == costs[1]


async def test_what_the_usual_operations_cost(
    api: Client, office: Office, statements: Statements
) -> None:
    pool = await office.pool(max_hold="P20D", capacity=100, daily_claim_limit=100)
    li = await office.person()
    boss, member = await office.admin(), gid("Member", li.id)
    ids = [customer_gid(id) for id in await office.customers(pool, 60)]
    page = "query ($pool: ID!) { pool(id: $pool) { customers(first: 20) { nodes { %s } } } }"
    of_pool = {"pool": gid("Pool", pool.id)}
    may_claim = page % "name contact { phone } claimable { __typename }"
    found = {
        "pool page": await cost(api, statements, li, page % "name", **of_pool),
        "pool page, what may be claimed": await cost(api, statements, li, may_claim, **of_pool),
        "claimCustomers of 20": await each_new(api, statements, li, CLAIMS, [ids[:20], ids[20:40]]),
        "claimCustomer": await each_new(api, statements, li, CLAIM, ids[40:42]),
        "claimCustomer, its date": await each_new(api, statements, li, DATE, ids[58:]),
        "assignCustomers of 8": await each_new(
            api, statements, boss, ASSIGN_MANY, [ids[42:50], ids[50:58]], member=member
        ),
        "refused": await cost(api, statements, li, CLAIM, customer=ids[0]),
        "logFollowUp": await cost(api, statements, li, FOLLOW_UP, customer=ids[0]),
        "releaseCustomer": await each_new(api, statements, li, RELEASE, ids[:2]),
    }
    assert found == {
        "pool page": 2,
        "pool page, what may be claimed": 2,
        "claimCustomers of 20": 4,
        "claimCustomer": 4,
        "claimCustomer, its date": 3,
        "assignCustomers of 8": 6,
        "refused": 2,
        "logFollowUp": 4,
        "releaseCustomer": 3,
    }
    assert await Member.filter(organization_id=office.id).count() == 2


async def test_pools_that_a_body_names_are_read_with_the_viewer(
    api: Client, office: Office, statements: Statements
) -> None:
    pools = [await office.pool() for _ in range(5)]
    li, stranger = await office.person(), gid("Pool", uuid4())
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Pool { name } } }"

    async def named(ids: list[str]) -> int:
        return await cost(api, statements, li, document, ids=ids)

    ids = [gid("Pool", each.id) for each in pools]
    assert [await named(ids[:n]) for n in (1, 3, 4, 5)] == [1, 1, 2, 2]
    assert await named([stranger]) == 2
    found = await ask(api, li, document, ids=[*ids, stranger])
    assert found == [*({"name": each.name} for each in pools), None]


async def test_a_body_in_pieces_without_a_length_is_answered_alike(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    document = f'{{ pool(id: "{gid("Pool", pool.id)}") {{ name }} }}'
    content = json.dumps({"query": document}).encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield content[:30]
        yield content[30:]

    headers = {
        "Authorization": f"Bearer {api.token(li.member)}",
        "Content-Type": "application/json",
    }
    answers = [
        (await api.http.post(api.graphql_url, content=given, headers=headers)).json()
        for given in (content, pieces())
    ]
    assert answers == [{"data": {"pool": {"name": pool.name}}}] * 2


async def each_new(
    api: Client,
    statements: Statements,
    who: Viewer,
    document: str,
    wanted: Sequence[object],
    **given: object,
) -> int:
    """The cost of the second one: the first makes the member's seat."""
    name = "customers" if document in (CLAIMS, ASSIGN_MANY) else "customer"
    for n, value in enumerate(wanted):
        headers = {"Authorization": f"Bearer {api.token(who.member)}", "X-Request-Id": f"new{n}"}
        statements.by_request.pop(f"new{n}", None)
        body = {"query": document, "variables": {name: value, **given}}
        answer = (await api.http.post(api.graphql_url, json=body, headers=headers)).json()
        assert "errors" not in answer
    return len(statements.by_request[f"new{len(wanted) - 1}"])


async def test_access_of_many_is_one_statement(
    api: Client, office: Office, statements: Statements
) -> None:
    document = "{ pools { name administrators { name department { name } } } }"
    admin, found = await office.admin(), []
    for size in (1, 30):
        team = [(await office.person()).id for _ in range(size)]
        pool = await office.pool()
        await access.set_access(await office.admin(), pool.id, team, [], team)
        found.append(await cost(api, statements, admin, document))
    assert found == [5, 5]
