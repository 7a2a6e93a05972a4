"""`manage.py shell`: Python with top-level await, connected to the database."""

import ast
import asyncio
import code
import contextlib
import inspect
import signal
import types
from typing import TYPE_CHECKING, Any

from commands.environment import resolved_settings
from commands.tokens import find_member
from settings import Settings

if TYPE_CHECKING:
    from models.viewers import Viewer

DEMO_DOMAIN = "demo.test"
BANNER = """\
Seapool's shell: `await` works at the prompt, Ctrl-D ends it.
Background tasks run only while a statement runs.
In scope: {names}
  sales1 = await viewer("sales1")    # or a whole email, and organization="name or id"
  await Customer.filter(owner_id=sales1.id).count()
"""


def shell() -> None:
    """Open a Python shell that is connected to the database."""
    with resolved_settings(Settings.load()) as (settings, _), asyncio.Runner() as runner:
        # asyncio.Runner cancels the running statement on Ctrl-C only with Python's own handler.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        connections = contextlib.AsyncExitStack()
        runner.run(connect(connections, settings))
        try:
            interact(runner)
        finally:
            runner.run(connections.aclose())


async def connect(connections: contextlib.AsyncExitStack, settings: Settings) -> None:
    from models import database
    from models.queue import queue

    await connections.enter_async_context(database.connected(settings))
    await connections.enter_async_context(queue.connected(settings))


def interact(runner: asyncio.Runner) -> None:
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (history and line editing for input())
    names = scope()
    banner = BANNER.format(names=", ".join(sorted(names)))
    Console(runner, names).interact(banner=banner, exitmsg="")


def scope() -> dict[str, Any]:
    """Return the names that the shell knows: asyncio, viewer, database and the tables' models."""
    from models import database, tables

    names = (name for name in tables.__all__ if not name.isupper())
    models = {name: getattr(tables, name) for name in names}
    return {"asyncio": asyncio, "viewer": viewer, "database": database, **models}


async def viewer(email: str, organization: str | None = None) -> "Viewer":
    """Return the active member with this email as a Viewer. `sales1` is sales1@demo.test."""
    from models import viewers

    address = email if "@" in email else f"{email}@{DEMO_DOMAIN}"
    member = await find_member(address, organization)
    found = await viewers.viewer(member["organization_id"], member["id"])
    assert found is not None
    return found


class Console(code.InteractiveConsole):
    """Runs each statement in the runner's event loop."""

    def __init__(self, runner: asyncio.Runner, names: dict[str, Any]) -> None:
        super().__init__(names)
        self.runner = runner
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def runcode(self, code: types.CodeType) -> None:
        if ended := self.runner.run(self._evaluate(code)):
            raise ended

    async def _evaluate(self, code: types.CodeType) -> SystemExit | None:
        """Run the statement and show its traceback. Return SystemExit: a task must not raise it."""
        try:
            result = types.FunctionType(code, self.locals)()
            if inspect.iscoroutine(result):
                await result
        except SystemExit as ended:
            return ended
        except Exception:
            self.showtraceback()
        return None
