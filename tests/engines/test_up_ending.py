"""How `manage.py up` ends: by a signal, at any moment, and by the end of a terminal."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from engines.process import die_with_parent
from tests.support.running import ROOT, free_port
from tests.support.supervised import Up, environment, gone, launched, ready, running, until

# Each starts everything several times, which a busy machine does slowly.
pytestmark = pytest.mark.timeout(180)


def test_a_signal_or_a_kill_at_any_moment_leaves_nothing(data: Path) -> None:
    """Each start goes on from where a signal, or a kill, ended the one before."""
    for moment in ("Starting PostgreSQL", "Migrating", "Seeding", "Starting the"):
        check_an_end_at(moment, data)
    with running(data) as up:
        assert ready(up)
        check_nothing_outlives_its_kill(up)
    with running(data) as up:
        assert ready(up)
        check_it_stops_everything(signal.SIGHUP, up)


def check_an_end_at(moment: str, data: Path) -> None:
    with launched(data) as up:
        until(lambda: moment in up.output)
        processes = psutil.Process(up.process.pid).children(recursive=True)
        up.process.terminate()
        assert up.process.wait(15) == 128 + signal.SIGTERM
        until(lambda: gone(processes))
        assert "Traceback" not in up.output


def check_nothing_outlives_its_kill(up: Up) -> None:
    processes = up.everything()
    up.process.kill()
    up.process.wait()
    if sys.platform == "linux":  # prctl is Linux's.
        until(lambda: gone(processes))


def check_it_stops_everything(number: signal.Signals, up: Up) -> None:
    processes = up.everything()
    assert len(processes) > 6
    sockets = Path(json.loads((up.data / "engines.json").read_text())["sockets"])
    up.process.send_signal(number)
    assert up.process.wait(15) == 0
    assert gone(processes)
    assert not sockets.exists()


def test_ctrl_c_on_a_terminal_through_make_stops_everything(seeded: Path) -> None:
    """The terminal sends SIGINT to the whole group: make, the supervisor, nobody twice."""
    makefile = seeded.with_name("Makefile")
    makefile.write_text(f"up:\n\t@exec {sys.executable} manage.py up\n")
    log = seeded.with_name("make.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "-f", str(makefile), "up"],
            cwd=ROOT,
            env=environment(seeded, free_port()),
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    try:
        until(lambda: "Ctrl-C" in log.read_text(), 40)
        processes = psutil.Process(process.pid).children(recursive=True)
        sockets = Path(json.loads((seeded / "engines.json").read_text())["sockets"])
        os.killpg(process.pid, signal.SIGINT)
        process.wait(15)
        until(lambda: gone(processes))
        assert not sockets.exists()
        assert "Traceback" not in log.read_text()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
