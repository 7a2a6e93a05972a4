"""`manage.py up` and `dev` on a copy of the code that has a tiny console."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from models import demo
from tests.support.running import short_folder
from tests.support.supervised import Up, copy_code, ready, running, until

# It installs packages and builds a console.
pytestmark = pytest.mark.timeout(180)


@contextlib.contextmanager
def started(project: Path, command: str, **given: str) -> Iterator[Up]:
    with short_folder() as folder:
        copy_code(folder)
        shutil.copytree(project, folder / "console", symlinks=True)
        with running(folder / "data", command, folder, SEAPOOL_CONSOLE="true", **given) as up:
            until(lambda: ready(up))
            yield up


def test_up_builds_the_console_and_prints_its_address_and_serves_its_demo(project: Path) -> None:
    with started(project, "up") as up:
        assert "Building the console, at the first start and after a change…" in up.output
        assert f"Seapool is ready: {up.url}/\nGraphQL: {up.url}/graphql\n" in up.output
        assert up.get("/").text == "first"
        assert up.get("/console/config.json").json()["demo"] is True
        people = up.get("/console/demo.json").json()["people"]
        assert tuple(person["email"] for person in people) == demo.PEOPLE


def test_a_build_that_fails_leaves_the_api_and_one_line(project: Path) -> None:
    (project / "src" / "main.js").write_text("broken(")
    with started(project, "up", SEAPOOL_DEMO="false") as up:
        (line,) = [each for each in up.output.splitlines() if "not built" in each]
        assert "npm run build failed: src/main.js(1,1): error: broken" in line
        assert f"Seapool is ready: {up.url}/graphql\n" in up.output
        assert up.get("/").status_code == 503
        assert "demo.test" not in up.output
        assert up.get("/console/config.json").json()["demo"] is False
        assert up.get("/console/demo.json").status_code == 404


def test_dev_prints_the_address_of_vite(project: Path) -> None:
    with started(project, "dev", SEAPOOL_DEMO="false") as up:
        address = up.output.partition("Seapool is ready: ")[2].partition("\n")[0]
        assert address != f"{up.url}/"
        until(lambda: reached(address))
        assert httpx2.get(address, trust_env=False, verify=False).json()["api"] == up.url


def reached(address: str) -> bool:
    try:
        return httpx2.get(address, trust_env=False, verify=False).status_code == 200
    except httpx2.TransportError:
        return False
