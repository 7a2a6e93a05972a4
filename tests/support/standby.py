"""A real streaming standby of a running PostgreSQL."""

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg

import engines as embedded
from engines.postgres import EPHEMERAL
from models import database
from tests.support.samples import until

# After a lost try it asks for the log again at once, not after five seconds.
FOLLOWS = EPHEMERAL | {"wal_retrieve_retry_interval": "100ms"}
REPLAYED = "SELECT pg_last_wal_replay_lsn() >= $1"


class Standby(embedded.Postgres):
    """A copy of another cluster that follows it until it is promoted."""

    # Its data goes with it: it need not write a checkpoint.
    stop_signal = signal.SIGQUIT

    def __init__(self, primary: embedded.Postgres, data: Path, sockets: Path) -> None:
        super().__init__(data, sockets, FOLLOWS)
        self.primary = primary

    def ready(self) -> bool:
        status = Path(self.marker, "postmaster.pid")
        return (status.exists() and "\nstandby" in status.read_text()) or super().ready()

    def _make_cluster(self) -> None:
        run(self.primary, "pg_basebackup", "-D", self.marker, "-R", "--checkpoint=fast")


@contextlib.contextmanager
def standby_of(primary: embedded.Postgres, folder: Path) -> Iterator[Standby]:
    """Below `folder`, which PostgreSQL's user may enter."""
    sockets = folder / "standby-sockets"
    sockets.mkdir()
    standby = Standby(primary, folder / "standby", sockets)
    standby.start()
    try:
        yield standby
    finally:
        standby.stop()


async def follow(primary: embedded.Postgres, standby: embedded.Postgres) -> None:
    """Wait until the standby has all that the primary has now."""
    reached = await ask(primary, "SELECT pg_current_wal_insert_lsn()")
    await until(lambda: ask(standby, REPLAYED, reached), seconds=30)


async def ask(postgres: embedded.Postgres, sql: str, *values: object, url: str = "") -> object:
    connection = await asyncpg.connect(**database.credentials(url or postgres.url))
    try:
        return await connection.fetchval(sql, *values)
    finally:
        await connection.close()


def run(postgres: embedded.Postgres, command: str, *arguments: str) -> None:
    address = ["-h", str(postgres.sockets), "-U", "postgres"]
    subprocess.run(
        [f"{postgres.bin}/{command}", *address, *arguments], check=True, **postgres.popen_user()
    )
