"""One attempt to post an event: signed, to a public address, without following redirects."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from standardwebhooks import Webhook

from models.texts.text import Text
from models.webhooks import payloads, public_addresses, webhooks
from models.webhooks.settling import Answer
from settings import Settings

ATTEMPT_SECONDS = 10.0
LONGEST_FAULT = 200


class Post:
    """The client of all attempts. A connection serves one attempt.

    So each attempt resolves the host again, and no certificate serves another host at its address.
    """

    def __init__(self, client: httpx2.AsyncClient, settings: Settings, seconds: float) -> None:
        self._client = client
        self._private = settings.webhooks_to_private_addresses
        self._seconds = seconds

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, settings: Settings, seconds: float = ATTEMPT_SECONDS
    ) -> AsyncIterator["Post"]:
        async with httpx2.AsyncClient(
            verify=ssl.create_default_context(),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            yield cls(client, settings, seconds)

    async def __call__(self, taken: dict[str, Any]) -> Answer:
        """Post one delivery that `attempts.take` returned."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._attempt(taken)
        except (TimeoutError, httpx2.TimeoutException):
            late = Text("there was no answer within {seconds:g} s", seconds=self._seconds)
            return Answer(None, late)
        except public_addresses.PrivateAddress:
            return Answer(None, Text("its address is not a public one"))
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as fault:
            why = (str(fault) or type(fault).__name__)[:LONGEST_FAULT]
            return Answer(None, Text("it can't be reached: {fault}", fault=why))

    async def _attempt(self, taken: dict[str, Any]) -> Answer:
        parts = webhooks.split(taken["url"])
        if parts is None or (parts.scheme != "https" and not self._private):
            return Answer(None, Text("the address does not begin with https://"))
        assert parts.hostname is not None
        port = webhooks.port_of(parts)
        address = await public_addresses.resolve(parts.hostname, port, private=self._private)
        if not self._private and port not in webhooks.PUBLIC_PORTS:
            return Answer(None, Text("the address does not use port 443 or 8443"))
        # Connect to the checked address; the certificate must be the host's.
        url = httpx2.URL(taken["url"])
        request = self._client.build_request(
            "POST",
            url.copy_with(host=address, port=port),
            content=payloads.body(taken).encode(),
            headers=self._headers(taken) | {"Host": url.netloc.decode()},
            extensions={"sni_hostname": url.raw_host.decode()},
        )
        # Only the status is read.
        response = await self._client.send(request, stream=True)
        await response.aclose()
        return _answer_of(response.status_code)

    def _headers(self, taken: dict[str, Any]) -> dict[str, str]:
        id, at = payloads.message_id(taken), taken["attempted_at"]
        return {
            "Content-Type": "application/json",
            "User-Agent": "Seapool",
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(taken["secret"]).sign(id, at, payloads.body(taken)),
        }


def _answer_of(status: int) -> Answer:
    if 200 <= status < 300:
        return Answer(status, None)
    if 300 <= status < 400:
        elsewhere = Text("it answered {status}: redirects are not followed", status=status)
        return Answer(status, elsewhere)
    return Answer(status, Text("it answered {status}", status=status))
