"""An answer in parts, each made when the client has read those before."""

from collections.abc import AsyncGenerator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from models import sparing_log
from schema.connections.http_protocol import GONE


class InParts(Response):
    """`first` is made already, so that what goes wrong before it can still be answered.

    A fault later ends the connection: the client sees that the sheet is not complete.
    """

    def __init__(
        self, first: bytes, rest: AsyncGenerator[bytes], headers: dict[str, str], media_type: str
    ) -> None:
        super().__init__(headers=headers, media_type=media_type)
        del self.headers["content-length"]
        self._first, self._rest = first, rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_client = True

        def gone() -> None:
            nonlocal has_client
            has_client = False

        scope[GONE] = gone
        head = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **head})
        part: bytes | None = self._first
        try:
            while part is not None and has_client:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                part = await anext(self._rest, None)
        except Exception as fault:
            sparing_log.warning("a sheet was cut off", fault=repr(fault))
            return
        await send({"type": "http.response.body", "body": b""})
