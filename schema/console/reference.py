"""The API's reference: the built pages of `make reference`, by the console's policy."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.texts.text import Reader, Text, render
from schema.console import files, policy
from schema.execution.languages import language_of
from settings import Settings

DIST = Path(__file__).parents[2] / "reference" / "dist"
INDEX = "index.html"
NOT_BUILT = Text(
    "The reference is not built. `make reference` builds it; then start the API again."
)


def reference_routes(settings: Settings, dist: Path = DIST) -> list[Route]:
    """Return its routes; none where the console is off."""
    if not settings.console:
        return []
    pages, headers = files.load(dist), policy.headers(settings)

    async def page(request: Request) -> Response:
        if not pages:
            reader = Reader(language_of(request.headers.get("accept-language")))
            return PlainTextResponse(f"{render(NOT_BUILT, reader)}\n", 503, headers)
        file = pages.get(request.path_params.get("path") or INDEX)
        if file is None:
            raise HTTPException(404)
        return file.answer(request.headers, headers)

    return [Route("/reference", page), Route("/reference/{path:path}", page)]
