"""Lines that strangers cause fill no disk."""

import json
import logging
import time

import pytest
from structlog.testing import capture_logs

from models import sparing_log
from models.sparing_log import Sparing
from tests.support.raw import raw
from tests.support.running import Processes


def test_a_second_line_of_one_kind_waits_and_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparing_log, "SECONDS", 60.0)
    with capture_logs() as lines:
        for number in range(3):
            sparing_log.warning("one kind", number=number)
            sparing_log.info("another kind")
        later = time.monotonic() + 61
        monkeypatch.setattr(time, "monotonic", lambda: later)
        sparing_log.warning("one kind", number=3)
    assert lines == [
        {"event": "one kind", "log_level": "warning", "number": 0},
        {"event": "another kind", "log_level": "info"},
        {"event": "one kind", "log_level": "warning", "number": 3, "left_out": 2},
    ]


def test_a_librarys_lines_are_of_one_kind_if_one_place_writes_them(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sparing_log, "SECONDS", 60.0)
    library = logging.getLogger("a library")
    library.addFilter(Sparing())
    for number in range(3):
        library.warning("wrong: %s", number)
    library.warning("wrong: %s", "elsewhere")
    assert caplog.messages == ["wrong: 0", "wrong: elsewhere"]


async def test_invalid_requests_are_logged_once_a_second(processes: Processes) -> None:
    process = await processes.api()
    began = time.monotonic()
    for _ in range(200):
        async with raw(process.client) as connection:
            await connection.send(b"nonsense\r\n\r\n")
            assert b"Invalid HTTP request received." in await connection.end()
    most = 1 + int(time.monotonic() - began)
    lines = [json.loads(line) for line in process.output().splitlines() if line.startswith("{")]
    events = [line["event"] for line in lines]
    assert 1 <= events.count("Invalid HTTP request received.") <= most
