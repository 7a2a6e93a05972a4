import json
import subprocess
import sys

import pytest

from settings import Settings, SettingsError
from tests.support.running import ROOT, clean_environment

LONG = "x" * 32


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    return monkeypatch


def test_nothing_set_means_the_embedded_engines_on_port_8000(
    environment: pytest.MonkeyPatch,
) -> None:
    settings = Settings.load()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url is None
    assert settings.redis_url is None
    assert settings.secret is None
    assert settings.data.is_absolute()
    assert settings.graphiql is False
    assert (settings.console, settings.demo, settings.oidc_issuer) == (True, True, None)


def test_an_empty_value_is_no_value(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SEAPOOL_JWKS_URL", "")
    assert Settings.load().jwks_url is None


def test_origins_are_separated_by_commas(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SEAPOOL_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    assert Settings.load().allowed_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "SEAPOOL_PORT=abc: input should be a valid integer"),
        ("PORT", "70000", "SEAPOOL_PORT=70000: input should be less than or equal to 65535"),
        ("PROT", "8000", "SEAPOOL_PROT is not a setting: did you mean SEAPOOL_PORT?"),
        ("LOG_LEVEL", "loud", "SEAPOOL_LOG_LEVEL=LOUD: input should be 'DEBUG', 'INFO'"),
        ("REDIS_URL", "localhost:6379", "SEAPOOL_REDIS_URL: must begin with redis://"),
        ("JWKS_URL", "keys.json", "SEAPOOL_JWKS_URL=keys.json: must begin with https://"),
        ("DATABASE_URL", "mysql://x:pass@y/z", "SEAPOOL_DATABASE_URL: must begin with postgresql"),
        ("DATABASE_DIRECT_URL", "postgresql://x/y", "SEAPOOL_DATABASE_DIRECT_URL needs SEAPOOL_DA"),
        ("REPLICA_URL", "postgresql://x/y", "SEAPOOL_REPLICA_URL needs SEAPOOL_DATABASE_URL"),
        ("DATABASE_URL", "postgresql://x/y", "SEAPOOL_SECRET (or SEAPOOL_JWKS_URL) is required"),
        ("SMTP_URL", "mail:telling", "SEAPOOL_SMTP_URL: must begin with smtp:// or smtps://"),
        ("SMTP_URL", "smtp://x:pass@y", "SEAPOOL_SMTP_URL needs SEAPOOL_SMTP_FROM"),
        ("SMTP_FROM", "Seapool", "SEAPOOL_SMTP_FROM=Seapool: must be an address such as Seapool <"),
        ("LINK_TEMPLATE", "https://crm.example/", "SEAPOOL_LINK_TEMPLATE=https://crm.example/: mu"),
        ("SHARE", "0/4", "SEAPOOL_SHARE=0/4: must be a share such as 1/4, the first of four"),
        ("SHARE", "5/4", "SEAPOOL_SHARE=5/4: must be a share such as 1/4, the first of four"),
        ("SHARE", "half", "SEAPOOL_SHARE=half: must be a share such as 1/4, the first of four"),
        ("SECRET", "short-and-telling", "SEAPOOL_SECRET: must have at least 32 bytes"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(f"SEAPOOL_{name}", value)
    with pytest.raises(SettingsError) as error:
        Settings.load()
    line = str(error.value)
    assert line.startswith(said)
    assert "\n" not in line
    assert "pass@" not in line
    assert "telling" not in line


@pytest.mark.parametrize("other", ["SECRET", "JWKS_URL"])
def test_a_database_of_ones_own_needs_a_secret_or_keys(
    environment: pytest.MonkeyPatch, other: str
) -> None:
    environment.setenv("SEAPOOL_DATABASE_URL", "postgresql://db/seapool")
    environment.setenv(f"SEAPOOL_{other}", {"SECRET": LONG, "JWKS_URL": "https://x/keys"}[other])
    assert Settings.load().database_url == "postgresql://db/seapool"


def test_a_sign_in_by_oidc_needs_what_checks_its_tokens(environment: pytest.MonkeyPatch) -> None:
    said = {}
    for name, value in {
        "OIDC_ISSUER": "https://login.example",
        "OIDC_CLIENT_ID": "console",
        "JWKS_URL": "https://login.example/keys",
        "ISSUER": "https://login.example",
    }.items():
        environment.setenv(f"SEAPOOL_{name}", value)
        try:
            said[name] = Settings.load().oidc_client_id or ""
        except SettingsError as error:
            said[name] = str(error).partition(":")[0]
    needs = "SEAPOOL_OIDC_ISSUER needs"
    keys = f"{needs} SEAPOOL_OIDC_CLIENT_ID, and SEAPOOL_JWKS_URL with the issuer's keys"
    assert said == {
        "OIDC_ISSUER": keys,
        "OIDC_CLIENT_ID": keys,
        "JWKS_URL": f"{needs} SEAPOOL_ISSUER, the `iss` of its tokens",
        "ISSUER": "console",
    }


def test_the_secret_is_in_no_representation(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SEAPOOL_SECRET", LONG)
    environment.setenv("SEAPOOL_SMTP_URL", "smtp://seapool:telling@mail")
    environment.setenv("SEAPOOL_SMTP_FROM", "seapool@crm.example")
    assert LONG not in repr(Settings.load())
    assert "telling" not in repr(Settings.load())


def test_logs_are_json_lines_libraries_too() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import logging, structlog, commands.logs, settings\n"
            "commands.logs.configure_logging(settings.Settings.load())\n"
            "structlog.contextvars.bind_contextvars(request_id='r1')\n"
            "structlog.get_logger('ours').info('claimed', customer='示范')\n"
            "logging.getLogger('uvicorn.error').warning('slow %s', 7)\n"
            "logging.getLogger('x').debug('not shown')\n",
        ],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    ours, theirs = map(json.loads, said.stdout.splitlines())
    assert (ours["event"], ours["customer"], ours["request_id"]) == ("claimed", "示范", "r1")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == (
        "slow 7",
        "warning",
        "uvicorn.error",
    )
    assert ours["timestamp"].endswith("Z")
