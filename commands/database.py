"""The database: migrations, the demo, shards."""

import typer

from commands.environment import resolved_settings
from commands.errors import CommandError
from commands.signals import run
from settings import Settings


def migrate() -> None:
    """Bring the database to the newest schema."""
    with resolved_settings(Settings.load(), valkey=False, migrated=False) as (settings, _):
        run(apply_migrations(settings))


def seed() -> None:
    """Put the demo into a migrated database, once."""
    with resolved_settings(Settings.load()) as (settings, _):
        run(seed_demo(settings))


def distribute() -> None:
    """Spread the tables over the machines of Citus, by organization."""
    with resolved_settings(Settings.load(), valkey=False) as (settings, _):
        for line in run(distribute_tables(settings)):
            typer.echo(line)


async def apply_migrations(settings: Settings) -> None:
    from models import database

    await database.migrate(settings)


async def seed_demo(settings: Settings) -> None:
    from models import database, demo
    from models.queue import queue

    async with database.connected(settings), queue.connected(settings):
        await demo.seed(typer.echo)


async def distribute_tables(settings: Settings) -> list[str]:
    """Return the lines to print. Raises CommandError where the database can't do it."""
    from models.sharding.distribute import distribute
    from models.sharding.plan import CannotDistribute

    try:
        return await distribute(settings)
    except CannotDistribute as reason:
        raise CommandError(str(reason)) from None
