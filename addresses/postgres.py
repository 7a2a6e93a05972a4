"""What the URL of PostgreSQL says: hosts, TLS, which of the hosts is the right one.

As libpq reads it: https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS.
asyncpg opens a connection to one host with what is read here.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from addresses import parts

PORT = 5432
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
TLS = ("sslmode", *FILES, "sslpassword", "ssl_min_protocol_version", "ssl_max_protocol_version")
KNOWN = ("host", "port", "user", "password", "dbname", "target_session_attrs", *TLS)
# Of Seapool's own database: it writes.
WRITABLE = ("read-write", "primary")
STANDBY = ("standby",)


@dataclass(frozen=True, slots=True)
class Postgres:
    """`target` is libpq's target_session_attrs, `tls` the parameters of that kind."""

    hosts: tuple[parts.Host, ...]
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
    split = urlsplit(url)
    query = {name: value for name, value in parts.query(split).items() if value}
    user, password, place = parts.account(split)
    hosts = parts.hosts(query.get("host") or place, query.get("port", ""), PORT)
    return Postgres(
        hosts=hosts,
        user=user or query.get("user") or "postgres",
        password=password or query.get("password"),
        database=unquote(split.path.lstrip("/")) or query.get("dbname") or "postgres",
        target=query.get("target_session_attrs") or ("read-write" if len(hosts) > 1 else "any"),
        tls={name: query[name] for name in TLS if name in query},
    )


def check_postgres(url: str, targets: Collection[str] = WRITABLE) -> str:
    """Return the URL. Raises ValueError for one that Seapool can't use."""
    query = parts.query(urlsplit(url))
    parts.check_names(query, KNOWN)
    parts.check_choice(query, "target_session_attrs", targets)
    parts.check_choice(query, "sslmode", MODES)
    parts.check_files(query, FILES)
    postgres(url)
    return url
