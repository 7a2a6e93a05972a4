"""What an operation costs the API process, in round trips of a page through JSON.

A round trip is loads, dumps, loads of a page's answer by the standard library. Both are seconds of
CPU on one machine in one run, so their ratio holds on any machine.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from itertools import cycle, islice
from uuid import uuid4

import psutil

from benchmarks.ground import admin, ground, hold_all, sales_team
from benchmarks.lean_client import Body, post_all
from benchmarks.serving import serving
from commands.tokens import sign
from models import database
from models.customers import csv_import
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from schema.base import ids

ROUNDS = 5
AT_ONCE = 16
ASKED = 320
MORE = 100
HELD = 2_000
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
PRIVATE = """{ viewer { privatePool { held customers(first: 20) {
  nodes { id name holding { since followedUpAt remindAt
    release { at reason conditions { reason at remedy } } } }
  pageInfo { hasNextPage endCursor } } } } }"""
CLAIM = """mutation ($id: ID!, $key: String) {
  claimCustomer(customerId: $id, idempotencyKey: $key) {
  __typename ... on Claimed { customer { id name holding { since release { at reason } } } }
  ... on Refusal { message } } }"""


async def main() -> None:
    async with ground() as settings:
        pool, team, free = await _grown()
        tokens = [sign(settings, each.id, each.organization.id) for each in team]
        operations: dict[str, Callable[[], Body]] = {
            "page of the pool": lambda: _body(PAGE, pool=ids.encode("Pool", pool.id)),
            "page of one's own": lambda: _body(PRIVATE),
            "claim": lambda: _body(CLAIM, id=free.pop()),
            "claim with a key": lambda: _body(CLAIM, id=free.pop(), key=str(uuid4())),
        }
        costs: dict[str, list[float]] = {name: [] for name in operations}
        with serving(settings) as port:
            process = next(each for each in psutil.Process().children() if _is_api(each))
            for n in range(ROUNDS + 1):
                for name, body in operations.items():
                    asked = ASKED if n else MORE
                    senders = tokens[:1] if "own" in name else tokens
                    bodies = [(token, body()) for token in islice(cycle(senders), asked)]
                    before = _cpu_seconds(process)
                    answers = await post_all(port, AT_ONCE, bodies)
                    spent = _cpu_seconds(process) - before
                    assert not any(b'"errors"' in each for each in answers), answers[0]
                    if name == "page of the pool":
                        trip = _round_trip_seconds(answers[0])
                    if n:
                        costs[name].append(spent / asked / trip)
                        print(
                            n,
                            name,
                            round(1000 * spent / asked, 2),
                            "ms",
                            round(1e6 * trip),
                            len(answers[0]),
                        )
    print("CPU of the API process, in round trips of a page through JSON (least, median, most):")
    for name, each in costs.items():
        print(f"  {name:20} {min(each):6.1f} {statistics.median(each):6.1f} {max(each):6.1f}")


def _is_api(process: psutil.Process) -> bool:
    return bool(process.cmdline()[-1:] == ["api"])


async def _grown() -> tuple[Pool, list[Viewer], list[str]]:
    """A pool, its team, of whom the first holds HELD customers, and the ids of those to claim."""
    pool, team = await sales_team(16, HELD, RULES)
    await hold_all(team[:1])
    names = [f"free {n}" for n in range(2 * (ROUNDS * ASKED + MORE) + 1_000)]
    await csv_import.import_customers(await admin(team), pool.id, "\n".join(["name", *names]))
    await database.rows(CONTACTS)
    await database.rows("ANALYZE")
    rows = await database.rows("SELECT id FROM customer WHERE owner_id IS NULL ORDER BY id")
    return pool, team, [ids.encode("Customer", row["id"]) for row in rows]


def _body(document: str, **variables: object) -> Body:
    return {"query": document, "variables": variables}


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _round_trip_seconds(answer: bytes) -> float:
    began = time.process_time()
    for _ in range(2_000):
        json.loads(json.dumps(json.loads(answer)))
    return (time.process_time() - began) / 2_000


if __name__ == "__main__":
    asyncio.run(main())
