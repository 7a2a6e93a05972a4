"""The token issuer's public keys, fetched when a token names an unknown one."""

import asyncio
import json
import time

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

FETCH_SECONDS = 3.0
RETRY_SECONDS = 3.0
STALE_SECONDS = 600.0
LARGEST = 1 << 20
PublicKey = RSAKey | ECKey

log = structlog.get_logger()


class PublicKeys:
    """The key set at a URL. Fetched keys stay in use while the key server is unavailable."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._keys: dict[str | None, PublicKey] = {}
        self._fetched_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str | None) -> PublicKey | None:
        """Return the key with this id; without an id, the only key of the set."""
        if self._is_stale(kid):
            async with self._lock:
                if self._is_stale(kid):
                    await self._fetch()
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _is_stale(self, kid: str | None) -> bool:
        age = time.monotonic() - self._fetched_at
        known = kid in self._keys or (kid is None and bool(self._keys))
        return age > (STALE_SECONDS if known else RETRY_SECONDS)

    async def _fetch(self) -> None:
        self._fetched_at = time.monotonic()
        try:
            async with asyncio.timeout(FETCH_SECONDS), httpx2.AsyncClient() as client:
                response = await client.get(self.url)
            response.raise_for_status()
            self._keys = _usable(response.content)
        except (httpx2.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as fault:
            log.warning("the key server gave no keys", url=self.url, fault=repr(fault))


def _usable(answer: bytes) -> dict[str | None, PublicKey]:
    """Return the usable keys by id; without symmetric ones, which a public set must not have."""
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
