"""The floor: a bare ASGI application, one statement a page, one transaction a claim.

It answers the measured operations alone, by their variables: it parses and validates no GraphQL.
It leaves out: the answer to a repeated key, the age of a returned member's token, an organization's
own working days, contacts within other texts, limits, budgets, translations, the log, metrics, and
another try after a lost race.
"""

import json
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from redis.asyncio import Redis

from benchmarks.peers import floor_answers as answers
from benchmarks.peers import floor_statements, terms
from benchmarks.peers.tokens import member_of
from models import database
from models.database.session import SESSION
from models.ledger.idempotency import digest
from models.queue.valkey import client
from models.refusals import NotFound
from models.rules.holidays import stored_calendar
from models.rules.rules import parsed_rules
from models.tables import Customer
from schema.base import ids
from settings import Settings


class Floor:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: Any = None
        self._redis: Redis | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = dict(scope["headers"])
        organization, member = member_of(headers[b"authorization"].decode())
        variables = orjson.loads(body)["variables"]
        content = orjson.dumps({"data": await self._answer(organization, member, variables)})
        length = str(len(content)).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": content})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        found = database.credentials(self._settings.database_url or "")
        self._pool = await asyncpg.create_pool(
            **found, min_size=20, max_size=20, server_settings=SESSION, reset=_keep
        )
        self._redis = client(self._settings)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, organization: UUID, member: UUID, given: dict[str, Any]) -> Any:
        if "pool" in given:
            pool = ids.decode(given["pool"], "Pool")
            rows = await self._pool.fetch(floor_statements.POOLED, organization, member, pool)
            page = answers.page_of("OPENED_LATEST", rows, answers.pooled(rows, member))
            return {"pool": {"customers": page}}
        if "id" in given:
            customer = ids.decode(given["id"], "Customer")
            return {"claimCustomer": await self._claim(organization, member, customer, given)}
        rows = await self._pool.fetch(floor_statements.HELD, organization, member)
        page = answers.page_of("RELEASE_SOONEST", rows, map(answers.held, rows[: answers.FIRST]))
        return {"viewer": {"privatePool": {"held": rows[0]["held"], "customers": page}}}

    async def _claim(
        self, organization: UUID, member: UUID, customer: UUID, given: dict[str, Any]
    ) -> Any:
        key, request = given.get("key"), digest(["claim", [str(customer)]])
        async with self._pool.acquire() as connection, connection.transaction():
            asked = (organization, member, customer)
            row = await connection.fetchrow(floor_statements.LOCKED, *asked, key)
            if row is None:
                await connection.execute(floor_statements.SEAT, *asked)
                row = await connection.fetchrow(floor_statements.LOCKED, *asked, key)
            if row is None:
                return answers.refused(NotFound())
            assert row["answer"] is None
            if refusal := answers.refusal_of(row, member):
                return answers.refused(refusal)
            calendar = stored_calendar(row["time_zone"], None)
            plan = terms.planned(parsed_rules(row["rules"]), calendar, row["level"], row["now"])
            today = calendar.day_of(row["now"])
            answer = key and json.dumps(
                {"request": request, "answer": [{"type": "Claimed", "customer": str(customer)}]}
            )
            seat = (row["seat_id"], today, row["now"], row["rules_version"])
            release = (plan.release_at, plan.release_reason, plan.remind_at, plan.remind_offsets)
            await connection.execute(floor_statements.TAKEN, *asked, *seat, *release, key, answer)
        assert self._redis is not None
        held = Customer(
            id=customer,
            epoch=row["epoch"] + 1,
            release_at=plan.release_at,
            remind_at=list(plan.remind_at),
            remind_offsets=list(plan.remind_offsets),
        )
        await terms.arm(self._redis, held, row["now"])
        return {"__typename": "Claimed", "customer": answers.claimed(row, plan)}


async def _keep(_: Any) -> None:
    """Skip asyncpg's reset, as Seapool does."""


def create_app(settings: Settings) -> Floor:
    return Floor(settings)
