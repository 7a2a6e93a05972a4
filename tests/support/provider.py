"""An OpenID provider: code flow with PKCE, for one public client and one person."""

import base64
import contextlib
import hashlib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.support.key_server import published
from tests.support.running import Person, stop

CLIENT = "seapool-console"
AUDIENCE = "seapool-api"
SECONDS = 3600


@dataclass
class Provider:
    """`person` is signed in there; it sends them back at once."""

    url: str
    person: Person | None = None
    key: RSAKey = field(default_factory=lambda: _rsa("one"))
    # The code challenge and the nonce of each code that nobody has redeemed.
    codes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    redeemed: int = 0

    async def configuration(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        asked = request.query_params
        wanted = (asked["client_id"], asked["response_type"], asked["code_challenge_method"])
        if wanted != (CLIENT, "code", "S256"):
            return Response(status_code=400)
        code = uuid4().hex
        self.codes[code] = (asked["code_challenge"], asked.get("nonce"))
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}")

    async def token(self, request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        challenge, nonce = self.codes.pop(given["code"], ("", None))
        if challenge != _challenge(given["code_verifier"]):
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.redeemed += 1
        return JSONResponse(
            {
                "access_token": self._signed(AUDIENCE),
                "id_token": self._signed(CLIENT, nonce=nonce),
                "token_type": "Bearer",
                "expires_in": SECONDS,
            }
        )

    def _signed(self, audience: str, **claims: str | None) -> str:
        assert self.person is not None
        now = int(time.time())
        named = {"sub": str(self.person.id), "org": str(self.person.organization_id)}
        times = {"iat": now, "exp": now + SECONDS}
        said = {"iss": self.url, "aud": audience, **named, **times, **claims}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)


@contextlib.asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        found = Provider(f"http://127.0.0.1:{listening.getsockname()[1]}")
        app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", found.configuration),
                Route("/keys", found.keys),
                Route("/authorize", found.authorize),
                Route("/token", found.token, methods=["POST"]),
            ],
            # A page of another origin redeems its code.
            middleware=[Middleware(CORSMiddleware, allow_origins=["*"])],
        )
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup(sockets=[listening])
        try:
            yield found
        finally:
            await stop(server)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _rsa(kid: str) -> RSAKey:
    key = published(RSAKey, kid)
    assert isinstance(key, RSAKey)
    return key
