"""Parts of URLs: hosts with ports, parameters, files."""

import os
from collections.abc import Collection, Mapping
from urllib.parse import SplitResult, parse_qsl, unquote

Host = tuple[str, int]


def account(parts: SplitResult) -> tuple[str, str, str]:
    """Return user, password and hosts; the hosts as they are written."""
    both, _, place = parts.netloc.rpartition("@")
    user, _, password = both.partition(":")
    return unquote(user), unquote(password), unquote(place)


def query(parts: SplitResult) -> dict[str, str]:
    return dict(parse_qsl(parts.query, keep_blank_values=True))


def hosts(names: str, ports: str, usual: int) -> tuple[Host, ...]:
    """One port is for all hosts, or there is one for each; a host may name its own."""
    named = names.split(",")
    given = ports.split(",") if ports else [""]
    if len(given) not in (1, len(named)):
        raise ValueError(f"names {len(named)} hosts and {len(given)} ports")
    given = given * len(named) if len(given) == 1 else given
    return tuple(_host(name, port, usual) for name, port in zip(named, given, strict=True))


def _host(name: str, port: str, usual: int) -> Host:
    """Of a name, an address of IPv4, one of IPv6 in brackets or bare, or the folder of a socket."""
    is_bare = name.startswith("/") or (name.count(":") > 1 and not name.startswith("["))
    if not is_bare and not name.endswith("]"):
        name, _, own = name.rpartition(":") if ":" in name else (name, "", "")
        port = port or own
    return name.strip("[]") or "127.0.0.1", _port(port) if port else usual


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise ValueError("must have ports between 1 and 65535")
    return int(text)


def check_names(given: Collection[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise ValueError(f"has no parameter {name}: there are {', '.join(known)}")


def check_files(given: Mapping[str, str], names: Collection[str]) -> None:
    for name in names:
        if name in given and not os.access(given[name], os.R_OK):
            raise ValueError(f"{name} names a file that can't be read: {given[name]}")


def check_choice(given: Mapping[str, str], name: str, choices: Collection[str]) -> None:
    if name in given and given[name] not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}")
