"""The user that runs PostgreSQL, made once however many programs start."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.support.running import ROOT

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="for root only")
PROGRAMS = 6
PROGRAM = """
import sys
from engines import system_user
system_user.SYSTEM_USER = sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
print(system_user.postgres_user().uid, flush=True)
"""


@pytest.fixture
def name() -> Iterator[str]:
    made = f"seapool_test_{os.getpid()}"
    yield made
    subprocess.run(["userdel", made], check=True, capture_output=True)


def test_programs_that_start_at_once_make_one_user_and_all_know_it(name: str) -> None:
    command = [sys.executable, "-c", PROGRAM, name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    programs = [
        subprocess.Popen(command, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload]
        for _ in range(PROGRAMS)
    ]
    try:
        for program in programs:
            assert program.stdout.readline() == "ready\n"
        for program in programs:
            program.stdin.write("\n")
            program.stdin.flush()
        ids = [program.stdout.readline().strip() for program in programs]
    finally:
        for program in programs:
            program.communicate()
    assert ids == [str(pwd.getpwnam(name).pw_uid)] * PROGRAMS
