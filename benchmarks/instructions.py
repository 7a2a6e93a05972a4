"""The instructions that the API's process executes for an operation, counted by callgrind.

Counts tell a change of one per cent, also on a busy machine: two runs of the same code differ by
0.4 %. Run it in two trees to compare them. What the kernel, PostgreSQL and Valkey do is not in
them, nor is the server's part of HTTP. It needs valgrind, of Debian's package of that name.
"""

import asyncio
import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uvloop
from starlette.types import ASGIApp, Message

from app import create_app
from benchmarks.ground import ground
from benchmarks.operations import LENGTHS, grown, operations_of
from benchmarks.turns import Operation
from models.lists import name_order
from schema.execution.telling import request_log

COUNTED = 20
# What is done once, or once for each document, is done by then.
WARMING = len(LENGTHS)
SUMMARY = re.compile(r"^summary: (\d+)$", re.MULTILINE)


async def main() -> None:
    if not shutil.which("valgrind"):
        print("instructions are counted where valgrind is found: it is not here")
        return
    with tempfile.TemporaryDirectory(prefix="seapool-bench-") as folder:
        out = f"--callgrind-out-file={folder}/counts"
        counting = ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no", out]
        process = await asyncio.create_subprocess_exec(
            *counting, sys.executable, "-m", "benchmarks.instructions", folder
        )
        assert not await process.wait()


async def count(folder: Path) -> None:
    """Print the millions of instructions of each operation; callgrind runs this process."""
    async with ground() as settings:
        pool, team, free = await grown(10 * (WARMING + COUNTED))
        app = create_app(settings)
        name_order.load()
        request_log.write_lines_to(io.BytesIO(), "INFO")
        for n, operation in enumerate(operations_of(settings, pool, team, free), 1):
            await _ask(app, operation, WARMING)
            gc.collect()
            _control("--instr=on", "--zero")
            await _ask(app, operation, COUNTED)
            _control("--dump", "--instr=off")
            counted = _counted(folder / f"counts.{n}")
            print(f"{operation.name:20} {counted / COUNTED / 1e6:8.2f} million")


def _control(*orders: str) -> None:
    for order in orders:
        subprocess.run(
            ["callgrind_control", order, str(os.getpid())], check=True, capture_output=True
        )


def _counted(file: Path) -> int:
    """Callgrind writes the file of a dump when this process runs again."""
    while not (file.exists() and (found := SUMMARY.search(file.read_text()))):
        time.sleep(0.05)
    return int(found[1])


async def _ask(app: ASGIApp, operation: Operation, times: int) -> None:
    for n in range(times):
        answer = await _answer(app, operation.tokens[n % len(operation.tokens)], operation.body())
        assert b'"data"' in answer, answer
        assert b'"message"' not in answer, answer


async def _answer(app: ASGIApp, token: str, body: object) -> bytes:
    content, answered = json.dumps(body).encode(), bytearray()
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "content-length": str(len(content)),
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "query_string": b"",
        "extensions": {},
    }
    sent: asyncio.Queue[Message] = asyncio.Queue()
    sent.put_nowait({"type": "http.request", "body": content})

    async def send(message: Message) -> None:
        answered.extend(message.get("body", b""))

    await app(scope, sent.get, send)
    return bytes(answered)


if __name__ == "__main__":
    uvloop.run(count(Path(sys.argv[1])))
