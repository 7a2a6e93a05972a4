"""The machine's PgBouncer, in transaction mode in front of the tests' PostgreSQL."""

import contextlib
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import engines as embedded
from engines.engine import Engine
from models.database.pooler import connect_query
from tests.support.running import free_port

# Where it must be there, e.g. `POOLER_TESTS=required`, nothing is left out.
REQUIRED = os.environ.get("POOLER_TESTS") == "required"
# Fewer than its clients have connections: their transactions take turns.
SESSIONS = 5


def pgbouncer() -> str | None:
    """Return its path, None if there is none."""
    return shutil.which("pgbouncer", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))


class PgBouncer(Engine):
    name = "PgBouncer"
    stop_signal = signal.SIGINT

    def __init__(self, folder: Path, postgres: embedded.Postgres, query: str, more: str) -> None:
        super().__init__(folder / "pgbouncer")
        self.postgres = postgres
        self.query = query
        self.more = more
        self.port = free_port()

    def of(self, database: str, user: str = "postgres") -> str:
        """The URL of a database behind it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    @property
    def marker(self) -> str:
        return str(self.data.with_suffix(".ini"))

    def prepare(self) -> None:
        path = pgbouncer()
        assert path is not None, "POOLER_TESTS=required: apt-get install pgbouncer"
        self.path = path
        ini = Path(self.marker)
        ini.write_text(f"""
[databases]
* = host={self.postgres.sockets} user=postgres {self.query}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {SESSIONS}
server_login_retry = 1
{self.more}
max_client_conn = 500
""")
        ini.chmod(0o644)

    def command(self) -> list[str]:
        return [self.path, self.marker]

    def ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def popen_user(self) -> dict[str, Any]:
        return self.postgres.popen_user()


@contextlib.contextmanager
def pooling(
    folder: Path, postgres: embedded.Postgres, query: str | None = None, more: str = ""
) -> Iterator[PgBouncer]:
    """`query` is its connect_query, by default the right one; `more` are lines of its own."""
    pooler = PgBouncer(folder, postgres, connect_query() if query is None else query, more)
    pooler.start()
    try:
        yield pooler
    finally:
        pooler.stop()
