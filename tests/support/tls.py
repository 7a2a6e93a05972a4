"""TLS in front of the engines, whose packages have none: a CA of the test's own, a real handshake.

To clients it is a PostgreSQL or a Valkey with TLS; behind it the bytes go on to the engine.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# PostgreSQL's clients ask for TLS in plain text first.
SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
CHUNK = 65536


@dataclass(frozen=True)
class Authority:
    """`ca` is its own certificate, a file; `key` and `certificate` are those that it signed."""

    ca: Path
    certificate: Path
    key: Path

    @property
    def server(self) -> ssl.SSLContext:
        """Of a server that lets in only clients with a certificate of this authority."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.ca)
        context.load_cert_chain(self.certificate, self.key)
        context.verify_mode = ssl.CERT_REQUIRED
        return context


def authority(folder: Path, name: str) -> Authority:
    """Make an authority and what it signed for `localhost`."""
    found = Authority(*(folder / f"{name}.{part}" for part in ("ca", "crt", "key")))
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    found.ca.write_bytes(_signed(name, root, root, name, is_ca=True))
    found.certificate.write_bytes(_signed("localhost", own, root, name, is_ca=False))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    found.key.write_bytes(own.private_bytes(serialization.Encoding.PEM, kind, plain))
    return found


def _signed(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    issuer: str,
    *,
    is_ca: bool,
) -> bytes:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name(issuer), name(subject), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    )
    return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@contextlib.asynccontextmanager
async def encrypted(socket: str, context: ssl.SSLContext, *, asked: bool) -> AsyncIterator[int]:
    """The port of a server in front of a Unix socket; `asked`: as PostgreSQL's clients ask."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own = cast(asyncio.Task[None], asyncio.current_task())
        tasks.add(own)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            if asked:
                assert await reader.readexactly(len(SSL_REQUEST)) == SSL_REQUEST
                writer.write(b"S")
                await writer.start_tls(context)
            behind, to_behind = await asyncio.open_unix_connection(socket)
            with contextlib.closing(to_behind):
                await _first(_pass(reader, to_behind), _pass(behind, writer))
        tasks.discard(own)

    server = await asyncio.start_server(serve, "localhost", 0, ssl=None if asked else context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _first(*ways: object) -> None:
    running = [asyncio.ensure_future(way) for way in ways]  # type: ignore[call-overload]
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK):
        writer.write(chunk)
        await writer.drain()
