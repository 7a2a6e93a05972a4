"""A post to an address that somebody gave: a public one, checked and pinned, without redirects."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx2

from models.texts.text import Text
from models.webhooks import public_addresses, urls
from settings import Settings

ATTEMPT_SECONDS = 10.0
LONGEST_FAULT = 200
LONGEST_BODY = 64 * 1024
OWN = {"User-Agent": "Seapool", "Accept-Encoding": "identity"}


class NotPosted(Exception):
    """There is no answer; `why` says why, in words for those who gave the address."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


class GuardedPost:
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
    ) -> AsyncIterator["GuardedPost"]:
        async with httpx2.AsyncClient(
            verify=ssl.create_default_context(),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
        ) as client:
            yield cls(client, settings, seconds)

    async def __call__(
        self, url: str, headers: Mapping[str, str], body: bytes, *, read: bool = False
    ) -> Reply:
        """Post; `read` reads the body of the answer too, as far as LONGEST_BODY.

        Raises NotPosted.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._attempt(url, headers, body, read)
        except (TimeoutError, httpx2.TimeoutException):
            late = Text("there was no answer within {seconds:g} s", seconds=self._seconds)
            raise NotPosted(late) from None
        except public_addresses.PrivateAddress:
            raise NotPosted(Text("its address is not a public one")) from None
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as fault:
            why = (str(fault) or type(fault).__name__)[:LONGEST_FAULT]
            raise NotPosted(Text("it can't be reached: {fault}", fault=why)) from None

    async def _attempt(
        self, address: str, headers: Mapping[str, str], body: bytes, read: bool
    ) -> Reply:
        parts = urls.split(address)
        if parts is None or (parts.scheme != "https" and not self._private):
            raise NotPosted(Text("the address does not begin with https://"))
        assert parts.hostname is not None
        port = urls.port_of(parts)
        ip = await public_addresses.resolve(parts.hostname, port, private=self._private)
        if not self._private and port not in urls.PUBLIC_PORTS:
            raise NotPosted(Text("the address does not use port 443 or 8443"))
        # Connect to the checked address; the certificate must be the host's.
        url = httpx2.URL(address)
        request = self._client.build_request(
            "POST",
            url.copy_with(host=ip, port=port),
            content=body,
            headers={**headers, **OWN, "Host": url.netloc.decode()},
            extensions={"sni_hostname": url.raw_host.decode()},
        )
        response = await self._client.send(request, stream=True)
        try:
            answer = await _beginning(response) if read else b""
        finally:
            await response.aclose()
        return Reply(response.status_code, response.headers, answer)


async def _beginning(response: httpx2.Response) -> bytes:
    """The body as it came, cut off where it is too long: a small one may unpack to much."""
    found = bytearray()
    async for part in response.aiter_raw():
        found += part
        if len(found) >= LONGEST_BODY:
            break
    return bytes(found[:LONGEST_BODY])
