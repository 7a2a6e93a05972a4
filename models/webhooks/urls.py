"""The addresses to which Seapool may post: https, a public host, port 443 or 8443."""

import asyncio
from urllib.parse import SplitResult, urlsplit

from models.refusals import InvalidInput
from models.texts.text import Text
from models.webhooks import public_addresses

URL_LENGTH = 2000
LOOK_UP_SECONDS = 3.0
SCHEMES = {"https": 443, "http": 80}
# Other ports of a public address may belong to a machine's own services.
PUBLIC_PORTS = (443, 8443)


async def check_url(url: str, path: str, *, private: bool) -> None:
    """Raises InvalidInput that names `path`. `private`: plain HTTP and inner addresses are fine."""
    parts = split(url)
    schemes = ("https", "http") if private else ("https",)
    if parts is None or parts.scheme not in schemes:
        raise InvalidInput.at(
            path, Text("must be an address that begins with {scheme}", scheme=f"{schemes[0]}://")
        )
    assert parts.hostname is not None
    if not private and port_of(parts) not in PUBLIC_PORTS:
        raise InvalidInput.at(path, "must use port 443 or 8443")
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            await public_addresses.resolve(parts.hostname, 443, private=private)
    except public_addresses.PrivateAddress:
        raise InvalidInput.at(path, "must resolve to a public address") from None
    except OSError:
        # The name may exist by the first message; each attempt resolves it.
        return


def split(url: str) -> SplitResult | None:
    """The parts of a URL; None if nothing can be posted to it."""
    if len(url) > URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if named and not parts.username and not parts.password else None


def port_of(parts: SplitResult) -> int:
    return parts.port or SCHEMES[parts.scheme]
