"""Two PostgreSQL of one cluster, kept by Patroni and etcd: Debian's packages, our PostgreSQL.

`apt-get install patroni etcd-server` brings both.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.failover.ports import free_port
from engines.postgres_files import binaries
from engines.process import die_with_parent
from engines.system_user import postgres_user

# A leader that is silent for so long has lost its place: Patroni takes no less.
TTL_SECONDS = 20
START_SECONDS = 90
DATABASE = {
    "max_connections": 200,
    "fsync": True,
    "log_error_verbosity": "terse",
}


class Missing(Exception):
    """Patroni or etcd is not installed."""


@dataclass
class Node:
    """One machine: Patroni and the PostgreSQL that it runs."""

    name: str
    data: Path
    port: int
    rest_port: int
    process: subprocess.Popen[bytes]

    def role(self) -> str | None:
        """Patroni's word for what it is: master, sync_standby, replica; None without an answer."""
        url = f"http://127.0.0.1:{self.rest_port}/patroni"
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                state: dict[str, Any] = json.load(answer)
        except OSError:
            return None
        if state.get("state") != "running":
            return None
        return "sync_standby" if state.get("sync_standby") else state.get("role")

    def die(self) -> None:
        """All processes of the machine end at once, without a word."""
        postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        os.killpg(self.process.pid, signal.SIGKILL)
        os.kill(postmaster, signal.SIGKILL)
        self.process.wait()


@dataclass
class Cluster:
    nodes: list[Node]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.nodes)
        return f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"

    def with_role(self, *roles: str) -> Node:
        """Return the node with one of these roles, as soon as there is one."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for each in self.nodes:
                if each.role() in roles:
                    return each
            time.sleep(0.1)
        raise AssertionError(f"no node became {roles}: {[each.role() for each in self.nodes]}")


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A primary and its synchronous standby. The folder is one that PostgreSQL's user may enter."""
    for needed in ("etcd", "patroni"):
        if shutil.which(needed) is None:
            raise Missing(f"{needed} is missing: apt-get install patroni etcd-server")
    own = folder / "machines"
    own.mkdir(mode=0o700)
    if user := postgres_user():
        os.chown(own, user.uid, user.gid)
    with contextlib.ExitStack() as running:
        client, peer = free_port(), free_port()
        running.enter_context(_process(own, "etcd", _etcd(own, client, peer)))
        nodes = []
        for name in ("one", "two"):
            port, rest_port, settings = free_port(), free_port(), own / f"{name}.yml"
            settings.write_text(json.dumps(_settings(own, name, port, rest_port, client)))
            process = running.enter_context(_process(own, name, ["patroni", str(settings)]))
            nodes.append(Node(name, own / name, port, rest_port, process))
            running.callback(_end, nodes[-1])
            if name == "one":
                Cluster(nodes).with_role("master", "primary")
        made = Cluster(nodes)
        made.with_role("sync_standby")
        yield made


def _etcd(folder: Path, client: int, peer: int) -> list[str]:
    here = f"http://127.0.0.1:{client}"
    there = f"http://127.0.0.1:{peer}"
    return [
        *("etcd", "--data-dir", str(folder / "etcd"), "--log-level", "error"),
        *("--listen-client-urls", here, "--advertise-client-urls", here),
        *("--listen-peer-urls", there, "--initial-advertise-peer-urls", there),
        *("--initial-cluster", f"default={there}"),
    ]


def _end(node: Node) -> None:
    """PostgreSQL is in a session of its own: it would outlive Patroni."""
    with contextlib.suppress(OSError):
        node.die()


def _settings(folder: Path, name: str, port: int, rest_port: int, etcd: int) -> dict[str, Any]:
    """Patroni's; JSON is YAML."""
    rest, own = f"127.0.0.1:{rest_port}", f"127.0.0.1:{port}"
    common = {"ttl": TTL_SECONDS, "loop_wait": 2, "retry_timeout": 3}
    return {
        "scope": "seapool",
        "name": name,
        "restapi": {"listen": rest, "connect_address": rest},
        "etcd3": {"host": f"127.0.0.1:{etcd}"},
        "bootstrap": {
            "dcs": common | {"synchronous_mode": True, "postgresql": {"parameters": DATABASE}},
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "trust"}],
        },
        "postgresql": {
            "listen": own,
            "connect_address": own,
            "data_dir": str(folder / name),
            "bin_dir": str(binaries(postgres_user())),
            "pgpass": str(folder / f"{name}.pgpass"),
            "authentication": {
                "superuser": {"username": "postgres", "password": "only here"},
                "replication": {"username": "follower", "password": "only here"},
            },
            "parameters": {"unix_socket_directories": str(folder)},
            "pg_hba": [
                "host replication all 127.0.0.1/32 trust",
                "local all all trust",
                "host all all 127.0.0.1/32 trust",
            ],
        },
    }


@contextlib.contextmanager
def _process(folder: Path, name: str, command: list[str]) -> "Iterator[subprocess.Popen[bytes]]":
    user = postgres_user()
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),
            **(user.popen_user() if user else {}),
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
