"""Connections to one of several hosts, with TLS; what does not serve is said in words."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import pytest

from addresses import postgres
from benchmarks.faults.proxy import postgres_socket
from commands.errors import CommandError
from commands.reaching import check_database
from models import database
from models.database.connections import hosts
from settings import Settings
from tests.support.tls import Authority, authority, encrypted


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"), "ours")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"), "theirs")


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "HOST_SECONDS", 0.2)


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """The port of a machine that is off: it takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def url(settings: Settings, place: str, **query: object) -> str:
    name = database.credentials(settings.database_url or "")["database"]
    return f"postgresql://postgres@/{name}?{urlencode({'host': place, **query})}"


async def test_a_host_that_is_off_takes_only_its_part_of_the_time_and_is_asked_last_then(
    settings: Settings, quickly: None
) -> None:
    folder = postgres_socket(settings.database_url or "").rpartition("/")[0]
    with silent() as port:
        both = hosts.Hosts(postgres(url(settings, f"127.0.0.1:{port},{folder}")))
        for most in (1.0, 0.2):
            async with asyncio.timeout(most):
                connection = await both.connect(timeout=5)
            assert await connection.fetchval("SELECT 1") == 1
            await connection.close()


async def test_where_none_serves_each_is_named_with_why(settings: Settings, quickly: None) -> None:
    with silent() as port:
        wanted = url(settings, f"127.0.0.1:{port},/nowhere")
        with pytest.raises(CommandError) as told:
            await check_database(settings.model_copy(update={"database_url": wanted}))
    assert str(told.value) == (
        f"PostgreSQL at 127.0.0.1:{port},/nowhere:5432/{wanted.partition('@/')[2].split('?')[0]}"
        f" can't be reached (127.0.0.1:{port}: it does not answer;"
        " /nowhere:5432: [Errno 2] No such file or directory):"
        " start it, or correct SEAPOOL_DATABASE_URL"
    )


async def test_a_database_with_tls_on_both_sides(settings: Settings, ours: Authority) -> None:
    plain = postgres_socket(settings.database_url or "")
    tls = {"sslmode": "verify-full", "sslrootcert": ours.ca}
    own = {"sslcert": ours.certificate, "sslkey": ours.key}
    async with encrypted(plain, ours.server, asked=True) as port:
        place = f"localhost:{port}"
        own_url = url(settings, place, **tls, **own)
        async with database.connected(settings.model_copy(update={"database_url": own_url})):
            assert await database.rows("SELECT 1 AS n") == [{"n": 1}]
        with pytest.raises((OSError, asyncpg.PostgresError)):
            await hosts.connect(url(settings, place, **tls), seconds=5)


@pytest.mark.parametrize("place", ["localhost:{port}", "localhost:{port},localhost:{port}"])
async def test_a_certificate_of_another_authority_is_refused_at_the_start(
    settings: Settings, ours: Authority, theirs: Authority, place: str
) -> None:
    plain = postgres_socket(settings.database_url or "")
    async with encrypted(plain, theirs.server, asked=True) as port:
        tls: dict[str, str | Path] = {"sslmode": "verify-full", "sslrootcert": ours.ca}
        wanted = url(settings, place.format(port=port), **tls)
        with pytest.raises(CommandError, match="its certificate is refused: "):
            await check_database(settings.model_copy(update={"database_url": wanted}))
