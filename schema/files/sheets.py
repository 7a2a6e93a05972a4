"""POST /sheets keeps a file for its import; GET /sheets/ and its id gives the text that was read.

Both by the bearer token. A sheet is its sender's alone.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models import database
from models.imports import stored
from models.refusals import Forbidden, NotFound, Refusal
from schema.base import errors, ids
from schema.base.context import Context
from schema.base.deadline import BULK_SECONDS
from schema.base.scalars import write_instant
from schema.execution.answering import error_response
from schema.execution.endpoint import Act, Endpoint
from schema.fairness.shares import shares

# As an import costs: what is read of a file may take seconds.
COST = 20_000
# Spreadsheets that this process lets others read at once.
MOST_AT_ONCE = 2
STATUSES: dict[type[Refusal], int] = {Forbidden: 403, NotFound: 404}
DOWNLOAD = {
    "Content-Disposition": 'attachment; filename="sheet.csv"',
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# Without it, Excel reads a text in the encoding of its country.
MARK = "\ufeff"


def sheet_routes(door: Endpoint) -> list[Route]:
    seats = asyncio.Semaphore(MOST_AT_ONCE)

    async def send(request: Request) -> Response:
        async def act(context: Context) -> Response:
            context.operation = "POST /sheets"
            stored.require_administrator(context.viewer)
            shares.charge(context.spenders, COST, context.settings)
            async with (
                await door.bodies.reading(request, context.viewer.organization.id) as body,
                shares.place(context.spenders, COST),
                seats,
                _working(context),
            ):
                return _kept(await stored.upload(context.viewer, body))

        return await door.admit(request, _refusing(act))

    async def fetch(request: Request) -> Response:
        async def act(context: Context) -> Response:
            context.operation = "GET /sheets/{id}"
            async with _working(context):
                id = ids.decode(request.path_params["id"], "Sheet")
                sheet = await stored.read(context.viewer, id)
            content = (MARK + sheet.content).encode()
            return Response(content, headers=DOWNLOAD, media_type="text/csv; charset=utf-8")

        return await door.admit(request, _refusing(act))

    return [
        Route("/sheets", send, methods=["POST"]),
        Route("/sheets/{id}", fetch, methods=["GET"]),
    ]


@contextlib.asynccontextmanager
async def _working(context: Context) -> AsyncIterator[None]:
    """Within the connections of its organization, and a deadline."""
    asking = database.asking(context.viewer.organization.id, context.settings.pool_size)
    with asking, context.deadline.running():
        context.deadline.extend_to(BULK_SECONDS)
        yield


def _refusing(act: Act) -> Act:
    async def answer(context: Context) -> Response:
        try:
            return await act(context)
        except Refusal as refusal:
            wrong = GraphQLError(refusal.message, original_error=refusal)
            (error,) = errors.to_graphql_errors([wrong], None, context.reader)
            return error_response(STATUSES.get(type(refusal), 400), error)

    return answer


def _kept(sheet: stored.Sheet) -> Response:
    content = {
        "id": ids.encode("Sheet", sheet.id),
        "kind": sheet.kind,
        "encoding": sheet.encoding,
        "worksheets": sheet.worksheets,
        "expiresAt": write_instant(sheet.expires_at),
    }
    return Response(orjson.dumps(content), 201, media_type="application/json")
