import asyncio
from pathlib import Path
from urllib.parse import urlencode

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NotConnected

from benchmarks.faults.proxy import valkey_socket
from models.queue.valkey import client
from settings import Settings
from tests.support.tls import authority, encrypted


async def ping(valkey: Redis) -> None:
    await valkey.ping()


async def test_a_command_that_is_cancelled_stays_cancelled_at_whatever_moment(
    settings: Settings,
) -> None:
    async with client(settings) as valkey:
        for moment in range(30):
            await valkey.ping()
            command = asyncio.create_task(ping(valkey))
            for _ in range(moment):
                await asyncio.sleep(0)
            if command.cancel():
                with pytest.raises(asyncio.CancelledError):
                    await command


async def test_tls_checks_the_authority_and_the_name_of_the_host(
    settings: Settings, tmp_path: Path
) -> None:
    ours, theirs = authority(tmp_path, "ours"), authority(tmp_path, "theirs")
    own = {"ssl_certfile": ours.certificate, "ssl_keyfile": ours.key}
    plain = valkey_socket(settings.redis_url or "")

    async with encrypted(plain, ours.server, asked=False) as port:

        async def pong(host: str, **more: object) -> bool:
            url = f"rediss://{host}:{port}/0?{urlencode(own | more)}"
            async with client(settings.model_copy(update={"redis_url": url})) as valkey:
                return bool(await valkey.ping())

        assert await pong("localhost", ssl_ca_certs=ours.ca)
        for host, ca in (("localhost", theirs.ca), ("127.0.0.1", ours.ca)):
            with pytest.raises(NotConnected, match="CERTIFICATE_VERIFY_FAILED"):
                await pong(host, ssl_ca_certs=ca)
        assert await pong("127.0.0.1", ssl_ca_certs=ours.ca, ssl_check_hostname="false")
