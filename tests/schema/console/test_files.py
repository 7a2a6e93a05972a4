"""A large file costs the API no memory, and who does not read it is cut off."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from schema.connections import limits
from schema.console.files import PART, InParts
from settings import Settings
from tests.support.raw import raw
from tests.support.running import api_in_process

SOON = 0.4
LARGE = bytes(range(256)) * 100_000


async def test_a_part_is_handed_on_when_those_before_are_written() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await InParts(LARGE)({"type": "http", "method": "GET"}, None, send)  # type: ignore[arg-type]
    parts = [message["body"] for message in sent[1:]]
    assert max(len(part) for part in parts) == PART
    assert b"".join(parts) == LARGE
    assert [message.get("more_body", False) for message in sent[1:]] == [True] * 391 + [False]


async def test_who_does_not_read_a_file_is_cut_off(
    settings: Settings, database: None, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dist / "assets" / "large-7a8b.js").write_bytes(LARGE)
    monkeypatch.setattr(limits, "ANSWER_SECONDS", SOON)
    monkeypatch.setattr(limits, "SWEEP_SECONDS", SOON / 4)
    async with api_in_process(settings, console=dist) as api, raw(api) as connection:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]
        async with asyncio.timeout(20):
            asked = b"GET /assets/large-7a8b.js HTTP/1.1\r\nHost: x\r\n\r\n"
            with pytest.raises(ConnectionError):
                await connection.send(*[asked * 200] * 10_000)
