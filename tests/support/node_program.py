"""A program for Node that a test asks line by line: see tests/conformance/program.mjs."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

from commands.console.node import home
from engines.process import die_with_parent

LONGEST_LINE = 1 << 24
SECONDS = 100.0


class Failed(Exception):
    """What the program threw."""


class Program:
    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log
        self._numbers = count(1)
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._told: asyncio.Queue[Any] = asyncio.Queue()
        self._ended = False

    async def call(self, do: str, *given: Any) -> Any:
        """What the program's function returns. Raises Failed with what it throws."""
        if self._ended:
            raise self._end()
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        line = json.dumps({"number": number, "do": do, "given": given})
        self._process.stdin.write(f"{line}\n".encode())
        async with asyncio.timeout(SECONDS):
            return await answer

    async def told(self) -> Any:
        """What the program tells next, by itself. Raises Failed if it has ended."""
        async with asyncio.timeout(SECONDS):
            told = await self._told.get()
        if isinstance(told, Failed):
            raise told
        return told

    def unheard(self) -> list[Any]:
        """What it told that nobody took."""
        return [self._told.get_nowait() for _ in range(self._told.qsize())]

    async def read(self) -> None:
        """Take what it prints, until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            if "told" in said:
                self._told.put_nowait(said["told"])
            elif "error" in said:
                self._asked.pop(said["number"]).set_exception(Failed(said["error"]))
            else:
                self._asked.pop(said["number"]).set_result(said.get("answer"))
        self._ended = True
        self._told.put_nowait(self._end())
        for waiting in self._asked.values():
            waiting.set_exception(self._end())

    def _end(self) -> Failed:
        return Failed(f"the program ended: {self._log.read_text()}")


@contextlib.asynccontextmanager
async def program(script: Path, log: Path) -> AsyncIterator[Program]:
    """Run the script inside the `with` block; what it writes as errors is in `log`."""
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            home() / "bin" / "node",
            script,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=LONGEST_LINE,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
    running = Program(process, log)
    reading = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await reading
