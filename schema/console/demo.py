"""To whom the console may give the tokens of the demo's people: only to this machine itself."""

import ipaddress
import re
from typing import Any

from starlette.requests import Request

from models import demo
from schema.execution.tokens.signing import sign
from settings import Settings

DAYS = 1.0
# A name that a stranger's page can't have, wherever its own name leads.
OWN_NAMES = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?", re.IGNORECASE)
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Demo:
    """`embedded`: PostgreSQL is the engine of `manage.py up`, so its data are nobody else's."""

    def __init__(self, settings: Settings, *, embedded: bool) -> None:
        self._secret = settings.secret if settings.demo and embedded else None
        self._settings = settings

    def is_for(self, request: Request) -> bool:
        return (
            self._secret is not None
            and request.client is not None
            and _is_loopback(request.client.host)
            and OWN_NAMES.fullmatch(request.headers.get("host", "")) is not None
            and not any(name in request.headers for name in FORWARDED)
        )

    async def people(self) -> list[dict[str, Any]]:
        """Return the demo's people, each with a token."""
        assert self._secret is not None
        return [self._shown(person, self._secret) for person in await demo.people()]

    def _shown(self, person: dict[str, Any], secret: str) -> dict[str, Any]:
        names = ("organization", "name", "email", "role", "department")
        ids = (person["id"], person["organization_id"])
        token = sign(secret, *ids, self._settings, days=DAYS)
        return {name: person[name] for name in names} | {"token": token}


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
