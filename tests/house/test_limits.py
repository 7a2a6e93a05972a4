"""No test waits for ever."""

import subprocess
import sys
from pathlib import Path

from tests.support.running import ROOT

CONFTEST = """
import asyncio
import uvloop
from tests.support import limits
from tests.support.limits import pytest_itemcollected
limits.SHARE = 0.005
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
"""
TESTS = """
import asyncio

async def test_that_waits_for_ever():
    await asyncio.Event().wait()

async def test_after_it():
    pass
"""
INI = "[pytest]\nasyncio_mode = auto\ntimeout = 100\ntimeout_method = thread\n"


def test_a_test_that_waits_for_ever_fails_where_it_waits_and_the_others_run(
    tmp_path: Path,
) -> None:
    for name, text in (("conftest", CONFTEST), ("test_waiting", TESTS)):
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "pytest.ini").write_text(INI)
    command = [sys.executable, "-m", "pytest", "-p", "no:schemathesis", str(tmp_path)]
    environment = {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert "1 failed, 1 passed" in run.stdout
    assert ">       await asyncio.Event().wait()" in run.stdout
