"""A stage for clients in other languages: a real API behind a wire, and verbs to disturb it."""

import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import uvicorn
from prometheus_client import Gauge
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.database.seal import Seal
from models.ledger import feed
from models.ownership import claims
from models.tables import Pool
from models.viewers import Viewer
from schema.base import metrics
from schema.execution.bodies.manifest import read_manifest
from schema.execution.bodies.persisted import persisted
from schema.fairness.budgets import WINDOW_SECONDS
from schema.fairness.shares import shares
from schema.fairness.spenders import Spenders
from tests.support.asking import customer_gid, gid
from tests.support.running import Client, stop
from tests.support.samples import Office, seal_of, story, until
from tests.support.wire import Wire

FEED_CURSOR = "{ viewer { alerts(first: 1) { feedCursor } } }"


@dataclass
class Stage:
    """Each public coroutine is a verb: POST its name, with its arguments as JSON."""

    api: Client
    wire: Wire
    office: Office
    pool: Pool
    person: Viewer

    @property
    def seen(self) -> dict[str, str]:
        """What a client gets to know."""
        return {
            "url": f"{self.wire.url}/graphql",
            "token": self.api.token(self.person.member),
            "poolId": gid("Pool", self.pool.id),
        }

    async def customers(self, count: int) -> list[str]:
        return [customer_gid(id) for id in await self.office.customers(self.pool, count)]

    async def assign(self, count: int) -> list[str]:
        """Give new customers to the person: each is an alert."""
        created = await self.office.customers(self.pool, count)
        for id in created:
            await claims.assign(await self.office.admin(), id, self.person.id)
        return [customer_gid(id) for id in created]

    async def story(self, id: str) -> list[str]:
        return await story(UUID(id.partition("_")[2]))

    async def here(self) -> str:
        """A cursor at the newest event."""
        return await feed.format_cursor(await feed.head(), await self._seal())

    async def heard(self) -> None:
        """Wait until the API has read every event that there is now."""

        async def is_here() -> bool:
            answer = await self.api.data(self.person.member, FEED_CURSOR)
            return bool(answer["viewer"]["alerts"]["feedCursor"] == await self.here())

        await until(is_here)

    async def stale(self) -> str:
        """A cursor of another database."""
        seal = await self._seal()
        return seal.close("7000000000000000000.5:1:1")

    async def lose(self, text: str) -> None:
        """Lose the answer to the next request that has this text."""
        self.wire.lost, self.wire.loses_once = 0, text.encode()

    async def lost(self) -> int:
        return self.wire.lost

    async def cut(self) -> None:
        self.wire.cut()

    async def mend(self) -> None:
        self.wire.mend()
        self.wire.loses_once = None

    async def silence(self) -> None:
        """Let the connections of now die without a word."""
        self.wire.silence()

    async def spend(self) -> None:
        """Leave the person a debt that is less than a budget after a second."""
        spender = Spenders.of(self.office.id, self.person.id).member
        budget = self.api.settings.member_budget
        for cost in (budget, budget // WINDOW_SECONDS):
            shares.budgets.fine(spender, cost, budget)

    async def listening(self, field: str = "releaseAlerts") -> None:
        """Wait until somebody has subscribed to this field."""
        await _until_equal(metrics.subscribers.labels(field), 1)

    async def sockets(self, count: int) -> int:
        """Wait until so many websockets are open."""
        await _until_equal(metrics.connections, count)
        return count

    async def trust(self, manifest: str) -> None:
        persisted.trust(read_manifest(Path(manifest)))

    async def distrust(self) -> None:
        persisted.trust(None)

    async def _seal(self) -> Seal:
        return await seal_of(self.office.id)


async def _until_equal(gauge: Gauge, value: int) -> None:
    async def equal() -> bool:
        (sample,) = next(iter(gauge.collect())).samples
        return sample.value == value

    await until(equal)


@contextlib.asynccontextmanager
async def controlled(stage: Stage) -> AsyncIterator[str]:
    """Serve the verbs inside the `with` block; gives what SEAPOOL_STAGE says to the clients."""

    async def play(request: Request) -> Response:
        verb = getattr(stage, request.path_params["verb"])
        return JSONResponse(await verb(**json.loads(await request.body())))

    app = Starlette(routes=[Route("/{verb:str}", play, methods=["POST"])])
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[listening])
        control = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield json.dumps({"control": control, **stage.seen})
        finally:
            await stop(server)
