"""The built files in memory, with their compressed forms: no request waits for a disk."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

# Not those of the system: where they are missing or wrong, no browser would run a script.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
OTHER_TYPE = "application/octet-stream"
# The better one first.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# Names in this folder have a hash of their content.
HASHED = "assets/"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
PART = 64 * 1024


class File:
    """One file: `forms` are its bytes and their tag by encoding, "" for none."""

    def __init__(self, name: str, plain: bytes, compressed: dict[str, bytes]) -> None:
        self.plain = plain
        self.type = TYPES.get(PurePosixPath(name).suffix, OTHER_TYPE)
        self.cache = FOR_EVER if name.startswith(HASHED) else ASK_EACH_TIME
        self.forms = {
            encoding: (body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
            for encoding, body in (compressed | {"": plain}).items()
        }

    def answer(self, asked: Headers, headers: dict[str, str]) -> Response:
        """Return the form that the client accepts; 304 if it has that already."""
        encoding = next((each for each in _accepted(asked) if each in self.forms), "")
        body, tag = self.forms[encoding]
        headers = headers | {"Cache-Control": self.cache, "ETag": tag, "Vary": "Accept-Encoding"}
        if tag in _known_tags(asked):
            return Response(status_code=304, headers=headers)
        if encoding:
            headers["Content-Encoding"] = encoding
        return InParts(body, headers=headers, media_type=self.type)


class InParts(Response):
    """Sends a part when the client has read those before: uvicorn copies what it can't send yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **head})
        body = bytes(self.body)
        if scope["method"] != "HEAD":
            for at in range(0, len(body), PART):
                part = body[at : at + PART]
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def load(folder: Path) -> dict[str, File]:
    """Return the files by name; a name with .br or .gz is a form of the file without it."""
    found = dict(_read(folder))
    forms = {name: _forms(name, found) for name in found}
    compressed = {name + ENCODINGS[encoding] for name, each in forms.items() for encoding in each}
    return {
        name: File(name, body, forms[name])
        for name, body in found.items()
        if name not in compressed
    }


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield name.as_posix(), path.read_bytes()


def _forms(name: str, found: dict[str, bytes]) -> dict[str, bytes]:
    return {
        encoding: found[name + suffix]
        for encoding, suffix in ENCODINGS.items()
        if name + suffix in found
    }


def _accepted(asked: Headers) -> list[str]:
    """Return those of ENCODINGS that the client accepts, the better one first."""
    wanted = set()
    for each in asked.get("accept-encoding", "").lower().split(","):
        name, _, weight = (part.strip() for part in each.partition(";"))
        if weight.replace(" ", "").rstrip("0") not in ("q=", "q=0."):
            wanted.add(name)
    return [each for each in ENCODINGS if each in wanted]


def _known_tags(asked: Headers) -> set[str]:
    tags = asked.get("if-none-match", "").split(",")
    return {tag.strip().removeprefix("W/") for tag in tags}
