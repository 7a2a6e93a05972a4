"""The usual stack: strawberry's own ASGI application over Tortoise's ORM steps.

It leaves out: signed cursors, the age of a returned member's token, an organization's own working
days, contacts within other texts, limits, budgets, translations, the log, metrics, and another try
after a lost race.
"""

import base64
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import strawberry
from redis.asyncio import Redis
from starlette.applications import Starlette
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from tortoise import Tortoise

from benchmarks.peers import usual_steps
from benchmarks.peers.tokens import member_of
from benchmarks.peers.usual_types import (
    Claimed,
    Context,
    Customer,
    CustomerConnection,
    Info,
    NotClaimable,
    PageInfo,
    Refusal,
    loaders,
)
from models import database, refusals, tables
from models.database.session import SESSION
from models.queue.valkey import client
from schema.base import ids
from settings import Settings


def _page(rows: Sequence[tables.Customer], first: int) -> CustomerConnection:
    shown = rows[:first]
    end = None
    if shown:
        last = shown[-1]
        plain = json.dumps([str(last.opened_at or last.release_at), str(last.id)])
        end = base64.urlsafe_b64encode(plain.encode()).decode()
    return CustomerConnection(
        nodes=[Customer.of(row) for row in shown],
        page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=end),
    )


@strawberry.type
class PrivatePool:
    @strawberry.field
    async def held(self, info: Info) -> int:
        member = info.context.viewer.member
        seats = tables.Seat.filter(organization_id=member.organization_id, member_id=member.id)
        held: list[Any] = await seats.values_list("held", flat=True)
        return sum(held)

    @strawberry.field
    async def customers(self, info: Info, first: int = 20) -> CustomerConnection:
        return _page(await usual_steps.held(info.context.viewer, first + 1), first)


@strawberry.type
class Member:
    @strawberry.field
    async def private_pool(self) -> PrivatePool:
        return PrivatePool()


@strawberry.type
class Pool:
    row: strawberry.Private[tables.Pool]

    @strawberry.field
    async def customers(self, info: Info, first: int = 20) -> CustomerConnection:
        rows = await usual_steps.pooled(info.context.viewer, self.row.id, first + 1)
        return _page(rows, first)


@strawberry.type
class Query:
    @strawberry.field
    async def pool(self, info: Info, id: strawberry.ID) -> Pool | None:
        found = ids.decode(id, "Pool")
        if found not in info.context.viewer.open_pools:
            return None
        return Pool(row=await info.context.pools.load(found))

    @strawberry.field
    async def viewer(self) -> Member:
        return Member()


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def claim_customer(
        self, info: Info, customer_id: strawberry.ID, idempotency_key: str | None = None
    ) -> Annotated[Claimed | NotClaimable, strawberry.union("ClaimResult")]:
        id = ids.decode(customer_id, "Customer")
        viewer, redis = info.context.viewer, info.context.redis
        found = await usual_steps.claim(viewer, redis, id, idempotency_key)
        if isinstance(found, refusals.Refusal):
            return Refusal.of(found)
        return Claimed(customer=Customer.of(found))


class Application(GraphQL[Context, None]):
    redis: "Redis"

    async def get_context(self, request: Any, response: Any) -> Context:
        found = member_of(request.headers["authorization"])
        viewer = await usual_steps.find_viewer(*found)
        return Context(viewer=viewer, redis=self.redis, **loaders(viewer))


def create_app(settings: Settings) -> Starlette:
    extensions = [ParserCache, ValidationCache]
    graphql = Application(strawberry.Schema(Query, Mutation, extensions=extensions))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        graphql.redis = client(settings)
        await Tortoise.init(config=_config(settings), _enable_global_fallback=True)
        yield
        await Tortoise.close_connections()

    app = Starlette(lifespan=lifespan)
    app.mount("/", graphql)
    return app


def _config(settings: Settings) -> dict[str, Any]:
    options = database.credentials(settings.database_url or "")
    options |= {"minsize": 20, "maxsize": 20, "server_settings": SESSION}
    return {
        "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": options}},
        "apps": {"models": {"models": ["models.tables", "benchmarks.peers.usual_tables"]}},
        "use_tz": True,
        "timezone": "UTC",
    }
