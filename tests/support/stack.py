"""One API with its worker, engines and demo, for all processes of a test run."""

import contextlib
import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

from tests.support.running import short_folder
from tests.support.supervised import Served, running


@contextlib.contextmanager
def stack(folder: Path) -> Iterator[Served]:
    """Use the stack of this folder, which all processes know; the first starts it.

    It stops the stack when nobody uses it any more. Who comes later starts another one.
    """
    folder.mkdir(exist_ok=True)
    state = folder / "state.json"
    with (
        contextlib.ExitStack() as own,
        (folder / "users").open("w") as users,
        (folder / "turn").open("w") as turn,
    ):
        fcntl.flock(turn, fcntl.LOCK_EX)
        mine = not state.exists()
        if mine:
            data = own.enter_context(short_folder()) / "data"
            up = own.enter_context(running(data, SEAPOOL_CONSOLE="true", SEAPOOL_GRAPHIQL="true"))
            state.write_text(json.dumps([str(up.data), up.port]))
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(turn, fcntl.LOCK_UN)
        where, port = json.loads(state.read_text())
        try:
            yield Served(Path(where), port)
        finally:
            if mine:
                fcntl.flock(turn, fcntl.LOCK_EX)
                fcntl.flock(users, fcntl.LOCK_EX)
                state.unlink()
                own.close()
