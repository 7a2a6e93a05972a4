"""`manage.py up`, as a user of `make up` meets it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models import demo
from tests.engines.conftest import FirstRun, customers
from tests.support.running import ROOT, clean_environment
from tests.support.supervised import Up, ready, until

# About 1.5 on an idle machine; a busy one must not fail the test.
SECOND_START_SECONDS = 20


def graphql(up: Up, token: str, query: str) -> Any:
    return httpx2.post(
        f"{up.url}/graphql",
        json={"query": query},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
        trust_env=False,
        verify=False,
    ).json()


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


async def test_a_second_start_is_quick_and_has_the_data_of_the_first(
    first_run: FirstRun, lasting_up: Up
) -> None:
    assert first_run.customers >= 300
    assert "Seeding the demo" in first_run.output
    assert lasting_up.took < SECOND_START_SECONDS
    assert await customers(lasting_up) == first_run.customers
    assert "Seeding" not in lasting_up.output
    assert lasting_up.output.count("sales1@demo.test") == 1


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
