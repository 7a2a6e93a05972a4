"""Build the console where its sources changed since the last build."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from commands.console.node import NodeFailed, npm

CONSOLE = Path(__file__).parents[2] / "console"
SECONDS = 600.0
# What npm, the build and code generation write.
MADE = {"node_modules", "dist", "gql"}

Say = Callable[[str], object]


def build(folder: Path, log: Path, say: Say) -> bool:
    """Build what is new, and say so; a failure is one line. Return whether there is a console."""
    if not (folder / "package.json").is_file():
        return False
    try:
        with (folder / "package.json").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _build(folder, log, say)
    except (NodeFailed, OSError) as error:
        say(f"The console is not built, the API starts all the same: {error} ({log})")
    return (folder / "dist" / "index.html").is_file()


def install(folder: Path, log: Path, say: Say) -> None:
    """Install the packages if the lock file changed, and make the log's folder. Raises NodeFailed.

    With engines from elsewhere nobody has made the data folder yet.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = folder / "node_modules" / ".installed"
    wanted = _hash(folder, [folder / "package-lock.json"])
    if read_stamp(stamp) != wanted:
        say("Installing packages for Node, at the first start and after a change…")
        with log.open("wb") as output:
            npm(["ci"], folder, output, SECONDS)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(wanted)


def sources_hash(folder: Path, *others: Path) -> str:
    """Return a hash of all that a package is made from: its folder, and other files and folders."""
    given = [path for each in others for path in ([each] if each.is_file() else _sources(each))]
    return _hash(folder, sorted([*_sources(folder), *given]))


def read_stamp(stamp: Path) -> str:
    return stamp.read_text() if stamp.is_file() else ""


def _build(folder: Path, log: Path, say: Say) -> None:
    stamp = folder / "dist" / ".sources"
    wanted = sources_hash(folder)
    if read_stamp(stamp) == wanted:
        return
    install(folder, log, say)
    say("Building the console, at the first start and after a change…")
    with log.open("wb") as output:
        npm(["run", "build"], folder, output, SECONDS)
    stamp.write_text(wanted)


def _sources(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in MADE and not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and not name.endswith(".tsbuildinfo"):
                yield Path(parent) / name


def _hash(folder: Path, paths: list[Path]) -> str:
    parts = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        parts.update(f"{os.path.relpath(path, folder)} {len(content)}\n".encode() + content)
    return parts.hexdigest()
