"""The token issuer's public keys, fetched when a token names an unknown one."""

import asyncio
import json
import ssl
import time
from typing import Any

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

FETCH_SECONDS = 3.0
# At most one fetch in RETRY_SECONDS; who asks in between waits for the next one, for so long.
RETRY_SECONDS = 3.0
WAIT_SECONDS = 3.0
STALE_SECONDS = 600.0
LARGEST = 256 * 1024
MOST_KEYS = 100
LONGEST_MODULUS = 8192
FAULTS = (httpx2.HTTPError, OSError, ValueError, KeyError, TypeError, RecursionError)
PublicKey = RSAKey | ECKey

log = structlog.get_logger()


class PublicKeys:
    """The key set at a URL. Fetched keys stay in use while the key server is unavailable."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._keys: dict[str | None, PublicKey] = {}
        self._fetched_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self._authorities: ssl.SSLContext | None = None

    @property
    def fresh(self) -> object | None:
        """The key set in use, another object after each fetch; None where a fetch is due."""
        return None if self._is_stale else self._keys

    @property
    def _is_stale(self) -> bool:
        return time.monotonic() - self._fetched_at > STALE_SECONDS

    async def find(self, kid: str | None) -> PublicKey | None:
        """Return the key with this id; without an id, the only key of the set."""
        known = kid in self._keys or (kid is None and bool(self._keys))
        if not known or self._is_stale:
            await self._refresh()
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        """Wait for the fetch that all who ask share, unless its turn is too far away."""
        wait = max(0.0, self._fetched_at + RETRY_SECONDS - time.monotonic())
        if self._fetching is None or self._fetching.done():
            if wait > WAIT_SECONDS:
                return
            self._fetching = asyncio.create_task(self._fetch_after(wait))
        await asyncio.shield(self._fetching)

    async def _fetch_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self._keys = _usable(await self._answer())
        except FAULTS as fault:
            log.warning("the key server gave no keys", url=self.url, fault=repr(fault))
        finally:
            self._fetched_at = time.monotonic()

    async def _answer(self) -> bytes:
        """Return the body, read only as far as a key set may go."""
        if self._authorities is None:
            # It reads all certificates of the machine: once, and beside the loop of all requests.
            self._authorities = await asyncio.to_thread(httpx2.create_ssl_context)
        plain = {"Accept-Encoding": "identity"}
        async with (
            httpx2.AsyncClient(verify=self._authorities) as client,
            client.stream("GET", self.url, headers=plain) as response,
        ):
            response.raise_for_status()
            body = b""
            async for part in response.aiter_raw():
                body += part
                if len(body) > LARGEST:
                    raise ValueError(f"the answer has more than {LARGEST} bytes")
            return body


def _usable(answer: bytes) -> dict[str | None, PublicKey]:
    """Return the usable keys by id; without symmetric ones, which a public set must not have."""
    published = json.loads(answer)["keys"]
    if not isinstance(published, list) or len(published) > MOST_KEYS:
        raise ValueError(f"the answer has no list of at most {MOST_KEYS} keys")
    found: dict[str | None, PublicKey] = {}
    for each in published:
        if _can_sign(each):
            try:
                found[each.get("kid")] = _imported(each)
            except (JoseError, ValueError, TypeError) as fault:
                log.warning("a published key can't be used", kid=each.get("kid"), fault=repr(fault))
    return found


def _can_sign(published: Any) -> bool:
    return (
        isinstance(published, dict)
        and published.get("kty") in ("RSA", "EC")
        and published.get("use", "sig") == "sig"
    )


def _imported(published: dict[str, Any]) -> PublicKey:
    if len(published.get("n", "")) > LONGEST_MODULUS // 6 + 2:
        raise ValueError(f"its modulus has more than {LONGEST_MODULUS} bits")
    key = import_key(published)
    assert isinstance(key, RSAKey | ECKey)
    return key
