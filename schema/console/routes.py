"""The routes of the console: what it must know before anyone signs in, then its files."""

from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models import sparing_log
from schema.console.demo import Demo
from schema.console.pages import Pages, wants_page
from schema.console.policy import ALWAYS
from schema.execution.answering import only_post
from settings import Settings

HEADERS = ALWAYS | {"Cache-Control": "no-store"}


def graphiql_routes(settings: Settings, pages: Pages) -> list[Route]:
    """Return the route of a browser's `GET /graphql`, to stand before the API's own."""

    async def graphiql(request: Request) -> Response:
        return pages.graphiql(request) if wants_page(request) else only_post()

    return [Route("/graphql", graphiql, methods=["GET"])] if settings.graphiql else []


def console_routes(settings: Settings, pages: Pages, *, embedded: bool) -> list[Route]:
    """Return the console's routes, to stand behind all others; none where nothing is served."""
    demo = Demo(settings, embedded=embedded)
    known = {
        "oidc": _oidc(settings),
        "graphiql": settings.graphiql,
        "version": version("seapool"),
    }

    async def config(request: Request) -> Response:
        return JSONResponse(known | {"demo": demo.is_for(request)}, headers=HEADERS)

    async def people(request: Request) -> Response:
        if not demo.is_for(request):
            return JSONResponse({"people": []}, 404, HEADERS)
        try:
            return JSONResponse({"people": await demo.people()}, headers=HEADERS)
        except Exception as fault:
            sparing_log.warning("the demo's people could not be read", fault=repr(fault))
            return JSONResponse({"people": []}, 503, HEADERS)

    if not (settings.console or settings.graphiql):
        return []
    return [
        Route("/console/config.json", config),
        Route("/console/demo.json", people),
        Route("/{path:path}", pages),
    ]


def _oidc(settings: Settings) -> dict[str, Any] | None:
    if settings.oidc_issuer is None:
        return None
    return {
        "issuer": settings.oidc_issuer,
        "clientId": settings.oidc_client_id,
        "scope": settings.oidc_scope,
        "audience": settings.audience,
        "resource": settings.oidc_resource,
    }
