"""The user that runs PostgreSQL: PostgreSQL refuses to run as root."""

import contextlib
import fcntl
import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.engine import EnginesError

SYSTEM_USER = "embedded_postgres"
# Where its entry is written.
ACCOUNTS = "/etc"


@dataclass(frozen=True)
class User:
    uid: int
    gid: int

    def popen_user(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def can_run(self, *command: str | Path) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, check=False, **self.popen_user())
        except PermissionError:
            return False
        return done.returncode == 0


def postgres_user() -> User | None:
    """Return SYSTEM_USER for root, created if missing; None for anybody else.

    Raises EnginesError if the user can't be created.
    """
    if os.geteuid() != 0:
        return None
    user = _existing_user() or _created_user()
    if user is None:
        raise EnginesError(
            f"PostgreSQL can't run as root and the system user {SYSTEM_USER} can't be made:"
            " run as another user, or set SEAPOOL_DATABASE_URL"
        )
    return user


def _existing_user() -> User | None:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None
    return User(entry.pw_uid, entry.pw_gid)


def _created_user() -> User | None:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
    with _one_at_a_time():
        if found := _existing_user():
            return found
        with contextlib.suppress(OSError):
            subprocess.run(command, capture_output=True, check=False)
        return _existing_user()


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of two `useradd` of one name, the later may give the user another id: the first is lost."""
    folder = os.open(ACCOUNTS, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
