"""The ledger against the tables."""

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from commands.environment import resolved_settings
from commands.errors import CommandError
from commands.signals import run
from settings import Settings

if TYPE_CHECKING:
    from models.ledger.replay import Replayed

# A replay keeps a core busy; processes that serve come first.
NICENESS = 10


def verify(
    organization: Annotated[
        str | None, typer.Option(help="Name or id; without it, every organization.")
    ] = None,
) -> None:
    """Replay the ledger and compare it with the tables; exit with 1 if anything differs.

    It only reads, so it delays no writer. It reads one snapshot: until it ends, vacuum keeps the
    row versions of that moment.
    """
    with resolved_settings(Settings.load(), valkey=False) as (settings, _):
        os.nice(NICENESS)
        replayed = run(print_differences(settings, organization))
    raise typer.Exit(1 if replayed.differences else 0)


async def print_differences(settings: Settings, organization: str | None) -> "Replayed":
    """Print a line for each difference, then the counts."""
    from models import database
    from models.ledger.replay import Replayed, replay

    replayed = Replayed()
    async with database.connected(settings):
        id = await find_organization(organization) if organization else None
        async for difference in replay(id, replayed):
            typer.echo(difference)
    counts = asdict(replayed)
    typer.echo(", ".join(f"{name}: {count:,}" for name, count in counts.items()))
    return replayed


async def find_organization(name_or_id: str) -> UUID:
    """Raises CommandError if there is none, or several of this name."""
    from models.tables import Organization

    try:
        found = await Organization.filter(id=UUID(name_or_id))
    except ValueError:
        found = await Organization.filter(name=name_or_id).order_by("id")
    if not found:
        raise CommandError(f"there is no organization {name_or_id}")
    if len(found) > 1:
        ids = ", ".join(str(each.id) for each in found)
        raise CommandError(f"several organizations are named {name_or_id}: choose one of {ids}")
    return found[0].id
