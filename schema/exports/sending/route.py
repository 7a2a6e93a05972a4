"""The route of links to sheets: GET without a token, as the link is signed."""

import contextlib
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from models import database
from models.exports.links import Opened, Signed, read_link, use
from models.exports.sheets import SheetFormat
from models.refusals import Refusal
from models.texts.text import Reader, Text, render
from schema.base.context import Context
from schema.base.deadline import ClientLeft, Deadline
from schema.base.listener import Listener
from schema.connections.http_protocol import GONE as CLIENT_GONE
from schema.execution.answering import bad_request, error_response, fault_response
from schema.execution.languages import language_of
from schema.execution.telling.request_log import Requested
from schema.exports.content import content_of
from schema.exports.names import file_name
from schema.exports.sending.parts import SECONDS, parts_of
from schema.exports.sending.response import InParts
from schema.exports.sending.seats import Seats
from schema.fairness.shares import shares

TYPES = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What a row costs: see schema/execution/documents/weights.py.
ROW = 20
NOT_FOUND = Text("This link is wrong, used up or too old: export the sheet again.")


class Sheets:
    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._seats = Seats()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The seat is taken until the last part is read."""
        request = Request(scope, receive)
        async with contextlib.AsyncExitStack() as until_sent:
            response = await self._response(request, until_sent)
            await response(scope, receive, send)

    async def _response(self, request: Request, until_sent: contextlib.AsyncExitStack) -> Response:
        reader = Reader(language_of(request.headers.get("accept-language")))
        if request.method != "GET":
            return error_response(405, bad_request("Read a sheet by GET."), {"Allow": "GET"})
        try:
            deadline = Deadline()
            deadline.ends_with_client = True
            request.scope[CLIENT_GONE] = deadline.client_left
            with deadline.running():
                deadline.extend_to(SECONDS)
                signed = await read_link(request.path_params["link"])
                seat = self._seats.take(f"{signed.viewer.organization.id}/{signed.viewer.id}")
                until_sent.enter_context(seat)
                opened, context = await self._paid(signed, deadline)
                with Requested(context) as requested:
                    return requested.ended(await _sent(context, opened, until_sent))
        except ClientLeft:
            return Response(status_code=400)
        except Refusal:
            return error_response(404, bad_request(render(NOT_FOUND, reader)), HEADERS)
        except Exception as fault:
            return fault_response(fault, reader)

    async def _paid(self, signed: Signed, deadline: Deadline) -> tuple[Opened, Context]:
        """Charge for the rows of a link: one that the budget refuses stays unused.

        Raises NotFound and OverBudget.
        """
        async with database.transaction():
            opened = await use(signed)
            context = Context.of(opened.viewer, self._listener, opened.sheet.language, deadline)
            context.operation = "GET /exports/{link}"
            with Requested(context):
                shares.charge(context.spenders, ROW * opened.most, context.settings)
        return opened, context


async def _sent(
    context: Context, opened: Opened, until_sent: contextlib.AsyncExitStack
) -> Response:
    format = opened.sheet.format
    content = await content_of(context, opened)
    parts = parts_of(context, content, format)
    await until_sent.enter_async_context(contextlib.aclosing(parts))
    first = await anext(parts)
    name = quote(file_name(context, opened.sheet))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return InParts(first, parts, HEADERS | headers, TYPES[format])


def export_routes(listener: Listener) -> list[Route]:
    return [Route("/exports/{link}", Sheets(listener))]
