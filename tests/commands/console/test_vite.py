"""Vite runs beside the API of `manage.py dev`, and ends with it."""

from pathlib import Path

import httpx2
import psutil

from commands.console import vite
from tests.support.supervised import until


def answer(address: str) -> dict[str, object] | None:
    try:
        found: dict[str, object] = httpx2.get(address, trust_env=False, verify=False).json()
    except httpx2.TransportError:
        return None
    return found


def test_it_runs_inside_the_block_and_knows_the_api(project: Path, tmp_path: Path) -> None:
    api = "http://127.0.0.1:8123"
    said: list[str] = []
    with vite.running(project, api, tmp_path / "console.log", said.append) as address:
        assert address
        until(lambda: answer(address))
        found = answer(address)
        assert found
        assert found["api"] == api
        assert psutil.pid_exists(int(str(found["pid"])))
    assert answer(address) is None
    assert not psutil.pid_exists(int(str(found["pid"])))
    assert said == ["Installing packages for Node, at the first start and after a change…"]


def test_a_second_one_takes_another_port(project: Path, tmp_path: Path) -> None:
    log = tmp_path / "console.log"
    with vite.running(project, "http://x", log, print) as first:
        assert first
        until(lambda: answer(first))
        with vite.running(project, "http://x", log, print) as second:
            assert second
            assert second != first
            until(lambda: answer(second))


def test_without_packages_the_api_runs_alone_and_one_line_says_why(
    project: Path, tmp_path: Path
) -> None:
    (project / "package-lock.json").unlink()
    said: list[str] = []
    with vite.running(project, "http://x", tmp_path / "console.log", said.append) as address:
        assert address is None
    assert said[-1].startswith("Vite does not run: ")
