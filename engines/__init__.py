"""PostgreSQL and Valkey for whoever names no others in the environment: two processes, one folder.

A folder has one keeper at a time. What the keeper writes into `engines.json` lets other commands
find the engines, and the next keeper clean up after one that was killed.
"""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from engines.postgres import EPHEMERAL, SOLID, Postgres
from engines.process import EnginesError
from engines.valkey import Valkey

__all__ = ["Engines", "EnginesError", "InUse", "Postgres", "Valkey", "started"]

LONGEST_PARENT = 60
WAIT_SECONDS = 30.0


class InUse(EnginesError):
    """Another process keeps the engines of this folder, and serves these."""

    def __init__(self, data: Path, pid: int, urls: tuple[str, str]) -> None:
        super().__init__(f"Seapool already runs on {data} (process {pid}): stop it first")
        self.urls = urls


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
    """Both engines, or one, for as long as it is entered.

    Ephemeral ones are quick and PostgreSQL's data is gone afterwards. Serving ones are lent to
    whoever comes next, who gets InUse; else the next waits for the end.
    """
    with _kept(data) as keeper, _socket_folder() as sockets:
        engines = Engines(
            Postgres(
                (sockets if ephemeral else data) / "postgres",
                sockets / "pg",
                EPHEMERAL if ephemeral else SOLID,
            ),
            Valkey(data / "valkey", sockets),
        )
        _tell(keeper, {"sockets": str(sockets)})
        with contextlib.ExitStack() as running:
            for engine, wanted in ((engines.valkey, valkey), (engines.postgres, postgres)):
                if wanted:
                    running.callback(engine.stop)
                    engine.start()
            if serving:
                _tell(keeper, {"sockets": str(sockets), "pid": os.getpid(), "urls": engines.urls})
            yield engines


@contextlib.contextmanager
def _kept(data: Path) -> Iterator[IO[str]]:
    try:
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        keeper = (data / "engines.json").open("a+")
    except OSError as error:
        raise EnginesError(
            f"SEAPOOL_DATA={data} can't be written ({error.strerror}): choose another folder"
        ) from None
    with keeper:
        _wait_for_lock(keeper, data)
        if left := _told(keeper).get("sockets"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            yield keeper
        finally:
            keeper.truncate(0)


def _wait_for_lock(keeper: IO[str], data: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = _told(keeper)
        if urls := told.get("urls"):
            raise InUse(data, told["pid"], (urls[0], urls[1]))
        if time.monotonic() > deadline:
            raise EnginesError(f"another command works on {data}: wait for it, or stop it")
        time.sleep(0.05)


def _told(keeper: IO[str]) -> dict[str, Any]:
    keeper.seek(0)
    try:
        told: dict[str, Any] = json.loads(keeper.read() or "{}")
    except json.JSONDecodeError:
        return {}
    return told


def _tell(keeper: IO[str], facts: dict[str, Any]) -> None:
    keeper.truncate(0)
    keeper.write(json.dumps(facts))
    keeper.flush()


@contextlib.contextmanager
def _socket_folder() -> Iterator[Path]:
    """Short, as the path of a socket must be, and in reach of the user that root lends to."""
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
