"""The embedded PostgreSQL and Valkey: two processes that share one data folder."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engines.engine import Engine, EnginesError
from engines.folder_lock import InUse, locked, served_database, write_state
from engines.postgres import DURABLE, EPHEMERAL, Postgres
from engines.valkey import Valkey

__all__ = [
    "Engine",
    "Engines",
    "EnginesError",
    "InUse",
    "Postgres",
    "Valkey",
    "served_database",
    "started",
]

LONGEST_PARENT = 60


@dataclass(frozen=True)
class Engines:
    postgres: Postgres
    valkey: Valkey

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def redis_url(self) -> str:
        return self.valkey.url

    @property
    def urls(self) -> tuple[str, str]:
        return self.database_url, self.redis_url


@contextlib.contextmanager
def started(
    data: Path,
    *,
    ephemeral: bool = False,
    postgres: bool = True,
    valkey: bool = True,
    serving: bool = False,
) -> Iterator[Engines]:
    """Run both engines, or one, inside the `with` block.

    `ephemeral`: PostgreSQL without durability, its data deleted at the end. `serving`: other
    commands reuse these engines (they get InUse); without it they wait for the end of the block.
    """
    with locked(data) as state_file, _socket_folder() as sockets:
        engines = _engines(data, sockets, ephemeral)
        state = {"sockets": str(sockets)}
        write_state(state_file, state)
        with contextlib.ExitStack() as running:
            for engine, wanted in ((engines.valkey, valkey), (engines.postgres, postgres)):
                if wanted:
                    running.callback(engine.stop)
                    engine.start()
            if serving:
                write_state(state_file, state | {"pid": os.getpid(), "urls": engines.urls})
            yield engines


def _engines(data: Path, sockets: Path, ephemeral: bool) -> Engines:
    folder, options = (sockets, EPHEMERAL) if ephemeral else (data, DURABLE)
    return Engines(
        Postgres(folder / "postgres", sockets / "pg", options),
        Valkey(data / "valkey", sockets),
    )


@contextlib.contextmanager
def _socket_folder() -> Iterator[Path]:
    """Make a folder with a path short enough for a socket, which PostgreSQL's user can enter."""
    root = os.geteuid() == 0
    parent = tempfile.gettempdir()
    if root or len(parent) > LONGEST_PARENT:
        parent = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="seapool-", dir=parent))
    try:
        if root:
            folder.chmod(0o711)
        (folder / "pg").mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
