"""The line of a request: written past the standard library, with what that would write."""

import io
import json
import re
from typing import Any

import pytest
import structlog

from schema.execution.telling import request_log

PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    monkeypatch.setattr(request_log, "log", request_log.log)
    output = io.BytesIO()
    request_log.write_lines_to(output, "INFO")
    return output


def test_a_line_has_what_the_processors_of_structlog_write(output: io.BytesIO) -> None:
    usual = structlog.wrap_logger(
        structlog.ReturnLogger(),
        processors=[*PROCESSORS, structlog.processors.JSONRenderer()],
    )
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        request_log.log.info("request", operation="query 示范", milliseconds=1.5)
        wanted = json.loads(usual.info("request", operation="query 示范", milliseconds=1.5))
    assert output.getvalue().endswith(b"}\n")
    found = json.loads(output.getvalue())
    for each in (found, wanted):
        assert STAMP.fullmatch(each.pop("timestamp"))
    assert list(found.items()) == list(wanted.items())


def test_below_its_level_no_line_is_written(output: io.BytesIO) -> None:
    request_log.write_lines_to(output, "WARNING")
    request_log.log.info("request")
    assert output.getvalue() == b""
