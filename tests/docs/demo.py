"""The demo's members, and the shell in which they follow a page."""

import asyncio
import sys

from commands.tokens import sign
from engines.child import environment_of
from models.demo.organizations import ORGANIZATIONS, id_of
from tests.support.running import ROOT, Client, clean_environment

ADDRESS = "http://127.0.0.1:8000"


def token(api: Client, name: str) -> str:
    member = id_of("member", f"{name}@demo.test")
    return sign(api.settings, member, ORGANIZATIONS[0].id)


async def in_shell(api: Client, lines: str) -> bytes:
    """Run a page's shell lines against this API; returns what they print."""
    script = lines.replace(ADDRESS, api.url).replace(".venv/bin/python", sys.executable)
    environment = clean_environment() | environment_of(api.settings)
    running = await asyncio.create_subprocess_exec(
        *("bash", "-euc", script),
        cwd=ROOT,
        env=environment | {"no_proxy": "*"},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(running.communicate(), 40)
    return output
