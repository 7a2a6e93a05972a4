"""Bearer tokens of members."""

from typing import Annotated, Any

import typer

from commands.environment import resolved_settings
from commands.errors import CommandError
from commands.signals import run
from settings import Settings


def token(
    email: str,
    organization: Annotated[
        str | None, typer.Option(help="Name or id, where the email exists in several.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is valid.")] = 30,
) -> None:
    """Print a bearer token of a member, signed with SEAPOOL_SECRET."""
    with resolved_settings(Settings.load(), valkey=False) as (settings, _):
        member = run(find_member_once(settings, email, organization))
        typer.echo(sign(settings, member["id"], member["organization_id"], days=days))


async def find_member_once(
    settings: Settings, email: str, organization: str | None
) -> dict[str, Any]:
    from models import database

    async with database.connected(settings):
        return await find_member(email, organization)


async def find_member(email: str, organization: str | None = None) -> dict[str, Any]:
    """Return id and organization_id of the active member with this email.

    Raises CommandError if there is none, or several without an `organization` (name or id).
    """
    from models.organizations import members

    found = await members.by_email(email, organization)
    if not found:
        raise CommandError(f"no active member has the email {email}")
    if len(found) > 1:
        names = ", ".join(row["name"] for row in found)
        raise CommandError(f"{email} is in {names}: choose one with --organization")
    return found[0]


def sign(settings: Settings, member: object, organization: object, *, days: float = 30) -> str:
    """Return a JWT for the member. Raises CommandError without SEAPOOL_SECRET."""
    from schema.execution.tokens import signing

    if settings.secret is None:
        raise CommandError(
            "SEAPOOL_SECRET is not set: get a token from the service behind SEAPOOL_JWKS_URL"
        )
    return signing.sign(settings.secret, member, organization, settings, days=days)
