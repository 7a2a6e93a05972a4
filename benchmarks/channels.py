"""10,000 alerts to one channel, as digests and one by one: `python -m benchmarks channels`.

The robot is a small server in a process of its own. Only the worker's steps are timed: reading the
ledger, making a message, sending and settling it. `ALERTS=1000` before it for less.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from benchmarks.ground import admin, ground, sales_team
from engines.process import die_with_parent
from models import database
from models.channels import channels, ringing, taking
from models.channels.fields import ChannelFields
from models.channels.kinds import ChannelKind
from models.ownership import claims
from models.rules.rules import Rules
from models.viewers import Viewer
from settings import Settings
from workers.channels.sender import Channels

ALERTS = int(os.environ.get("ALERTS", "10000"))
# Alerts of one message; a message has lines for the first twenty.
TOGETHER = {"as one digest": ALERTS, "as digests of 100": 100, "singly": 1}
LEASE = timedelta(seconds=30)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
# Between two messages of a channel is a minute at least: as if it had passed.
LATER = "UPDATE channel SET paced_at = now() - interval '1 hour', next_at = now() WHERE id = $1"
DELIVERED = """
SELECT count(*) AS messages, sum(alerts) AS alerts FROM channel_delivery
WHERE status = 'DELIVERED' AND channel_id = $1
"""


async def main() -> None:
    with _robot() as url:
        async with ground() as settings:
            allowing = settings.model_copy(update={"webhooks_to_private_addresses": True})
            for name, together in TOGETHER.items():
                await _measure(allowing, url, name, together)


async def _measure(settings: Settings, url: str, name: str, together: int) -> None:
    _, team = await sales_team(1, ALERTS, Rules.from_json({"max_hold": "P30D"}))
    boss = await admin(team)
    fields = ChannelFields(ChannelKind.SLACK, "zh", url, for_organization=True)
    channel = await channels.save(boss, None, fields, private=True, mails=False)
    own = "SELECT id FROM customer WHERE organization_id = $1"
    free = [row["id"] for row in await database.rows(own, boss.organization.id)]
    sender, seconds = Channels(settings), 0.0
    async with sender.posting():
        for start in range(0, ALERTS, together):
            await _alert(boss, team[0], free[start : start + together])
            began = time.perf_counter()
            while await ringing.ring(timedelta(0)):
                pass
            seconds += time.perf_counter() - began
            await database.rows(LATER, channel.id)
            began = time.perf_counter()
            for taken in await taking.take({}, part=50, most=50, lease=LEASE):
                await sender.attempt(taken)
            seconds += time.perf_counter() - began
    (told,) = await database.rows(DELIVERED, channel.id)
    assert told["alerts"] == ALERTS
    print(
        f"{ALERTS:,} alerts {name:18} {told['messages']:6,} messages: {seconds:6.2f} s,"
        f" {told['messages'] / seconds:5.0f} a second",
        flush=True,
    )


async def _alert(boss: Viewer, member: Viewer, ids: list[UUID]) -> None:
    """Each assignment is an alert."""
    for start in range(0, len(ids), 100):
        await claims.assign_many(boss, ids[start : start + 100], member.id)


@contextlib.contextmanager
def _robot() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.channels"]
    dies = die_with_parent(signal.SIGTERM)
    with subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=dies) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/services/T0/B0/x"
        process.terminate()


async def _serve() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
                await reader.readexactly(int(length))
                writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
