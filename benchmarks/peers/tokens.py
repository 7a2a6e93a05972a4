"""Bearer tokens for the peers in Python: checked once, then known, as Seapool does."""

import os
from functools import lru_cache
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import OctKey

KEY = OctKey.import_key(os.environ["SEAPOOL_SECRET"])
CLAIMS = jwt.JWTClaimsRegistry(
    leeway=5,
    iss={"essential": True, "value": "seapool"},
    aud={"essential": True, "value": "seapool"},
    exp={"essential": True},
)


@lru_cache(maxsize=10_000)
def member_of(authorization: str) -> tuple[UUID, UUID]:
    """Return organization and member; raises JoseError."""
    claims = jwt.decode(authorization.removeprefix("Bearer "), KEY, algorithms=["HS256"]).claims
    CLAIMS.validate(claims)
    return UUID(claims["org"]), UUID(claims["sub"])
