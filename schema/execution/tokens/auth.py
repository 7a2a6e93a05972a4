"""Authentication: bearer tokens, checked with the shared secret or the published keys."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, RSAKey

from models.tables import Pool
from models.viewers import Viewer
from models.viewing import viewer_with_pools
from schema.execution.tokens.jwks import PublicKeys
from schema.execution.tokens.known_tokens import KnownTokens
from schema.fairness.spenders import Spenders
from settings import Settings

LEEWAY_SECONDS = 5
LONGEST = 8192
# The algorithm decides the kind of key: a public key must never serve as an HS256 secret.
KINDS: dict[str, type[OctKey] | type[RSAKey] | type[ECKey]] = {
    "HS256": OctKey,
    "RS256": RSAKey,
    "ES256": ECKey,
}


@dataclass(frozen=True)
class Token:
    organization_id: UUID
    member_id: UUID
    expires_at: float
    issued_at: float | None

    @cached_property
    def spenders(self) -> Spenders:
        return Spenders.of(self.organization_id, self.member_id)

    @property
    def expired(self) -> bool:
        return time.time() >= self.expires_at

    def is_older_than(self, reactivated_at: datetime | None) -> bool:
        """Whether it is from before its member's return; a token without `iat` is."""
        if reactivated_at is None:
            return False
        return self.issued_at is None or self.issued_at < reactivated_at.timestamp()


class Authenticator:
    """Finds the active member that a bearer token names; gives no reason for a refusal."""

    def __init__(self, settings: Settings) -> None:
        self._secret = OctKey.import_key(settings.secret) if settings.secret else None
        self._keys = PublicKeys(settings.jwks_url) if settings.jwks_url else None
        self._known: KnownTokens[Token] = KnownTokens()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            exp={"essential": True},
        )
        self._member, self._organization = settings.member_claim, settings.organization_claim

    async def authenticate(self, authorization: object) -> tuple[Token, Viewer] | None:
        """Return the token of an Authorization header and its member, or None."""
        token = await self.read_token(authorization)
        member = await member_of(token) if token else None
        return (token, member) if token and member else None

    def known_token(self, authorization: object) -> Token | None:
        """Return the token where it was checked before, by keys that are still in use."""
        keys = self._keys.fresh if self._keys else self._secret
        if not keys or not isinstance(authorization, str):
            return None
        return self._known.find(authorization, keys)

    async def read_token(self, authorization: object) -> Token | None:
        if known := self.known_token(authorization):
            return known
        if not isinstance(authorization, str) or len(authorization) > LONGEST:
            return None
        try:
            token = await self._read_token(authorization)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            return None
        if token:
            self._known.keep(authorization, token, token.expires_at + LEEWAY_SECONDS)
        return token

    async def _read_token(self, authorization: str) -> Token | None:
        scheme, _, text = authorization.strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        text = text.strip()
        key, algorithm = await self._key(jws.extract_compact(text.encode()).headers())
        if key is None:
            return None
        claims = jwt.decode(text, key, algorithms=[algorithm]).claims
        self._claims.validate(claims)
        issued_at = float(claims["iat"]) if "iat" in claims else None
        ids = UUID(claims[self._organization]), UUID(claims[self._member])
        return Token(*ids, float(claims["exp"]), issued_at)

    async def _key(self, header: dict[str, Any]) -> tuple[OctKey | RSAKey | ECKey | None, str]:
        algorithm = header["alg"]
        kind = KINDS[algorithm]
        key: OctKey | RSAKey | ECKey | None = self._secret
        if kind is not OctKey:
            key = await self._keys.find(header.get("kid")) if self._keys else None
        return (key if isinstance(key, kind) else None), algorithm


async def member_of(token: Token) -> Viewer | None:
    """Return the token's active member, unless the token is from before their return."""
    found = await member_and_pools(token, ())
    return found[0] if found else None


async def member_and_pools(
    token: Token, pool_ids: Collection[UUID]
) -> tuple[Viewer, list[Pool]] | None:
    """As `member_of`, with those of the pools that their organization has."""
    found = await viewer_with_pools(token.organization_id, token.member_id, pool_ids)
    return None if found is None or token.is_older_than(found[0].member.reactivated_at) else found
