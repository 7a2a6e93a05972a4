"""The settings of a command, with the addresses of embedded engines where none are set."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commands.reaching import check_database
from commands.signals import run
from engines import Engine, InUse, started
from settings import Settings


@contextlib.contextmanager
def resolved_settings(
    settings: Settings, *, valkey: bool = True, serving: bool = False, migrated: bool = True
) -> Iterator[tuple[Settings, list[Engine]]]:
    """Give settings with every address and secret, and the engines that this command started.

    A missing address is that of the engines which `up` runs on the data folder, else of our own.
    Raises CommandError if PostgreSQL does not answer, or has not all migrations where the command
    wants it `migrated`; InUse if `serving` finds a running `up`.
    """
    postgres, valkey = settings.database_url is None, valkey and settings.redis_url is None
    with contextlib.ExitStack() as running:
        engines: list[Engine] = []
        if postgres or valkey:
            try:
                own = running.enter_context(
                    started(settings.data, postgres=postgres, valkey=valkey, serving=serving)
                )
            except InUse as busy:
                if serving:
                    raise
                urls = busy.urls
            else:
                urls = own.urls
                engines = [own.postgres] * postgres + [own.valkey] * valkey
            settings = completed(settings, urls)
        run(check_database(settings, migrated=migrated))
        yield settings, engines


def completed(settings: Settings, urls: tuple[str, str]) -> Settings:
    """Return the settings with the embedded engines' addresses and secret in empty places."""
    values: dict[str, Any] = {"redis_url": settings.redis_url or urls[1]}
    if settings.database_url is None:
        values["database_url"] = urls[0]
        values["secret"] = settings.secret or kept_secret(settings.data / "secret")
    return settings.model_copy(update=values)


def kept_secret(path: Path) -> str:
    """Return the secret in this file. The first call creates it."""
    if not path.exists():
        part = path.with_name(f"secret.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(secrets.token_hex(32))
        part.rename(path)
    return path.read_text().strip()
