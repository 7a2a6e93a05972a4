"""`manage.py up`: the engines, the demo, the API and the worker in one command."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import typer

from commands.console.building import CONSOLE, build
from commands.database import apply_migrations, seed_demo
from commands.environment import resolved_settings
from commands.logs import configure_logging
from commands.ports import check_port
from commands.signals import Ended, run
from commands.tokens import sign
from engines.supervisor import Supervisor, address
from settings import Settings

Console = Callable[[Settings], contextlib.AbstractContextManager[str | None]]


def up() -> None:
    """Run everything: engines, migrations, the demo, API and worker, until Ctrl-C."""
    with running_demo(built_console) as supervisor, contextlib.suppress(Ended):
        supervisor.watch()


@contextlib.contextmanager
def running_demo(console: Console) -> Iterator[Supervisor]:
    """Run everything inside the `with` block, and print the addresses and the demo's people."""
    from commands import greeting

    settings = Settings.load()
    configure_logging(settings)
    check_port(settings, settings.port, "SEAPOOL_PORT")
    typer.echo("Starting PostgreSQL and Valkey…")
    with resolved_settings(settings, serving=True, migrated=False) as (settings, engines):
        typer.echo("Migrating…")
        run(apply_migrations(settings))
        if settings.demo:
            run(seed_demo(settings))
        with console(settings) as page:
            typer.echo("Starting the API and the worker…")
            supervisor = Supervisor(settings, engines)
            with supervisor.running():
                supervisor.wait_until_ready()
                people = run(demo_people(settings))
                tokens = tokens_of(settings, people)
                greeting.show(page, address(settings), settings.data, people, tokens)
                yield supervisor


@contextlib.contextmanager
def built_console(settings: Settings) -> Iterator[str | None]:
    """Give the console's address, None where the API has no console to serve."""
    there = settings.console and build(CONSOLE, settings.data / "console.log", typer.echo)
    yield f"{address(settings)}/" if there else None


async def demo_people(settings: Settings) -> list[dict[str, Any]]:
    """Return the demo's people, none where SEAPOOL_DEMO is off."""
    from models import database, demo

    if not settings.demo:
        return []
    async with database.connected(settings):
        return await demo.people()


def tokens_of(settings: Settings, people: list[dict[str, Any]]) -> dict[str, str]:
    """Return a token for each person by email; none without SEAPOOL_SECRET."""
    if settings.secret is None:
        return {}
    return {each["email"]: sign(settings, each["id"], each["organization_id"]) for each in people}
