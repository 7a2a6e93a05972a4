"""A sheet of 50,000 rows: how long its upload, preview and import take, and the longest pause."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from benchmarks.ground import admin, ground, sales_team
from models.customers.csv_parsing import MOST_ROWS
from models.imports import stored
from models.imports.order import Order
from models.imports.preview import preview_import
from models.imports.sheet_import import import_sheet
from models.rules.rules import Rules
from models.texts.text import Reader

HEADER = "公司名称,手机号,备注,电子邮箱,客户级别"
TICK_SECONDS = 0.005
Answer = TypeVar("Answer")


async def main() -> None:
    async with ground():
        pool, team = await sales_team(1, 1, Rules.from_json({"max_hold": "P30D"}))
        boss = await admin(team)
        lines = [f"第{n}号公司,138{n:08},,c{n}@x.cn,A" for n in range(MOST_ROWS)]
        body = "\n".join([HEADER, *lines]).encode("gb18030")
        sheet = await _timed("upload", lambda: stored.upload(boss, body))
        order = Order(pool.id, sheet.id)
        look = partial(preview_import, boss, pool.id, sheet.id, None, updates=False)
        await _timed("preview", look)
        done = await _timed("import", lambda: import_sheet(boss, order, Reader()))
        again = Order(pool.id, sheet.id, updates=True, mapping=["name", None, None, None, "level"])
        await _timed("update", lambda: import_sheet(boss, again, Reader()))
        assert done.created == MOST_ROWS


async def _timed(name: str, act: Callable[[], Awaitable[Answer]]) -> Answer:
    pauses = [0.0]
    watching = asyncio.create_task(_watch(pauses))
    began, worked = time.monotonic(), time.process_time()
    answer = await act()
    seconds, cpu = time.monotonic() - began, time.process_time() - worked
    watching.cancel()
    pause = max(pauses) * 1000
    print(f"{name:8} {seconds:5.1f} s, {cpu:4.1f} s of CPU here, longest pause {pause:4.0f} ms")
    return answer


async def _watch(pauses: list[float]) -> None:
    while True:
        began = time.monotonic()
        await asyncio.sleep(TICK_SECONDS)
        pauses.append(time.monotonic() - began - TICK_SECONDS)
