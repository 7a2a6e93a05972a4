"""`manage.py up`, as a user of `make up` meets it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import psutil
import pytest
import pytest_asyncio

from models import demo
from models.database.connection import credentials
from tests.support.running import ROOT, clean_environment, free_port, short_folder
from tests.support.supervised import Up, gone, ready, running, until

# About 1.5 on an idle machine; a busy one must not fail the test.
SECOND_START_SECONDS = 20


def graphql(up: Up, token: str, query: str) -> Any:
    return httpx2.post(
        f"{up.url}/graphql",
        json={"query": query},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
        trust_env=False,
    ).json()


async def count(up: Up, sql: str) -> int:
    state = json.loads((up.data / "engines.json").read_text())
    connection = await asyncpg.connect(**credentials(state["urls"][0]))
    try:
        return int(await connection.fetchval(sql))
    finally:
        await connection.close()


@pytest.fixture
def data() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "data"


@pytest_asyncio.fixture
async def up(data: Path) -> AsyncIterator[Up]:
    with running(data) as up:
        yield up


@pytest_asyncio.fixture(scope="module")
async def lasting_up() -> AsyncIterator[Up]:
    """One for all tests that leave it running."""
    with short_folder() as folder, running(folder / "data") as up:
        yield up


def test_it_prints_the_address_and_a_working_token_of_each_person(lasting_up: Up) -> None:
    up = lasting_up
    assert f"Seapool is ready: {up.url}/graphql\n" in up.output
    tokens = dict(re.findall(r"(\S+@\S+)\s+[A-Z]+\s+(eyJ[\w.-]+)$", up.output, re.M))
    assert tuple(tokens) == demo.PEOPLE
    for email, token in tokens.items():
        assert graphql(up, token, "{ viewer { email } }") == {"data": {"viewer": {"email": email}}}


def test_the_curl_line_claims_a_customer_when_pasted(lasting_up: Up) -> None:
    lines = [line for line in lasting_up.output.splitlines() if line.startswith("curl ")]
    assert len(lines) == 1
    done = subprocess.run(["bash", "-c", lines[0]], capture_output=True, text=True, check=True)
    claimed = json.loads(done.stdout)["data"]["claimCustomer"]
    assert claimed["__typename"] == "Claimed"
    assert "*" not in claimed["customer"]["contact"]["phone"]


async def test_a_second_start_is_quick_and_has_the_data_of_the_first(data: Path) -> None:
    customers = "SELECT count(*) FROM customer"
    with running(data) as up:
        first = await count(up, customers)
        assert first >= 300
        assert "Seeding the demo" in up.output
    with running(data) as up:
        assert up.took < SECOND_START_SECONDS
        assert await count(up, customers) == first
        assert "Seeding" not in up.output
        assert up.output.count("sales1@demo.test") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(up: Up, number: signal.Signals) -> None:
    processes = up.everything()
    assert len(processes) > 6
    sockets = Path(json.loads((up.data / "engines.json").read_text())["sockets"])
    up.process.send_signal(number)
    assert up.process.wait(15) == 0
    assert gone(processes)
    assert not sockets.exists()


@pytest.mark.parametrize("moment", ["Starting PostgreSQL", "Migrating", "Seeding", "Starting the"])
def test_a_signal_during_the_start_leaves_nothing(data: Path, moment: str) -> None:
    log = data.with_name("up.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=clean_environment() | {"SEAPOOL_DATA": str(data), "SEAPOOL_PORT": str(free_port())},
            stdout=output,
            stderr=output,
        )
    until(lambda: moment in log.read_text())
    processes = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    assert process.wait(15) == 128 + signal.SIGTERM
    until(lambda: gone(processes))
    assert "Traceback" not in log.read_text()
    with running(data) as up:
        assert ready(up)


@pytest.mark.parametrize("name", ["api", "worker", "postgres", "valkey"])
def test_what_is_killed_is_started_again(lasting_up: Up, name: str) -> None:
    up = lasting_up
    until(lambda: ready(up))
    restarts = up.output.count('"event": "restarted"')
    killed = up.descendants()[name]
    killed.kill()

    def is_another() -> bool:
        found = up.descendants().get(name)
        return found is not None and found.pid != killed.pid

    until(is_another)
    until(lambda: ready(up))
    assert up.output.count('"event": "restarted"') > restarts
    token = re.findall(r"sales1@demo.test\s+SALES\s+(\S+)", up.output)[0]
    until(lambda: "data" in graphql(up, token, "{ viewer { name } }"))


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_nothing_outlives_a_killed_supervisor(data: Path) -> None:
    with running(data) as up:
        processes = up.everything()
        up.process.kill()
        up.process.wait()
        until(lambda: gone(processes))
    with running(data) as up:
        assert ready(up)


def test_it_stops_with_the_reason_if_the_api_cannot_start(data: Path) -> None:
    """What the check of the port can't see: a host that this machine does not have."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env=clean_environment() | {"SEAPOOL_DATA": str(data), "SEAPOOL_HOST": "192.0.2.1"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "port 8000 of 192.0.2.1 can't be used" in done.stderr
    assert not data.exists()


def test_ctrl_c_on_a_terminal_through_make_stops_everything(data: Path) -> None:
    """The terminal sends SIGINT to the whole group: make, the supervisor, nobody twice."""
    makefile = data.with_name("Makefile")
    makefile.write_text(f"up:\n\t@exec {sys.executable} manage.py up\n")
    log = data.with_name("make.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "-f", str(makefile), "up"],
            cwd=ROOT,
            env=clean_environment() | {"SEAPOOL_DATA": str(data), "SEAPOOL_PORT": str(free_port())},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    until(lambda: "Ctrl-C" in log.read_text(), 40)
    processes = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(15)
    until(lambda: gone(processes))
    assert "Traceback" not in log.read_text()
