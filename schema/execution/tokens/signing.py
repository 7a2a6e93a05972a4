"""Bearer tokens signed with SEAPOOL_SECRET: for development and the demo."""

import time

from joserfc import jwt
from joserfc.jwk import OctKey

from settings import Settings

DAY_SECONDS = 86_400


def sign(
    secret: str, member: object, organization: object, settings: Settings, *, days: float
) -> str:
    """Return a JWT for the member."""
    now = int(time.time())
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "iat": now,
        "exp": now + int(days * DAY_SECONDS),
        settings.member_claim: str(member),
        settings.organization_claim: str(organization),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))
