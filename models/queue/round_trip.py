"""Commands to Valkey in one round trip.

A pipeline of redis-py encodes each argument in Python, and makes objects for each answer. One time
for all answers costs less than one for each.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import hiredis
from redis.asyncio import Redis

from models.queue.valkey import ANSWER_SECONDS
from models.time_limit import TimeLimit

Command = tuple[str | bytes | int, ...]
# Its stub allows one argument alone.
pack = cast(Callable[[Command], bytes], hiredis.pack_command)


async def send(redis: Redis, commands: Sequence[Command]) -> None:
    """Send the commands and wait for their answers; raises the first one that is an error.

    Raises TimeoutError after ANSWER_SECONDS.
    """
    pool = redis.connection_pool
    with TimeLimit(ANSWER_SECONDS):
        connection: Any = await pool.get_connection()
        try:
            await connection.send_packed_command([pack(each) for each in commands])
            for _ in commands:
                await connection.read_response()
        except BaseException:
            # Answers may still come: they are nobody else's.
            await connection.disconnect(nowait=True)
            raise
        finally:
            await pool.release(connection)
