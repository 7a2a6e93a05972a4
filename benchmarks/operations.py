"""What an operation costs the API process, beside peers that do the same work, in turns.

Two peers need Node; it says so where Node is missing. `ROUNDS=3 ASKED=40` before it for less.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any
from uuid import uuid4

from arq.constants import default_queue_name

from benchmarks.ground import admin, ground, hold_all, sales_team
from benchmarks.lean_client import Body, post_all
from benchmarks.peers import node
from benchmarks.serving import API, Server, running
from benchmarks.turns import WARMING, Operation, machine_load, measure, print_figures
from commands.tokens import sign
from commands.verify import print_differences
from models import database
from models.customers import csv_import
from models.queue.queue import queue
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from schema.base import ids
from settings import Settings

ROUNDS = int(os.environ.get("ROUNDS", "9"))
ASKED = int(os.environ.get("ASKED", "240"))
HELD = 2_000
SPARE = 1_000
OURS = "seapool"
PEERS = {
    "asyncpg by hand": [sys.executable, "-m", "benchmarks.peers.serve", "floor"],
    "strawberry, ORM": [sys.executable, "-m", "benchmarks.peers.serve", "usual_stack"],
}
ON_NODE = ("mercurius", "postgraphile")
# This peer keeps its alarms in PostgreSQL.
ALARMS = "SELECT count(*) AS n FROM graphile_worker.jobs"
RULES = Rules.from_json(
    {
        "capacity": 1_000_000,
        "follow_up_within": "P10D",
        "deal_within": "P60D",
        "reminders": ["P3D", "P1D"],
    }
)
CONTACTS = """
UPDATE customer SET person = '王芳', email = 'wang@example.com', level = 'A',
  phone = '+86138' || lpad((abs(hashtext(id::text)) % 100000000)::text, 8, '0')
"""
PAGE = """query ($pool: ID!) { pool(id: $pool) { customers(first: 20) {
  nodes { id name level openedAt contact { person phone masked }
    claimable { __typename ... on Claimable { releaseAt } ... on Refusal { message } } }
  pageInfo { hasNextPage endCursor } } } }"""
# Of pages that differ: no two of 15 that are asked for at once are the same. 20 on the average.
LENGTHS = range(13, 28)
PRIVATE = """{ viewer { privatePool { held customers(first: 20) {
  nodes { id name holding { since followedUpAt remindAt
    release { at reason conditions { reason at remedy } } } }
  pageInfo { hasNextPage endCursor } } } } }"""
CLAIM = """mutation ($id: ID!, $key: String) {
  claimCustomer(customerId: $id, idempotencyKey: $key) {
  __typename ... on Claimed { customer { id name holding { since release { at reason } } } }
  ... on Refusal { message } } }"""
# A release counts from the moment of its request; the usual stack does not sign its cursors.
NOT_COMPARED = ("releaseAt", "endCursor")


async def main() -> None:
    commands = {OURS: API} | PEERS
    found = {name: node.command_of(name) for name in ON_NODE}
    commands |= {name: command for name, command in found.items() if command}
    print(f"load before: {machine_load()}")
    async with ground() as settings:
        pool, team, free = await grown(len(commands) * 2 * (ROUNDS + WARMING) * ASKED)
        operations = operations_of(settings, pool, team, free)
        with contextlib.ExitStack() as stack:
            servers = {
                name: stack.enter_context(running(command, settings))
                for name, command in commands.items()
            }
            await _check_the_same(servers, operations[:2])
            before = len(free)
            figures, trip = await measure(servers, operations, rounds=ROUNDS, asked=ASKED)
        print_figures(figures, trip, OURS)
        kept = "postgraphile" in commands and (await database.rows(ALARMS))[0]["n"]
        await _check_left(settings, before - len(free) - kept)


async def _check_the_same(servers: Mapping[str, Server], pages: Sequence[Operation]) -> None:
    """Every peer answers a page as we do."""
    for page in pages:
        asked = [(page.tokens[0], page.body())]
        answers = {name: await post_all(each.port, 1, asked) for name, each in servers.items()}
        ours = _comparable(json.loads(answers[OURS][0]))
        for name, (answer,) in answers.items():
            assert _comparable(json.loads(answer)) == ours, f"{name} answers otherwise: {answer!r}"


def _comparable(answer: Any) -> Any:
    if isinstance(answer, list):
        return list(map(_comparable, answer))
    if isinstance(answer, dict):
        return {
            name: bool(each) if name in NOT_COMPARED else _comparable(each)
            for name, each in answer.items()
        }
    # The usual stack writes instants as Python does.
    return answer.replace("+00:00", "Z") if isinstance(answer, str) else answer


async def _check_left(settings: Settings, alarms: int) -> None:
    """The ledger agrees with the tables, whoever claimed; each claim has its next alarm."""
    replayed = await print_differences(settings, None)
    assert not replayed.differences
    assert queue.redis is not None
    assert await queue.redis.zcard(default_queue_name) == alarms


def operations_of(
    settings: Settings, pool: Pool, team: Sequence[Viewer], free: list[str]
) -> list[Operation]:
    tokens = [sign(settings, each.id, each.organization.id) for each in team]
    page = _body(PAGE, pool=ids.encode("Pool", pool.id))
    others = cycle([page | {"query": PAGE.replace("20", str(n))} for n in LENGTHS])
    return [
        Operation("page of the pool", tokens, lambda: page),
        Operation("page of one's own", tokens[:1], lambda: _body(PRIVATE)),
        Operation("claim", tokens, lambda: _body(CLAIM, id=free.pop())),
        Operation("claim with a key", tokens, lambda: _keyed(free.pop())),
        Operation("pages that differ", tokens, lambda: next(others)),
    ]


def _keyed(customer: str) -> Body:
    return _body(CLAIM, id=customer, key=str(uuid4()))


async def grown(claimed: int) -> tuple[Pool, list[Viewer], list[str]]:
    """A pool, its team, of whom the first holds HELD customers, and the ids of those to claim.

    So many are `claimed`, and SPARE stay.
    """
    pool, team = await sales_team(16, HELD, RULES)
    await hold_all(team[:1])
    names = [f"free {n}" for n in range(claimed + SPARE)]
    await csv_import.import_customers(await admin(team), pool.id, "\n".join(["name", *names]))
    await database.rows(CONTACTS)
    await database.rows("ANALYZE")
    rows = await database.rows("SELECT id FROM customer WHERE owner_id IS NULL ORDER BY id")
    return pool, team, [ids.encode("Customer", row["id"]) for row in rows]


def _body(document: str, **variables: object) -> Body:
    return {"query": document, "variables": variables}


if __name__ == "__main__":
    asyncio.run(main())
