"""The routes of the console: what it must know before anyone signs in, then its files."""

from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models import sparing_log
from schema.console.demo import Demo
from schema.console.pages import Pages
from schema.console.policy import ALWAYS
from settings import Settings

HEADERS = ALWAYS | {"Cache-Control": "no-store"}


def routes(settings: Settings, pages: Pages, *, embedded: bool) -> list[Route]:
    """Return the routes, to stand behind all others; none where nothing is served."""
    demo = Demo(settings, embedded=embedded)
    sign_in = {"oidc": _oidc(settings), "version": version("seapool")}

    async def config(request: Request) -> Response:
        return JSONResponse(sign_in | {"demo": demo.is_for(request)}, headers=HEADERS)

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
    }
