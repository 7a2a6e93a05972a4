"""What the URL of Valkey says: one server, or Sentinels that know which server is the master.

redis-py reads `redis://`, `rediss://` and `unix://` itself; `sentinel://` and, with TLS,
`sentinels://` are of this form: `sentinel://user:password@host:26379,host:26379/service?db=0`.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from addresses import parts

PORT = 26379
SCHEMES = ("redis", "rediss", "unix", "sentinel", "sentinels")
ENCRYPTED = ("rediss", "sentinels")
FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
TLS = (*FILES, "ssl_cert_reqs", "ssl_check_hostname")
OF_SENTINELS = ("sentinel_username", "sentinel_password")
# What redis-py takes of a URL besides.
OF_SERVER = ("max_connections", "socket_timeout", "socket_keepalive", "health_check_interval")
YES_OR_NO = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Server:
    """`tls` holds redis-py's arguments that the URL leaves open."""

    url: str = field(repr=False)
    tls: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sentinels:
    """`of_master` and `of_sentinels` are redis-py's arguments for connections to each kind."""

    hosts: tuple[parts.Host, ...]
    service: str
    of_master: dict[str, Any] = field(repr=False)
    of_sentinels: dict[str, Any] = field(repr=False)


def valkey(url: str) -> Server | Sentinels:
    """Raises ValueError, which says what is wrong without saying a password."""
    split = urlsplit(url)
    query = parts.query(split)
    if not split.scheme.startswith("sentinel"):
        is_left_open = split.scheme in ENCRYPTED and "ssl_check_hostname" not in query
        return Server(url, _hostname_checked(query) if is_left_open else {})
    user, password, place = parts.account(split)
    tls = _tls(query) if split.scheme in ENCRYPTED else {}
    names = ("username", "password")
    own = {"username": user or query.get("username"), "password": password or query.get("password")}
    return Sentinels(
        hosts=parts.hosts(place, "", PORT),
        service=unquote(split.path.strip("/")),
        of_master={"db": int(query.get("db") or 0)} | own | tls,
        of_sentinels={name: query.get(f"sentinel_{name}") for name in names} | tls,
    )


def check_valkey(url: str) -> str:
    """Return the URL. Raises ValueError for one that Seapool can't use."""
    split = urlsplit(url)
    query = parts.query(split)
    is_sentinel = split.scheme.startswith("sentinel")
    own = OF_SENTINELS if is_sentinel else OF_SERVER
    if split.scheme not in ENCRYPTED and any(name in query for name in TLS):
        raise ValueError("has parameters of TLS, but is not rediss:// or sentinels://")
    parts.check_names(query, ("db", "username", "password", *own, *TLS))
    parts.check_choice(query, "ssl_cert_reqs", ("required", "optional", "none"))
    parts.check_choice(query, "ssl_check_hostname", YES_OR_NO)
    parts.check_files(query, FILES)
    if not query.get("db", "0").isdecimal():
        raise ValueError("db must be a number")
    if is_sentinel and not split.path.strip("/"):
        raise ValueError("must name the service: sentinel://host:26379,host:26379/service")
    if split.scheme != "unix":
        parts.hosts(parts.account(split)[2], "", PORT)
    valkey(url)
    return url


def _tls(query: dict[str, str]) -> dict[str, Any]:
    given = {name: query[name] for name in (*FILES, "ssl_cert_reqs") if query.get(name)}
    return {"ssl": True} | given | _hostname_checked(query)


def _hostname_checked(query: dict[str, str]) -> dict[str, Any]:
    """redis-py takes any host that has a certificate; Seapool only where the URL says so."""
    if query.get("ssl_cert_reqs") == "none":
        return {}
    return {"ssl_check_hostname": YES_OR_NO[query.get("ssl_check_hostname") or "true"]}
