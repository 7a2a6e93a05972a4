"""The ASGI application: routes, lifespan and middleware."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from models import database
from models.lists import name_order
from models.queue import queue
from models.telemetry import tracing
from models.watch.watch import Watch
from schema.base.listener import Listener
from schema.console.pages import DIST, Pages
from schema.console.reference import DIST as REFERENCE
from schema.console.reference import reference_routes
from schema.console.routes import console_routes, graphiql_routes
from schema.execution import health
from schema.execution.bodies.manifest import read_manifest
from schema.execution.bodies.persisted import persisted
from schema.execution.endpoint import Endpoint
from schema.execution.streams.sessions import Sessions
from schema.execution.telling.entrance import Entrance
from schema.execution.telling.traced import Traced
from schema.exports.sending.route import export_routes
from schema.fairness.shares import shares
from schema.fairness.sharing import sharing
from schema.files.sheets import sheet_routes
from settings import Settings


def create_app(
    settings: Settings | None = None,
    *,
    embedded: bool = False,
    console: Path = DIST,
    reference: Path = REFERENCE,
) -> ASGIApp:
    """Return the application. `embedded`: the database is the engine of `manage.py up`."""
    settings = settings or Settings.load()
    listener, sessions = Listener(settings), Sessions(settings)
    pages = Pages(settings, console)
    persisted.trust(read_manifest(settings.trusted_documents))
    graphql = Endpoint(settings, listener, sessions)

    app = Starlette(
        routes=[
            *graphiql_routes(settings, pages),
            Route("/graphql", graphql),
            WebSocketRoute("/graphql", graphql),
            *sheet_routes(graphql),
            Route("/livez", livez),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
            *export_routes(listener),
            *reference_routes(settings, reference),
            *console_routes(settings, pages, embedded=embedded),
        ],
        lifespan=lambda app: _running(settings, listener, sessions),
    )
    # A redirect from `/graphql/` would lead to the host that the client named.
    app.router.redirect_slashes = False
    # Around Starlette, not within: what goes past the router goes past its layers too.
    entrance = Entrance(app, graphql, settings.allowed_origins)
    return Traced(entrance) if tracing.is_on() else entrance


@asynccontextmanager
async def _running(
    settings: Settings, listener: Listener, sessions: Sessions
) -> AsyncIterator[None]:
    await asyncio.to_thread(name_order.load)
    async with (
        database.connected(settings, serving=True),
        queue.connected(settings),
        listener.listening(),
        sessions.checking(),
        sharing(shares.budgets),
        Watch(listener.position_now).watching(),
    ):
        yield


async def livez(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """503 without the database; "degraded" without Valkey or a worker."""
    state = await health.check()
    return JSONResponse(state, 503 if state["status"] == "down" else 200)


async def metrics(request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
