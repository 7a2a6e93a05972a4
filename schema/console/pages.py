"""The console's pages and files: every path that nothing else answers."""

import secrets
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from models.texts.text import Reader, Text, render
from schema.console import files, policy
from schema.execution.languages import language_of
from settings import Settings

DIST = Path(__file__).parents[2] / "console" / "dist"
INDEX, GRAPHIQL = "index.html", "graphiql.html"
# The build writes this where a page names its nonce: style-src allows the nonce of one answer.
NONCE = b"__CSP_NONCE__"
# Below these, a path that does not exist is no page.
API = {"console", "graphql", "livez", "metrics", "readyz"}
NOT_BUILT = Text(
    "The console is not built. `make up` builds it; by hand: cd console && npm ci && npm run build."
    " Then start the API again. GraphQL is at /graphql."
)


class Pages:
    def __init__(self, settings: Settings, dist: Path = DIST) -> None:
        self._settings = settings
        self._files = files.load(dist) if settings.console or settings.graphiql else {}
        self._headers = policy.headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(Request(scope))
        await response(scope, receive, send)

    def graphiql(self, request: Request) -> Response:
        """Return GraphiQL's page; its editor's style attributes are allowed."""
        return self._page(GRAPHIQL, request)

    def _response(self, request: Request) -> Response:
        name: str = request.path_params["path"]
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(404)
        if name in ("graphiql", GRAPHIQL) and self._settings.graphiql:
            return self.graphiql(request)
        if name in ("", INDEX) or (wants_page(request) and _may_be_page(name)):
            return self._index(request)
        file = self._files.get(name)
        if file is None or name == GRAPHIQL:
            raise HTTPException(404)
        return file.answer(request.headers, self._headers)

    def _index(self, request: Request) -> Response:
        if not self._settings.console:
            raise HTTPException(404)
        return self._page(INDEX, request)

    def _page(self, name: str, request: Request) -> Response:
        file = self._files.get(name)
        if file is None:
            reader = Reader(language_of(request.headers.get("accept-language")))
            return PlainTextResponse(f"{render(NOT_BUILT, reader)}\n", 503, self._headers)
        nonce = secrets.token_urlsafe(16)
        allowed = policy.OF_AN_EDITOR if name == GRAPHIQL else {}
        headers = policy.headers(self._settings, nonce=nonce, **allowed)
        if NONCE not in file.plain:
            return file.answer(request.headers, policy.headers(self._settings, **allowed))
        body = file.plain.replace(NONCE, nonce.encode())
        return Response(body, headers=headers | {"Cache-Control": "no-store"}, media_type=file.type)


def wants_page(request: Request) -> bool:
    """Whether a browser asks for something to show."""
    return "text/html" in request.headers.get("accept", "")


def _may_be_page(name: str) -> bool:
    """Whether the application may have a page of this path; a name with a dot is a file's."""
    first, _, _ = name.partition("/")
    return "." not in name and first not in API and first != "graphiql"
