"""The database: migrations and the demo."""

import typer

from commands.environment import resolved_settings
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


async def apply_migrations(settings: Settings) -> None:
    from models import database

    await database.migrate(settings)


async def seed_demo(settings: Settings) -> None:
    from models import database, demo
    from models.queue import queue

    async with database.connected(settings), queue.connected(settings):
        await demo.seed(typer.echo)
