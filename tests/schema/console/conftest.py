"""A small built console, and the API that serves it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from settings import Settings
from tests.support.running import Client, api_in_process

INDEX = '<!doctype html><script nonce="__CSP_NONCE__" src="/assets/app-1a2b.js"></script>'
GRAPHIQL = '<!doctype html><script src="/assets/graphiql-3c4d.js"></script>'
SCRIPT = "console.log('公海');\n" * 10_000
STYLE = "body { color: teal }\n"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "graphiql.html").write_text(GRAPHIQL)
    (folder / "logo.svg").write_text("<svg/>")
    (folder / ".sources").write_text("a hash")
    script = folder / "assets" / "app-1a2b.js"
    script.write_text(SCRIPT)
    script.with_suffix(".js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    script.with_suffix(".js.br").write_bytes(b"as if by brotli")
    (folder / "assets" / "app-5e6f.css").write_text(STYLE)
    (folder.parent / "secret.txt").write_text("secret")
    return folder


@pytest_asyncio.fixture
async def console(settings: Settings, database: None, dist: Path) -> AsyncIterator[Client]:
    async with api_in_process(settings, console=dist) as client:
        yield client
