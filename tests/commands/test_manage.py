import os
import re
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

import engines as embedded
from commands.tokens import sign
from engines.child import environment_of
from models import database as databases
from models.organizations.founding import create_organization
from settings import Settings
from tests.support import commands
from tests.support.running import ROOT, clean_environment, free_port, short_folder


def run(
    *arguments: str, settings: Settings | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    known = environment_of(settings) if settings else {}
    return commands.run(arguments, clean_environment() | known | environment)


@pytest.fixture
def data() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that says why."""
    assert done.returncode in (1, 2), done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_help_names_every_command() -> None:
    shown = run("--help").stdout
    named = re.findall(r"^│ (\w+) ", shown, re.M)
    assert named == [
        "up",
        "dev",
        "migrate",
        "seed",
        "token",
        "organization",
        "api",
        "worker",
        "shell",
        "verify",
        "schema",
        "distribute",
    ]


def test_help_is_quick_as_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, manage\n"
        "print(sorted({'strawberry', 'tortoise', 'uvicorn', 'arq', 'asyncpg'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_schema_prints_the_sdl() -> None:
    shown = run("schema").stdout
    assert "type Query {" in shown
    assert "claimCustomer(" in shown


async def test_token_prints_only_the_token(settings: Settings, database: None) -> None:
    admin = await create_organization("示范", "Admin@x.example", "Asia/Shanghai")
    done = run("token", "admin@X.example", "--days", "2", settings=settings)
    assert done.stderr == ""
    token = done.stdout.removesuffix("\n")
    claims = jwt.decode(token, OctKey.import_key(settings.secret or "")).claims
    assert claims["sub"] == str(admin.id)
    assert claims["org"] == str(admin.organization_id)
    assert (claims["iss"], claims["aud"]) == ("seapool", "seapool")
    assert claims["exp"] - claims["iat"] == 2 * 86_400
    assert abs(claims["iat"] - time.time()) < 60


async def test_an_email_in_two_organizations_asks_which(settings: Settings, database: None) -> None:
    first = await create_organization("一", "a@x.example", "Asia/Shanghai")
    second = await create_organization("二", "a@x.example", "Asia/Shanghai")
    line = refused(run("token", "a@x.example", settings=settings))
    assert "choose one with --organization" in line
    for organization, member in (("一", first), (str(second.organization_id), second)):
        done = run("token", "a@x.example", "--organization", organization, settings=settings)
        decoded = jwt.decode(done.stdout.strip(), OctKey.import_key(settings.secret or ""))
        assert decoded.claims["sub"] == str(member.id)


async def test_a_token_of_nobody_is_refused(settings: Settings, database: None) -> None:
    line = refused(run("token", "nobody@x.example", settings=settings))
    assert line == "manage.py: no active member has the email nobody@x.example\n"


def test_without_a_secret_the_service_of_the_keys_signs() -> None:
    settings = Settings(database_url="postgresql://x/y", jwks_url="https://x.example/keys")
    with pytest.raises(Exception, match="get a token from the service behind SEAPOOL_JWKS_URL"):
        sign(settings, "m", "o")


async def test_organization_is_made_with_its_first_admin(
    settings: Settings, database: None
) -> None:
    done = run("organization", "蓝海", "--admin", "a@x.example", settings=settings)
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = await databases.rows(
        "SELECT o.id::text, o.name, o.time_zone, m.email, m.role FROM organization o"
        " JOIN member m ON m.organization_id = o.id"
    )
    assert made.pop("id") in done.stdout
    assert made == {
        "name": "蓝海",
        "time_zone": "Asia/Shanghai",
        "email": "a@x.example",
        "role": "ADMIN",
    }
    assert "manage.py token a@x.example" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("蓝海", "--admin", "no-email"), "admin must be an email address"),
        (
            ("蓝海", "--admin", "a@x.cn", "--time-zone", "Mars/One"),
            "time-zone must be an IANA zone",
        ),
        ((" ", "--admin", "a@x.cn"), "name must have 1 to 100 characters"),
    ],
)
def test_a_wrong_organization_is_refused(
    settings: Settings, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(run("organization", *arguments, settings=settings))


async def test_migrate_and_seed_can_be_repeated(
    engines: embedded.Engines, settings: Settings, database: None
) -> None:
    for _ in range(2):
        assert run("migrate", settings=settings).returncode == 0
    first, second = (run("seed", settings=settings) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "Seeded" in first.stdout
    assert second.stdout == ""
    rows = await databases.rows("SELECT count(*) AS n FROM organization")
    assert rows == [{"n": 2}]


@pytest.mark.parametrize("command", ["api", "worker", "seed", "token", "verify", "distribute"])
async def test_a_database_without_the_newest_migrations_is_told_in_one_line(
    command: str, settings: Settings, database: None
) -> None:
    await databases.rows("DELETE FROM tortoise_migrations WHERE name > '0030'")
    arguments = ["a@x.example"] if command == "token" else []
    line = refused(run(command, *arguments, settings=settings, SEAPOOL_PORT=str(free_port())))
    assert "lacks" in line
    assert "run `manage.py migrate` first" in line


async def test_a_database_without_citus_is_told_in_one_line(settings: Settings) -> None:
    line = refused(run("distribute", settings=settings))
    assert line.startswith("manage.py: this database has no Citus: ")


def test_a_database_that_was_never_migrated_is_told_in_one_line(data: Path) -> None:
    line = refused(run("token", "a@x.example", SEAPOOL_DATA=str(data)))
    assert "from 0001_" in line


def test_commands_without_addresses_use_the_engines_of_the_folder(data: Path) -> None:
    where: Any = {"SEAPOOL_DATA": str(data)}
    assert run("migrate", **where).returncode == 0
    assert run("organization", "蓝海", "--admin", "a@x.example", **where).returncode == 0
    secret = data / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text()) == 64
    kept = secret.read_text()
    token = run("token", "a@x.example", **where).stdout.strip()
    assert jwt.decode(token, OctKey.import_key(kept)).claims["iss"] == "seapool"
    # While another process keeps the engines, its are used.
    with embedded.started(data, serving=True):
        assert run("token", "a@x.example", **where).stdout.count(".") == 2
    assert (data / "engines.json").read_text() == ""


@pytest.mark.parametrize("command", ["up", "api"])
def test_a_taken_port_is_told_before_anything_starts(command: str, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = refused(run(command, SEAPOOL_PORT=port, SEAPOOL_DATA=str(data)))
    assert f"port {port} of 127.0.0.1 can't be used (Address already in use)" in line
    assert "set SEAPOOL_PORT to a free one" in line
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("command", ["up", "api", "worker", "migrate", "seed", "token"])
def test_an_unreachable_database_is_told_without_its_password(command: str, data: Path) -> None:
    arguments = ["a@x.example"] if command == "token" else []
    line = refused(
        run(
            command,
            *arguments,
            SEAPOOL_DATABASE_URL=f"postgresql://u:hidden@127.0.0.1:{free_port()}/x",
            SEAPOOL_REDIS_URL="redis://127.0.0.1:1/0",
            SEAPOOL_SECRET="x" * 32,
            SEAPOOL_PORT=str(free_port()),
            SEAPOOL_DATA=str(data),
        )
    )
    assert "PostgreSQL at 127.0.0.1:" in line
    assert "correct SEAPOOL_DATABASE_URL" in line
    assert "hidden" not in line


@pytest.mark.parametrize("command", ["up", "api", "worker", "migrate"])
def test_a_wrong_value_is_told_in_one_line(command: str) -> None:
    assert "SEAPOOL_PORT=abc: input should be" in refused(run(command, SEAPOOL_PORT="abc"))


def test_a_folder_that_cannot_be_written_is_told_in_one_line(data: Path) -> None:
    (data / "file").write_text("")
    where = str(data / "file" / "data")
    line = refused(run("up", SEAPOOL_DATA=where, SEAPOOL_PORT=str(free_port())))
    assert f"SEAPOOL_DATA={where} can't be written (Not a directory)" in line


def test_a_second_up_on_a_folder_is_refused(data: Path) -> None:
    with embedded.started(data, serving=True):
        line = refused(run("up", SEAPOOL_DATA=str(data), SEAPOOL_PORT=str(free_port())))
    assert f"Seapool already runs on {data} (process {os.getpid()}): stop it first" in line
