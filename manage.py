"""Seapool's commands. Each reads SEAPOOL_… from the environment (README, Settings)."""

import sys

import typer

from commands.database import distribute, migrate, seed
from commands.dev import dev
from commands.errors import CommandError
from commands.organizations import organization
from commands.sdl import schema
from commands.serve import api, worker
from commands.shell import shell
from commands.signals import end_by_signal
from commands.tokens import token
from commands.up import up
from commands.verify import verify
from engines import EnginesError
from settings import SettingsError

# In the order of --help.
COMMANDS = (
    up,
    dev,
    migrate,
    seed,
    token,
    organization,
    api,
    worker,
    shell,
    verify,
    schema,
    distribute,
)

cli = typer.Typer(
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    cli.command()(command)


def main() -> None:
    end_by_signal()
    try:
        cli()
    except (CommandError, EnginesError, SettingsError) as error:
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
