"""Claims of one organization while another one asks for all it can get, on real uvicorn."""

import asyncio
import contextlib
import json
import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any
from uuid import uuid4

import httpx2

from benchmarks.ground import admin, ground, sales_team
from benchmarks.serving import serving
from commands.tokens import sign
from models import database
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from schema.base import ids
from settings import Settings

SECONDS = 10.0
CLAIM_EVERY_SECONDS = 0.025
ATTACKERS = 16
FAILED = 60_000.0
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
    async with ground() as settings:
        pool, team = await sales_team(10, 6_000, RULES)
        theirs, others = await sales_team(10, 6_000, RULES)
        boss = await admin(others)
        tokens = [sign(settings, each.id, each.organization.id) for each in (boss, *others)]
        waiting = await _customers(pool)
        with serving(settings) as port:
            await _claims(port, settings, team, waiting, 2.0)
            print(f"claims of one organization, in ms, beside {ATTACKERS} clients of another:")
            for name in ATTACKS:
                body = await _attack(name, theirs)
                with _attacking(port, tokens, name, body) as attacker:
                    times = await _claims(port, settings, team, waiting, SECONDS)
                    attacker.send("end")
                    answers = await asyncio.to_thread(attacker.recv)
                _print(name, times, answers)


def _print(name: str, times: list[float], answers: Counter[str]) -> None:
    spread = statistics.quantiles(times, n=100)
    told = ", ".join(f"{count} {answer}" for answer, count in answers.most_common(4))
    print(
        f"  {name:34} p50 {spread[49]:6.1f}  p99 {spread[98]:7.1f}  max {max(times):7.1f}   {told}",
        flush=True,
    )


async def _customers(pool: Pool) -> list[str]:
    rows = await database.rows(
        "SELECT id FROM customer WHERE organization_id = $1 AND pool_id = $2 AND owner_id IS NULL",
        pool.organization_id,
        pool.id,
    )
    return [ids.encode("Customer", row["id"]) for row in rows]


async def _claims(
    port: int, settings: Settings, team: list[Viewer], waiting: list[str], seconds: float
) -> list[float]:
    """Claim one customer every CLAIM_EVERY_SECONDS, whatever the others take; return the times."""
    tokens = [sign(settings, each.id, each.organization.id) for each in team]
    async with _client(port) as http, asyncio.TaskGroup() as tasks:
        ends_at = time.perf_counter() + seconds
        claiming: list[asyncio.Task[float]] = []
        while time.perf_counter() < ends_at:
            body = {"query": CLAIM, "variables": {"id": waiting.pop()}}
            token = tokens[len(claiming) % len(tokens)]
            claiming.append(tasks.create_task(_claim(http, token, body)))
            await asyncio.sleep(CLAIM_EVERY_SECONDS)
    return [task.result() for task in claiming]


async def _claim(http: httpx2.AsyncClient, token: str, body: Body) -> float:
    began = time.perf_counter()
    answer = await http.post("/graphql", json=body, headers=_bearer(token))
    if "Claimed" not in answer.text:
        print(f"    a claim was answered: {answer.text[:200]}")
        return FAILED
    return 1000 * (time.perf_counter() - began)


def _client(port: int) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


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
            return {"query": SEIZE, "variables": {"ids": (await _customers(pool))[:100]}}
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


@contextlib.contextmanager
def _attacking(port: int, tokens: list[str], name: str, body: Body) -> Iterator[Connection]:
    """A process that sends the body again and again until it is told "end"; then it counts."""
    ours, theirs = multiprocessing.Pipe()
    clients = 0 if name == "nobody" else ATTACKERS
    arguments = (port, tokens, name, body, clients, theirs)
    process = multiprocessing.get_context("spawn").Process(target=_run, args=arguments)
    process.start()
    try:
        ours.recv()
        yield ours
    finally:
        process.kill()
        process.join()


def _run(
    port: int, tokens: list[str], name: str, body: Body, clients: int, asked: Connection
) -> None:
    asyncio.run(_attack_until_told(port, tokens, name, body, clients, asked))


async def _attack_until_told(
    port: int, tokens: list[str], name: str, body: Body, clients: int, asked: Connection
) -> None:
    answers: Counter[str] = Counter()
    async with _client(port) as http:
        tasks = [
            asyncio.create_task(_send(http, tokens[n % len(tokens)], name, body, answers))
            for n in range(clients)
        ]
        asked.send("begun")
        await asyncio.to_thread(asked.recv)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    asked.send(answers)


async def _send(
    http: httpx2.AsyncClient, token: str, name: str, body: Body, answers: Counter[str]
) -> None:
    while True:
        if name == "imports of 10,000 rows":
            rows = "\n".join(f"{uuid4().hex}" for _ in range(10_000))
            body = {**body, "variables": {**body["variables"], "csv": f"name\n{rows}"}}
        try:
            answer = await http.post("/graphql", json=body, headers=_bearer(token))
            answers[_outcome(answer)] += 1
        except httpx2.TransportError as fault:
            answers[type(fault).__name__] += 1
            await asyncio.sleep(0.1)


def _outcome(answer: httpx2.Response) -> str:
    try:
        errors = answer.json().get("errors", [])
    except json.JSONDecodeError:
        return f"HTTP {answer.status_code}"
    codes = {each["extensions"].get("code", "?") for each in errors}
    return " ".join(sorted(codes)) or "done"
