"""One keeper per data folder. `engines.json` holds the keeper's state for other commands."""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from engines.engine import EnginesError

WAIT_SECONDS = 30.0


class InUse(EnginesError):
    """Another process runs the engines of this folder; `urls` are their addresses."""

    def __init__(self, data: Path, pid: int, urls: tuple[str, str]) -> None:
        super().__init__(f"Seapool already runs on {data} (process {pid}): stop it first")
        self.urls = urls


@contextlib.contextmanager
def locked(data: Path) -> Iterator[IO[str]]:
    """Lock the folder, remove the sockets of a killed keeper, and give the state file.

    Raises InUse if another keeper serves its engines, EnginesError if the folder can't be used.
    """
    with _state_file(data) as file:
        _wait_for_lock(file, data)
        if sockets := read_state(file).get("sockets"):
            shutil.rmtree(sockets, ignore_errors=True)
        try:
            yield file
        finally:
            file.truncate(0)


def served_database(data: Path) -> str | None:
    """Return the URL of the PostgreSQL that a keeper serves from this folder, None if none does."""
    try:
        with (data / "engines.json").open() as file:
            urls = read_state(file).get("urls")
    except OSError:
        return None
    return str(urls[0]) if urls else None


def read_state(file: IO[str]) -> dict[str, Any]:
    """Return the keeper's state, empty if there is none."""
    file.seek(0)
    try:
        state: dict[str, Any] = json.loads(file.read() or "{}")
    except json.JSONDecodeError:
        return {}
    return state


def write_state(file: IO[str], state: dict[str, Any]) -> None:
    file.truncate(0)
    file.write(json.dumps(state))
    file.flush()


def _state_file(data: Path) -> IO[str]:
    try:
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        return (data / "engines.json").open("a+")
    except OSError as error:
        raise EnginesError(
            f"SEAPOOL_DATA={data} can't be written ({error.strerror}): choose another folder"
        ) from None


def _wait_for_lock(file: IO[str], data: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            state = read_state(file)
        if urls := state.get("urls"):
            raise InUse(data, state["pid"], (urls[0], urls[1]))
        if time.monotonic() > deadline:
            raise EnginesError(f"another command works on {data}: wait for it, or stop it")
        time.sleep(0.05)
