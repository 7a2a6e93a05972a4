"""Seapool's commands. Each reads SEAPOOL_… from the environment (README, Settings)."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from engines import EnginesError, InUse, started
from engines.process import Engine
from settings import Settings, SettingsError, configure_logging

DAY_SECONDS = 86_400
LARGEST_WS_MESSAGE = 256 * 1024
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Result = TypeVar("Result")

commands = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Ended(SystemExit):
    """A signal ended the command."""


class CommandError(Exception):
    """Why a command did nothing and what to do, in one line."""


@commands.command()
def up() -> None:
    """Run everything: engines, migrations, the demo, API and worker, until Ctrl-C."""
    from engines import greeting
    from engines.supervisor import Supervisor, address

    settings = Settings.load()
    configure_logging(settings)
    check_port(settings)
    say("Starting PostgreSQL and Valkey…")
    with ground(settings, serving=True) as (settings, engines):
        say("Migrating…")
        run(migrated(settings))
        run(seeded(settings))
        say("Starting the API and the worker…")
        supervisor = Supervisor(settings, engines)
        with supervisor.running():
            supervisor.wait_until_ready()
            people = run(demo_people(settings))
            greeting.show(address(settings), settings.data, people, tokens_of(settings, people))
            with contextlib.suppress(Ended):
                supervisor.watch()


@commands.command()
def migrate() -> None:
    """Bring the database to the newest shape."""
    with ground(Settings.load(), valkey=False) as (settings, _):
        run(migrated(settings))


@commands.command()
def seed() -> None:
    """Put the demo into a migrated database, once."""
    with ground(Settings.load()) as (settings, _):
        run(seeded(settings))


@commands.command()
def token(
    email: str,
    organization: Annotated[
        str | None, typer.Option(help="Name or id, where the email exists in several.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is valid.")] = 30,
) -> None:
    """Print a bearer token of a member, signed with SEAPOOL_SECRET."""
    with ground(Settings.load(), valkey=False) as (settings, _):
        member = run(find_member(settings, email, organization))
        typer.echo(sign(settings, member["id"], member["organization_id"], days=days))


@commands.command()
def organization(
    name: str,
    admin: Annotated[str, typer.Option(help="The email of its first admin.")],
    time_zone: Annotated[str, typer.Option(help="Its IANA zone.")] = "Asia/Shanghai",
) -> None:
    """Create an organization with its first admin."""
    with ground(Settings.load(), valkey=False) as (settings, _):
        typer.echo(run(found(settings, name, admin, time_zone)))


@commands.command()
def api() -> None:
    """Serve GraphQL over HTTP and websocket."""
    import uvicorn

    settings = Settings.load()
    configure_logging(settings)
    check_port(settings)
    with ground(settings) as (settings, _), contextlib.suppress(Ended):
        from app import create_app

        uvicorn.Server(uvicorn.Config(create_app(settings), **serving(settings))).run()


@commands.command()
def worker() -> None:
    """Release and remind on time."""
    from workers import runner

    settings = Settings.load()
    configure_logging(settings)
    with ground(settings) as (settings, _):
        asyncio.run(runner.main(settings))


@commands.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from schema.execution.schema import schema

    typer.echo(schema.as_str())


def say(line: str) -> None:
    print(line, flush=True)


@contextlib.contextmanager
def ground(
    settings: Settings, *, valkey: bool = True, serving: bool = False
) -> Iterator[tuple[Settings, list[Engine]]]:
    """Settings with every address and secret filled in, and the engines started for it.

    What the environment leaves open is embedded: the engines that `up` runs, else our own.
    """
    with contextlib.ExitStack() as running:
        postgres, valkey = settings.database_url is None, valkey and settings.redis_url is None
        engines: list[Engine] = []
        if postgres or valkey:
            try:
                found = running.enter_context(
                    started(settings.data, postgres=postgres, valkey=valkey, serving=serving)
                )
            except InUse as busy:
                if serving:
                    raise
                urls = busy.urls
            else:
                urls = found.urls
                engines = [found.postgres] * postgres + [found.valkey] * valkey
            settings = completed(settings, urls)
        run(check_database(settings))
        yield settings, engines


def completed(settings: Settings, urls: tuple[str, str]) -> Settings:
    filled: dict[str, Any] = {"redis_url": settings.redis_url or urls[1]}
    if settings.database_url is None:
        filled["database_url"] = urls[0]
        filled["secret"] = settings.secret or kept_secret(settings.data / "secret")
    return settings.model_copy(update=filled)


def kept_secret(path: Path) -> str:
    if not path.exists():
        part = path.with_name(f"secret.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(secrets.token_hex(32))
        part.rename(path)
    return path.read_text().strip()


def check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CommandError(
                f"port {settings.port} of {settings.host} can't be used"
                f" ({error.strerror}): set SEAPOOL_PORT to a free one"
            ) from None


async def check_database(settings: Settings) -> None:
    import asyncpg

    from models.database.connection import credentials

    known = credentials(settings.database_url or "")
    try:
        connection = await asyncpg.connect(**known, timeout=5)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        place = f"{known['host']}:{known['port']}/{known['database']}"
        raise CommandError(
            f"PostgreSQL at {place} can't be reached ({str(error) or type(error).__name__}):"
            " start it, or correct SEAPOOL_DATABASE_URL"
        ) from None
    await connection.close()


async def migrated(settings: Settings) -> None:
    from models import database

    await database.migrate(settings)


async def seeded(settings: Settings) -> None:
    from models import database, demo
    from models.queue import queue

    async with database.connected(settings), queue.connected(settings):
        await demo.seed(say)


async def demo_people(settings: Settings) -> list[dict[str, Any]]:
    from models import database, demo

    async with database.connected(settings):
        return await demo.people()


def tokens_of(settings: Settings, people: list[dict[str, Any]]) -> dict[str, str]:
    if settings.secret is None:
        return {}
    return {each["email"]: sign(settings, each["id"], each["organization_id"]) for each in people}


async def found(settings: Settings, name: str, admin: str, time_zone: str) -> str:
    from models import database
    from models.organizations.founding import create_organization
    from models.refusals import InvalidInput

    async with database.connected(settings):
        try:
            member = await create_organization(name, admin, time_zone)
        except InvalidInput as refusal:
            problem = refusal.problems[0]
            raise CommandError(f"{problem.path} {problem.message}") from None
    return f"{name} {member.organization_id}, admin {admin}: `manage.py token {admin}`"


MEMBERS = """
SELECT m.id, m.organization_id, o.name FROM member m JOIN organization o ON o.id = m.organization_id
WHERE m.active AND lower(m.email) = lower($1) AND ($2::text IS NULL OR $2 IN (o.name, o.id::text))
ORDER BY o.name
"""


async def find_member(settings: Settings, email: str, organization: str | None) -> dict[str, Any]:
    from models import database

    async with database.connected(settings):
        found = await database.rows(MEMBERS, email, organization)
    if not found:
        raise CommandError(f"no active member has the email {email}")
    if len(found) > 1:
        names = ", ".join(row["name"] for row in found)
        raise CommandError(f"{email} is in {names}: say which with --organization")
    return found[0]


def sign(settings: Settings, member: object, organization: object, *, days: float = 30) -> str:
    from joserfc import jwt
    from joserfc.jwk import OctKey

    if settings.secret is None:
        raise CommandError(
            "SEAPOOL_SECRET is not set: whoever serves SEAPOOL_JWKS_URL signs tokens"
        )
    now = int(time.time())
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "iat": now,
        "exp": now + int(days * DAY_SECONDS),
        "sub": str(member),
        "org": str(organization),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(settings.secret))


def serving(settings: Settings) -> dict[str, Any]:
    """uvicorn's options. Logging is ours."""
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "ws": "websockets-sansio",
        "ws_max_size": LARGEST_WS_MESSAGE,
        "ws_per_message_deflate": False,
        "timeout_graceful_shutdown": 5,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
    }


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """asyncio.run, but a signal cancels the work instead of breaking into the event loop."""
    received: list[int] = []

    async def listening() -> Result:
        task = asyncio.current_task()
        assert task is not None

        def end(number: int) -> None:
            received.append(number)
            task.cancel()

        for number in STOPPING:
            asyncio.get_running_loop().add_signal_handler(number, end, number)
        return await work

    try:
        return asyncio.run(listening())
    except asyncio.CancelledError:
        raise Ended(128 + received[0]) from None
    finally:
        end_by_signal()


def end_by_signal() -> None:
    """The first signal ends the command in good order; while that lasts, more change nothing."""

    def end(number: int, frame: object) -> None:
        for each in STOPPING:
            signal.signal(each, lambda number, frame: None)
        raise Ended(128 + number)

    for each in STOPPING:
        signal.signal(each, end)


def main() -> None:
    end_by_signal()
    try:
        commands()
    except (CommandError, EnginesError, SettingsError) as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
