"""New organizations."""

from typing import Annotated

import typer

from commands.environment import resolved_settings
from commands.errors import CommandError
from commands.signals import run
from settings import Settings


def organization(
    name: str,
    admin: Annotated[str, typer.Option(help="The email of its first admin.")],
    time_zone: Annotated[str, typer.Option(help="Its IANA zone.")] = "Asia/Shanghai",
) -> None:
    """Create an organization with its first admin."""
    with resolved_settings(Settings.load(), valkey=False) as (settings, _):
        typer.echo(run(create_organization(settings, name, admin, time_zone)))


async def create_organization(settings: Settings, name: str, admin: str, time_zone: str) -> str:
    """Create it and return the line to print. Raises CommandError for invalid input."""
    from models import database
    from models.organizations import founding
    from models.refusals import InvalidInput

    async with database.connected(settings):
        try:
            member = await founding.create_organization(name, admin, time_zone)
        except InvalidInput as refusal:
            problem = refusal.problems[0]
            raise CommandError(f"{problem.path} {problem.message}") from None
    return f"{name} {member.organization_id}, admin {admin}: `manage.py token {admin}`"
