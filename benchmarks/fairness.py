"""Claims of one organization while another one asks for all it can get, on real uvicorn."""

import asyncio
import os
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from random import sample
from typing import Any
from uuid import uuid4

from benchmarks.ground import admin, ground, sales_team
from benchmarks.serving import serving
from benchmarks.visitors import Paced, attacking, paced, request
from commands.tokens import sign
from models import database
from models.rules.rules import Rules
from models.tables import Pool
from schema.base import ids

CLAIMS = 500
EVERY_SECONDS = 0.025
ATTACKERS = 16
RULES = Rules.from_json({"capacity": 1_000_000, "follow_up_within": "P10D"})
CLAIM = """mutation ($id: ID!) { claimCustomer(customerId: $id) { __typename
  ... on Claimed { customer { name holding { release { at } } } } } }"""
HEAVY = """{ pools { customers(first: 100) { totalCount nodes { name level contact { phone }
  claimable { __typename } history(first: 20) { nodes { action at } } } } } }"""
IMPORT = """mutation ($pool: ID!, $csv: String!) {
  importCustomers(poolId: $pool, csv: $csv) { __typename } }"""
SEIZE = "mutation ($ids: [ID!]!) { claimCustomers(customerIds: $ids) { __typename } }"
Body = dict[str, Any]


async def main() -> None:
    chosen = os.environ.get("ONLY", "")
    async with ground() as settings:
        pool, team = await sales_team(10, 12_000, RULES)
        theirs, others = await sales_team(10, 6_000, RULES)
        boss = await admin(others)
        attackers = [sign(settings, each.id, each.organization.id) for each in (boss, *others)]
        tokens = [sign(settings, each.id, each.organization.id) for each in team]
        waiting = map(request, cycle(tokens), await _claims(pool))
        with serving(settings) as port:
            await paced(port, [*islice(waiting, CLAIMS)], EVERY_SECONDS / 5, b"Claimed")
            print(f"claims of one organization, in ms, beside {ATTACKERS} clients of another:")
            for name in filter(lambda each: chosen in each, ATTACKS):
                clients = [
                    *islice(_clients(name, await _attack(name, theirs), attackers), ATTACKERS)
                ]
                with attacking(port, clients) as stop:
                    claims = [*islice(waiting, CLAIMS)]
                    seen = await paced(port, claims, EVERY_SECONDS, b"Claimed")
                    answers = await asyncio.to_thread(stop)
                _print(name, seen, answers)


def _print(name: str, seen: Paced, answers: Counter[str]) -> None:
    spread, late = (statistics.quantiles(each, n=100) for each in (seen.times, seen.late))
    told = ", ".join(f"{count} {answer}" for answer, count in answers.most_common(4))
    print(
        f"  {name:34} p50 {spread[49]:6.1f}  p99 {spread[98]:7.1f}  max {max(seen.times):7.1f}"
        f"  client late p99 {late[98]:5.1f}  load {os.getloadavg()[0]:.1f}   {told}",
        flush=True,
    )
    by_second = " ".join(f"{seen.longest[each]:.0f}" for each in sorted(seen.longest))
    print(f"    longest by second: {by_second}", flush=True)
    for answer, count in seen.others.items():
        print(f"    {count} claims were answered: {answer}")


async def _claims(pool: Pool) -> list[Body]:
    return [{"query": CLAIM, "variables": {"id": id}} for id in await _customers(pool)]


async def _customers(pool: Pool) -> list[str]:
    rows = await database.rows(
        "SELECT id FROM customer WHERE organization_id = $1 AND pool_id = $2 AND owner_id IS NULL",
        pool.organization_id,
        pool.id,
    )
    return [ids.encode("Customer", row["id"]) for row in rows]


ATTACKS = (
    "nobody",
    "190 aliases of duplicates",
    "imports of 10,000 rows",
    "heavy reads",
    "claims of 100 customers",
    "100 aliases of updatePoolRules",
    "100 aliases of previewRules",
)


async def _attack(name: str, pool: Pool) -> Body:
    own = ids.encode("Pool", pool.id)
    match name:
        case "190 aliases of duplicates":
            asked = (
                f'd{n}: duplicates(customer: {{name: "n", phone: "1380000{n:04}"}})'
                " { customer { id } }"
                for n in range(190)
            )
            return {"query": "{ " + " ".join(asked) + " }"}
        case "imports of 10,000 rows":
            return {"query": IMPORT, "variables": {"pool": own}}
        case "claims of 100 customers":
            return {"query": SEIZE, "variables": {"ids": await _customers(pool)}}
        case "100 aliases of updatePoolRules" | "100 aliases of previewRules":
            field = name.rsplit(" ", 1)[1]
            inside = "__typename" if field == "updatePoolRules" else "held"
            kind = "mutation" if field == "updatePoolRules" else "query"
            asked = (
                f'r{n}: {field}(poolId: "{own}", rules: {{capacity: {1000 + n}}}) {{ {inside} }}'
                for n in range(100)
            )
            return {"query": f"{kind} {{ " + " ".join(asked) + " }"}
    return {"query": HEAVY}


def _clients(name: str, body: Body, tokens: list[str]) -> Iterator[Callable[[], bytes]]:
    """What each attacker sends: it may make its requests anew."""
    for token in cycle(tokens if name != "nobody" else ()):
        if name == "imports of 10,000 rows":
            yield partial(_import, token, body)
        elif name == "claims of 100 customers":
            yield partial(_seize, token, body)
        else:
            yield partial(bytes, request(token, body))


def _import(token: str, body: Body) -> bytes:
    rows = "\n".join(uuid4().hex for _ in range(10_000))
    return request(token, {**body, "variables": {**body["variables"], "csv": f"name\n{rows}"}})


def _seize(token: str, body: Body) -> bytes:
    return request(token, {**body, "variables": {"ids": sample(body["variables"]["ids"], 100)}})
