"""What the URL of PostgreSQL says: hosts, TLS, which of the hosts is the right one.

As libpq reads it: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS.
asyncpg opens a connection to one host with what is read here.
"""

import os
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

PORT = 5432
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
TLS = ("sslmode", *FILES, "sslpassword", "ssl_min_protocol_version", "ssl_max_protocol_version")
# Of Seapool's own database: it writes.
WRITABLE = ("read-write", "primary")
KNOWN = ("host", "port", "user", "password", "dbname", "target_session_attrs", *TLS)


@dataclass(frozen=True, slots=True)
class Postgres:
    """`target` is libpq's target_session_attrs, `tls` the parameters of that kind."""

    hosts: tuple[tuple[str, int], ...]
    user: str
    password: str | None = field(repr=False)
    database: str
    target: str
    tls: dict[str, str] = field(repr=False)

    @property
    def shown(self) -> str:
        """Hosts and database, for people and as a key."""
        return f"{','.join(f'{host}:{port}' for host, port in self.hosts)}/{self.database}"

    @property
    def options(self) -> dict[str, Any]:
        """asyncpg's arguments for any of the hosts."""
        found: dict[str, Any] = {
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "target_session_attrs": self.target,
        }
        # Its files are read at each connection: a certificate that was renewed holds.
        return found | ({"dsn": f"postgresql:///?{urlencode(self.tls)}"} if self.tls else {})


def postgres(url: str) -> Postgres:
    """Raises ValueError, which says what is wrong without saying the password."""
    parts = urlsplit(url)
    query = {name: value for name, value in parse_qsl(parts.query) if value}
    account, _, place = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    password = unquote(password) or query.get("password", "")
    hosts = _hosts(query.get("host") or unquote(place), query.get("port", ""))
    return Postgres(
        hosts=hosts,
        user=unquote(user) or query.get("user") or "postgres",
        password=password or None,
        database=unquote(parts.path.lstrip("/")) or query.get("dbname") or "postgres",
        target=query.get("target_session_attrs") or ("read-write" if len(hosts) > 1 else "any"),
        tls={name: query[name] for name in TLS if name in query},
    )


def check_postgres(url: str) -> str:
    """Return the URL. Raises ValueError for one that Seapool can't use as its database."""
    found = postgres(url)
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    for name in query:
        if name not in KNOWN:
            raise ValueError(f"has no parameter {name}: there are {', '.join(KNOWN)}")
    if "target_session_attrs" in query and found.target not in WRITABLE:
        raise ValueError(f"target_session_attrs must be {' or '.join(WRITABLE)}: Seapool writes")
    if found.tls.get("sslmode", MODES[0]) not in MODES:
        raise ValueError(f"sslmode must be {', '.join(MODES[:-1])} or {MODES[-1]}")
    for name in FILES:
        if name in found.tls and not os.access(found.tls[name], os.R_OK):
            raise ValueError(f"{name} names a file that can't be read: {found.tls[name]}")
    return url


def _hosts(hosts: str, ports: str) -> tuple[tuple[str, int], ...]:
    """One port is for all hosts, or there is one for each; a host may name its own."""
    named = hosts.split(",")
    given = ports.split(",") if ports else [""]
    if len(given) not in (1, len(named)):
        raise ValueError(f"names {len(named)} hosts and {len(given)} ports")
    given = given * len(named) if len(given) == 1 else given
    return tuple(_host(name, port) for name, port in zip(named, given, strict=True))


def _host(name: str, port: str) -> tuple[str, int]:
    """Of a name, an address of IPv4, one of IPv6 in brackets or bare, or the folder of a socket."""
    is_bare = name.startswith("/") or (name.count(":") > 1 and not name.startswith("["))
    if not is_bare and not name.endswith("]"):
        name, _, own = name.rpartition(":") if ":" in name else (name, "", "")
        port = port or own
    return name.strip("[]") or "127.0.0.1", _port(port)


def _port(text: str) -> int:
    if not text:
        return PORT
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise ValueError("must have ports between 1 and 65535")
    return int(text)
