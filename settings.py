"""The environment, read once and checked; a wrong value stops the start with one line."""

import difflib
import os
import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from addresses import SCHEMES, STANDBY, check_postgres, check_valkey

PREFIX = "SEAPOOL_"
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
SHORTEST_SECRET = 32
LINK = re.compile(
    r"https?://[\w.~:/?#@!$&'*+,;=%-]+\{customerId\}[\w.~:/?#@!$&'*+,;=%-]*", re.ASCII
)
# Settings whose value no message shows.
SECRETS = ("secret", "database_url", "database_direct_url", "replica_url", "redis_url", "smtp_url")


class SettingsError(Exception):
    """One line: what is wrong with the environment, and what to do."""


def _url(*schemes: str) -> AfterValidator:
    def check(value: str | None) -> str | None:
        if value is not None and not value.startswith(tuple(f"{s}://" for s in schemes)):
            raise ValueError("must begin with " + " or ".join(f"{s}://" for s in schemes))
        return value

    return AfterValidator(check)


POSTGRES = _url("postgresql", "postgres")


def _checked(check: Callable[..., str], *values: Any) -> AfterValidator:
    return AfterValidator(lambda value: value and check(value, *values))


def _long_enough(value: str | None) -> str | None:
    if value is not None and len(value.encode()) < SHORTEST_SECRET:
        raise ValueError(
            f"must have at least {SHORTEST_SECRET} bytes: `openssl rand -hex 32` makes one"
        )
    return value


def _link(value: str | None) -> str | None:
    if value is not None and not LINK.fullmatch(value):
        raise ValueError("must be an address such as https://crm.example/customers/{customerId}")
    return value


def _sender(value: str | None) -> str | None:
    if value is not None and "@" not in parseaddr(value)[1]:
        raise ValueError("must be an address such as Seapool <seapool@crm.example>")
    return value


def check_share(value: str) -> str:
    number, _, parts = value.partition("/")
    if not (number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise ValueError("must be a share such as 1/4, the first of four")
    return value


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class Settings(BaseSettings):
    """Each field is the environment's SEAPOOL_ and its name; docs/settings.md explains each."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    data: Path = Path("data")
    database_url: Annotated[str | None, POSTGRES, _checked(check_postgres)] = None
    database_direct_url: Annotated[str | None, POSTGRES, _checked(check_postgres)] = Field(
        None, repr=False
    )
    replica_url: Annotated[str | None, POSTGRES, _checked(check_postgres, STANDBY)] = Field(
        None, repr=False
    )
    redis_url: Annotated[str | None, _url(*SCHEMES), _checked(check_valkey)] = None
    pool_size: int = Field(20, ge=2, le=500)
    secret: Annotated[str | None, AfterValidator(_long_enough)] = Field(None, repr=False)
    jwks_url: Annotated[str | None, _url("https", "http")] = None
    issuer: str = "seapool"
    audience: str = "seapool"
    member_claim: str = "sub"
    organization_claim: str = "org"
    allowed_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = ()
    connections: int = Field(10_000, ge=100, le=1_000_000)
    connections_per_address: int = Field(1_000, ge=10, le=1_000_000)
    connections_per_member: int = Field(10, ge=1, le=1_000)
    subscriptions_per_member: int = Field(20, ge=1, le=1_000)
    webhooks_to_private_addresses: bool = False
    trusted_documents: Path | None = None
    smtp_url: Annotated[str | None, _url("smtp", "smtps")] = Field(None, repr=False)
    smtp_from: Annotated[str | None, AfterValidator(_sender)] = None
    link_template: Annotated[str | None, AfterValidator(_link)] = None
    member_budget: int = Field(12_000_000, ge=1_000)
    organization_budget: int = Field(60_000_000, ge=1_000)
    console: bool = True
    demo: bool = True
    graphiql: bool = False
    oidc_issuer: Annotated[str | None, _url("https", "http")] = None
    oidc_client_id: str | None = None
    oidc_scope: str = "openid"
    oidc_resource: str | None = None
    share: Annotated[str | None, _checked(check_share)] = None
    metrics_port: int | None = Field(None, ge=1, le=65535)
    log_level: Annotated[Level, BeforeValidator(lambda value: str(value).upper())] = "INFO"

    @classmethod
    def load(cls) -> Self:
        _refuse_unknown_names(cls)
        try:
            settings = cls()
        except ValidationError as error:
            raise SettingsError(_first_problem(error)) from None
        return settings.model_copy(update={"data": settings.data.expanduser().absolute()})

    @model_validator(mode="after")
    def _can_check_tokens(self) -> Self:
        if self.database_url and not (self.secret or self.jwks_url):
            raise ValueError(
                "SEAPOOL_SECRET (or SEAPOOL_JWKS_URL) is required with SEAPOOL_DATABASE_URL:"
                " `export SEAPOOL_SECRET=$(openssl rand -hex 32)`, the same for every process"
            )
        return self

    @property
    def direct_url(self) -> str:
        """Where PostgreSQL itself is, not a pooler in front of it."""
        return self.database_direct_url or self.database_url or ""

    @model_validator(mode="after")
    def _has_a_primary(self) -> Self:
        for name in ("replica_url", "database_direct_url"):
            if getattr(self, name) and not self.database_url:
                raise ValueError(f"{PREFIX}{name.upper()} needs SEAPOOL_DATABASE_URL")
        return self

    @model_validator(mode="after")
    def _can_send_mail(self) -> Self:
        if self.smtp_url and not self.smtp_from:
            raise ValueError("SEAPOOL_SMTP_URL needs SEAPOOL_SMTP_FROM, the sender's address")
        return self

    @model_validator(mode="after")
    def _can_check_tokens_of_sign_in(self) -> Self:
        """Without these, people would sign in and then be strangers."""
        if self.oidc_issuer and not (self.oidc_client_id and self.jwks_url):
            raise ValueError(
                "SEAPOOL_OIDC_ISSUER needs SEAPOOL_OIDC_CLIENT_ID, and SEAPOOL_JWKS_URL with the"
                " issuer's keys: the jwks_uri of its /.well-known/openid-configuration"
            )
        if self.oidc_issuer and "issuer" not in self.model_fields_set:
            raise ValueError(
                "SEAPOOL_OIDC_ISSUER needs SEAPOOL_ISSUER, the `iss` of its tokens:"
                f" most often {self.oidc_issuer}"
            )
        return self


def _refuse_unknown_names(cls: type[Settings]) -> None:
    known = [PREFIX + name.upper() for name in cls.model_fields]
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
            raise SettingsError(f"{name} is not a setting: {hint}")


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return message
    field = str(problem["loc"][0])
    shown = "" if field in SECRETS else f"={problem['input']}"
    return f"{PREFIX}{field.upper()}{shown}: {message[0].lower()}{message[1:]}"
