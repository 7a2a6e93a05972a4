"""Large sheets over HTTP: rows a second, the API's memory, the longest pause of `/livez`.

`python -m benchmarks exports`; `ROWS=1000000` before it for more, `FORMATS=CSV` for one format.
"""

import asyncio
import os
import time

import httpx2
import psutil

from benchmarks.ground import admin, ground, sales_team
from benchmarks.pauses import polling
from benchmarks.serving import API, Server, running
from commands.tokens import sign
from models import database
from models.rules.rules import Rules
from schema.base import ids

ROWS = int(os.environ.get("ROWS", "200000"))
FORMATS = os.environ.get("FORMATS", "CSV,XLSX").split(",")
WATCH_SECONDS = 0.05
MB = 1_000_000
ASK = """mutation ($pool: ID!, $format: SheetFormat!) { exportPool(poolId: $pool, format: $format) {
  ... on SheetReady { url } ... on Refusal { message } } }"""
FILL = """
INSERT INTO customer (organization_id, pool_id, name, sort_name, person, phone, email, level,
  name_key, keyed_at, epoch, opened_at)
SELECT $1, $2, '深圳云帆科技有限公司' || n, 'shen zhen ' || n, '王小芳', '139' || 10000000 + n,
  'wang' || n || '@yunfan.cn', 'B', 'name ' || n, now(), 0, now() - n * interval '1 second'
FROM generate_series($3::integer, $4::integer) n
"""


async def main() -> None:
    # What one sheet costs shall not refuse the next.
    os.environ["SEAPOOL_MEMBER_BUDGET"] = os.environ["SEAPOOL_ORGANIZATION_BUDGET"] = str(10**9)
    async with ground() as settings:
        pool, team = await sales_team(1, 1, Rules.from_json({}))
        for start in range(2, ROWS + 1, 20_000):
            end = min(start + 19_999, ROWS)
            await database.rows(FILL, pool.organization_id, pool.id, start, end)
        async with database.transaction():
            await database.rows_however_long("ANALYZE customer")
        boss = await admin(team)
        headers = {"Authorization": f"Bearer {sign(settings, boss.id, boss.organization.id)}"}
        with running(API, settings) as server:
            for format in FORMATS:
                given = {"pool": ids.encode("Pool", pool.id), "format": format}
                await _measure(server, headers, given)


async def _measure(server: Server, headers: dict[str, str], given: dict[str, str]) -> None:
    url = f"http://127.0.0.1:{server.port}"
    async with httpx2.AsyncClient(base_url=url, timeout=900, trust_env=False) as http:
        body = {"query": ASK, "variables": given}
        answer = (await http.post("/graphql", json=body, headers=headers)).json()
        link = answer["data"]["exportPool"]["url"]
        before = server.process.memory_info().rss
        with polling(server.port) as poller:
            poller.send("begin")
            poller.recv()
            began, size, first = time.perf_counter(), 0, 0.0
            watching = asyncio.create_task(_most_memory(server.process))
            async with http.stream("GET", link) as response:
                assert response.status_code == 200, await response.aread()
                async for part in response.aiter_raw():
                    first = first or time.perf_counter() - began
                    size += len(part)
            seconds = time.perf_counter() - began
            poller.send("end")
            pause = float(await asyncio.to_thread(poller.recv))
            watching.cancel()
            most = await watching
    print(
        f"{given['format']} of {ROWS:,} rows: {seconds:.1f} s, {ROWS / seconds:,.0f} rows a second"
    )
    print(f"  {size / MB:.1f} MB, the first byte after {first:.2f} s, pause {1000 * pause:.0f} ms")
    print(
        f"  memory of the API: {before / MB:.0f} MB before, at most {most / MB:.0f} MB", flush=True
    )


async def _most_memory(process: psutil.Process) -> int:
    most = 0
    try:
        while True:
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(WATCH_SECONDS)
    except asyncio.CancelledError:
        return most
