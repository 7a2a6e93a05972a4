"""clients/typescript against the real API: its own tests in Node, with a stage to disturb it."""

import asyncio
from pathlib import Path

import pytest

from commands.console import node
from tests.clients.stage import Stage, controlled

SECONDS = 100


@pytest.mark.timeout(SECONDS + 20, func_only=True)
async def test_the_package_keeps_its_promises(package: Path, stage: Stage, tmp_path: Path) -> None:
    log = tmp_path / "node.log"
    options = ["--test-isolation=none", "--test-force-exit", "--test-timeout=30000"]
    async with controlled(stage) as told:
        with log.open("wb") as output:
            arguments = ["--test", *options, "tests/*.test.ts"]
            process = node.start(arguments, package, {"SEAPOOL_STAGE": told}, output)
        try:
            code = await asyncio.to_thread(process.wait, SECONDS)
        finally:
            node.stop(process)
    said = log.read_text("utf-8")
    assert code == 0, said
    assert "fail 0" in said, said
