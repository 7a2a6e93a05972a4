"""When traces are on, and what that loads."""

import ast
import re
import subprocess
import sys

import pytest

from models.telemetry.statement_names import constants, name_of
from models.telemetry.tracing import exporters, traced
from settings import SettingsError
from tests.house.code import code
from tests.support.running import ROOT, clean_environment

LOADED = "import sys, app, workers.runner; print(sorted(m for m in sys.modules if 'telem' in m))"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({}, []),
        ({ENDPOINT: "http://127.0.0.1:4318"}, ["otlp"]),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, ["otlp"]),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, ["otlp"]),
        ({"OTEL_TRACES_EXPORTER": "otlp, console"}, ["otlp", "console"]),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, []),
        ({ENDPOINT: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, []),
        ({"OTEL_SERVICE_NAME": "crm", "OTEL_METRICS_EXPORTER": "otlp"}, []),
    ],
)
def test_the_standard_variables_switch_traces_on(given: dict[str, str], chosen: list[str]) -> None:
    assert exporters(given) == chosen


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"OTEL_TRACES_EXPORTER": "zipkin"},
            "OTEL_TRACES_EXPORTER=zipkin: must be otlp, console or none",
        ),
        (
            {ENDPOINT: "http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "OTEL_EXPORTER_OTLP_PROTOCOL=grpc: must be http/protobuf",
        ),
    ],
)
def test_what_is_not_supported_is_refused_at_the_start(given: dict[str, str], why: str) -> None:
    with pytest.raises(SettingsError) as refused:
        exporters(given)
    assert str(refused.value) == why


def test_without_the_extra_the_start_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "models.telemetry.spans", None)
    with pytest.raises(SettingsError, match=re.escape("pip install '.[otel]'")), traced("seapool"):
        pass


@pytest.mark.timeout(180)
def test_off_nothing_of_opentelemetry_is_loaded() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    ours = ["", ".lateness", ".metrics", ".tracing"]
    assert ast.literal_eval(shown) == [f"models.telemetry{each}" for each in ours]


def test_three_modules_alone_know_opentelemetry() -> None:
    knowing = {
        each.name
        for each in code()
        if any(name.partition(".")[0] == "opentelemetry" for name in each.imported())
    }
    names = ("origins", "spans", "statement_spans")
    assert knowing == {f"models.telemetry.{name}" for name in names}


def test_statements_are_named_by_the_constant_that_holds_them() -> None:
    from models.ownership.drain import DUE
    from models.taking.take_statement import TAKE, TAKE_FREE

    assert [name_of(each) for each in (TAKE, TAKE_FREE, DUE)] == [
        "taking.take_statement.TAKE",
        "taking.take_statement.TAKE_FREE",
        "ownership.drain.DUE",
    ]
    names = list(constants(len(sys.modules)).values())
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ('SELECT "id" FROM "member" WHERE "organization_id"=$1', "SELECT member"),
        ('UPDATE "pool" SET "name"=$1', "UPDATE pool"),
        ('INSERT INTO "pool" ("id") VALUES ($1)', "INSERT pool"),
        ("BEGIN;", "BEGIN"),
        ("SET LOCAL work_mem = '8MB'", "SET"),
    ],
)
def test_other_statements_are_named_by_verb_and_table(sql: str, name: str) -> None:
    assert name_of(sql) == name
