"""The public keys of whoever signs tokens, fetched when an unknown one is named."""

import asyncio
import json
import time

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

FETCH_SECONDS = 3.0
ASK_AGAIN_SECONDS = 3.0
STALE_SECONDS = 600.0
LARGEST = 1 << 20
PublicKey = RSAKey | ECKey

log = structlog.get_logger()


class PublicKeys:
    """A key set by its address. What was fetched stays in use while the server is away."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._keys: dict[str | None, PublicKey] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str | None) -> PublicKey | None:
        """The key of this name; of no name, the only one there is."""
        if self._wants(kid):
            async with self._lock:
                if self._wants(kid):
                    await self._ask()
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _wants(self, kid: str | None) -> bool:
        age = time.monotonic() - self._asked_at
        known = kid in self._keys or (kid is None and bool(self._keys))
        return age > (STALE_SECONDS if known else ASK_AGAIN_SECONDS)

    async def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            async with asyncio.timeout(FETCH_SECONDS), httpx2.AsyncClient() as client:
                response = await client.get(self.url)
            response.raise_for_status()
            self._keys = _usable(response.content)
        except (httpx2.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as fault:
            log.warning("the key server gave no keys", url=self.url, fault=repr(fault))


def _usable(answer: bytes) -> dict[str | None, PublicKey]:
    """By kid. A shared secret in a public place is nobody's signature."""
    if len(answer) > LARGEST:
        raise ValueError("the answer is too long for a key set")
    found: dict[str | None, PublicKey] = {}
    for each in json.loads(answer)["keys"]:
        if each.get("kty") in ("RSA", "EC") and each.get("use", "sig") == "sig":
            try:
                key = import_key(each)
            except (JoseError, ValueError) as fault:
                log.warning("a published key can't be used", kid=each.get("kid"), fault=repr(fault))
                continue
            assert isinstance(key, RSAKey | ECKey)
            found[each.get("kid")] = key
    return found
