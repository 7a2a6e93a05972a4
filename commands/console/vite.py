"""Vite beside the API of `manage.py dev`: a changed source shows in the browser at once."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

from commands.console import node
from commands.console.building import Say, install

USUAL_PORT = 5173
CODEGEN_SECONDS = 60.0


@contextlib.contextmanager
def running(folder: Path, api: str, log: Path, say: Say) -> Iterator[str | None]:
    """Run Vite inside the `with` block. Give its address, or None after a line that says why."""
    process = None
    address = None
    try:
        install(folder, log, say)
        with log.open("wb") as output:
            node.npm(["run", "codegen", "--if-present"], folder, output, CODEGEN_SECONDS)
        port = _free_port()
        script = folder / "node_modules" / "vite" / "bin" / "vite.js"
        options = ["--host", "127.0.0.1", "--port", str(port), "--strictPort"]
        arguments = [str(script), *options, "--clearScreen", "false"]
        process = node.start(arguments, folder, {"SEAPOOL_API": api})
        address = f"http://127.0.0.1:{port}/"
    except (node.NodeFailed, OSError) as error:
        say(f"Vite does not run: {error}")
    try:
        yield address
    finally:
        if process is not None:
            node.stop(process)


def _free_port() -> int:
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("no port is free")
