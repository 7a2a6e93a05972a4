"""Seapool as tests run it: an API in this process, or API and worker as processes to be killed."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import asyncpg
import httpx2
import uvicorn

from app import create_app
from commands.serve import uvicorn_options
from commands.tokens import sign
from engines.child import environment_of
from models.database.connection import credentials
from settings import Settings
from tests.support import commands
from tests.support.commands import Command

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30
# Where nothing is built: to read the console's files takes longer than most tests.
UNBUILT = ROOT / "tests" / "nothing-built"
EACH_PORTS = 1_000
PLACE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = (10_000 + PLACE * EACH_PORTS + n % EACH_PORTS for n in itertools.count(os.getpid()))


class Person(Protocol):
    """A member's row: whose token a request carries."""

    @property
    def id(self) -> Any: ...
    @property
    def organization_id(self) -> Any: ...


@dataclass
class Client:
    url: str
    settings: Settings
    http: httpx2.AsyncClient
    _tokens: dict[tuple[Any, Any], str] = field(default_factory=dict)

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/graphql"

    @property
    def ws_url(self) -> str:
        return self.graphql_url.replace("http", "ws", 1)

    def token(self, who: Person) -> str:
        key = (who.id, who.organization_id)
        if key not in self._tokens:
            self._tokens[key] = sign(self.settings, *key)
        return self._tokens[key]

    async def post(
        self, who: Person | str | None, query: str, variables: dict[str, Any] | None = None
    ) -> httpx2.Response:
        token = who if who is None or isinstance(who, str) else self.token(who)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables or {}}
        return await self.http.post(self.graphql_url, json=body, headers=headers)

    async def graphql(
        self, who: Person | str | None, query: str, **variables: Any
    ) -> dict[str, Any]:
        """The whole answer: `data`, and `errors` where there are any."""
        answer: dict[str, Any] = (await self.post(who, query, variables)).json()
        return answer

    async def data(self, who: Person | str | None, query: str, **variables: Any) -> dict[str, Any]:
        """The answer's `data`, of an operation that meets no error."""
        answer = await self.graphql(who, query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data


@contextlib.asynccontextmanager
async def client_of(url: str, settings: Settings) -> AsyncIterator[Client]:
    # Kept shorter than the API keeps them: it never closes one that is about to be used.
    limits = httpx2.Limits(max_connections=500, max_keepalive_connections=500, keepalive_expiry=2)
    # Without TLS, whose certificates take longer to read than many a test to run.
    async with httpx2.AsyncClient(timeout=30, limits=limits, trust_env=False, verify=False) as http:
        yield Client(url, settings, http)


@contextlib.asynccontextmanager
async def api_in_process(settings: Settings, **given: Any) -> AsyncIterator[Client]:
    """The real uvicorn in this loop, on a free port; `given` is the application's.

    Tests that show the console or the reference say where it is.
    """
    given = {"console": UNBUILT, "reference": UNBUILT} | given

    # With its protocol named, asyncio turns off Nagle: 40 ms a request.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind((settings.host, 0))
        url = f"http://{settings.host}:{listening.getsockname()[1]}"
        config = uvicorn.Config(create_app(settings, **given), **uvicorn_options(settings))
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        # Without `serve`: it takes the signals that end the tests, and looks for its own end
        # only ten times a second.
        await server.startup(sockets=[listening])
        await server.on_tick(0)
        try:
            async with client_of(url, settings) as client:
                yield client
        finally:
            await stop(server)


async def stop(server: uvicorn.Server) -> None:
    """As its `shutdown`, but without sleeping while nobody is connected."""
    for each in server.servers:
        each.close()
    state = server.server_state
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            while state.connections or state.tasks:
                await asyncio.sleep(0.002)
    await (server.shutdown() if state.connections or state.tasks else server.lifespan.shutdown())


@dataclass
class Process:
    """One of Seapool's commands, as the kernel sees it."""

    started: Command
    log: Path
    client: Client

    @property
    def pid(self) -> int:
        return self.started.pid

    @property
    def url(self) -> str:
        return self.client.url

    @property
    def ws_url(self) -> str:
        return self.client.ws_url

    async def graphql(
        self, who: Person | str | None, query: str, **variables: Any
    ) -> dict[str, Any]:
        return await self.client.graphql(who, query, **variables)

    async def data(self, who: Person | str | None, query: str, **variables: Any) -> dict[str, Any]:
        return await self.client.data(who, query, **variables)

    def kill(self) -> None:
        self.started.kill()
        self.started.wait()

    async def terminate(self) -> int:
        """Its exit code, after SIGTERM."""
        with contextlib.suppress(ProcessLookupError):
            self.started.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.started.wait, 15)

    def output(self) -> str:
        return self.log.read_text()


@dataclass
class Processes:
    settings: Settings
    folder: Path
    stack: contextlib.AsyncExitStack

    async def api(self, **environment: str) -> Process:
        process = await self._start("api", environment)
        await self._until(process, lambda: answers(process.client, "/livez"))
        return process

    async def worker(self, **environment: str) -> Process:
        process = await self._start("worker", environment)
        await self._until(process, lambda: beats(self.settings, process.pid))
        return process

    async def _start(self, command: str, environment: dict[str, str]) -> Process:
        port = free_port()
        url = f"http://{self.settings.host}:{port}"
        client = await self.stack.enter_async_context(client_of(url, self.settings))
        log = self.folder / f"{command}-{port}.log"
        own = {"SEAPOOL_PORT": str(port)} | environment
        known = clean_environment() | environment_of(self.settings)
        started = commands.start([command], known | own, log)
        process = Process(started, log, client)
        self.stack.callback(process.kill)
        return process

    async def _until(self, process: Process, ready: Any) -> None:
        async with asyncio.timeout(READY_SECONDS):
            while not await ready():
                if process.started.poll() is not None:
                    raise AssertionError(f"ended before it was ready: {process.output()}")
                await asyncio.sleep(0.05)


async def answers(client: Client, path: str) -> bool:
    try:
        return (await client.http.get(client.url + path)).status_code == 200
    except httpx2.TransportError:
        return False


async def beats(settings: Settings, pid: int) -> bool:
    connection = await asyncpg.connect(**credentials(settings.database_url or ""))
    try:
        asked = "SELECT EXISTS (SELECT FROM heartbeat WHERE worker LIKE '%:' || $1)"
        return bool(await connection.fetchval(asked, str(pid)))
    finally:
        await connection.close()


def free_port() -> int:
    """A port for a process that will bind it, of this test process's own range.

    Below those that the kernel gives away, which another test's server could get meanwhile.
    """
    for port in itertools.islice(PORTS, EACH_PORTS):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("this test process found no free port of its own")


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SEAPOOL_")}


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A folder that the user who runs PostgreSQL for root may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="seapool-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
