"""`manage.py up`: the engines, the demo, the API and the worker in one command."""

import contextlib
from collections.abc import Iterator
from typing import Any

import typer

from commands.database import apply_migrations, seed_demo
from commands.environment import resolved_settings
from commands.logs import configure_logging
from commands.serve import check_port
from commands.signals import Ended, run
from commands.tokens import sign
from engines.supervisor import Supervisor, address
from settings import Settings


def up() -> None:
    """Run everything: engines, migrations, the demo, API and worker, until Ctrl-C."""
    with running_demo() as supervisor, contextlib.suppress(Ended):
        supervisor.watch()


@contextlib.contextmanager
def running_demo() -> Iterator[Supervisor]:
    """Run everything inside the `with` block, and print the address and the demo's people."""
    from commands import greeting

    settings = Settings.load()
    configure_logging(settings)
    check_port(settings)
    typer.echo("Starting PostgreSQL and Valkey…")
    with resolved_settings(settings, serving=True) as (settings, engines):
        typer.echo("Migrating…")
        run(apply_migrations(settings))
        run(seed_demo(settings))
        typer.echo("Starting the API and the worker…")
        supervisor = Supervisor(settings, engines)
        with supervisor.running():
            supervisor.wait_until_ready()
            people = run(demo_people(settings))
            greeting.show(address(settings), settings.data, people, tokens_of(settings, people))
            yield supervisor


async def demo_people(settings: Settings) -> list[dict[str, Any]]:
    from models import database, demo

    async with database.connected(settings):
        return await demo.people()


def tokens_of(settings: Settings, people: list[dict[str, Any]]) -> dict[str, str]:
    """Return a token for each person by email; none without SEAPOOL_SECRET."""
    if settings.secret is None:
        return {}
    return {each["email"]: sign(settings, each["id"], each["organization_id"]) for each in people}
