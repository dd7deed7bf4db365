"""A small proxy in front of a server, as in a real house: https outside, plain HTTP inside, X-Forwarded-* between."""

import asyncio
import base64
import contextlib
import hashlib
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

KEY = ec.generate_private_key(ec.SECP256R1())


def fingerprint() -> str:
    """What a browser is told to trust: the public key's SHA-256 in base64 (RFC 7469, section 2.4)."""
    public = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


def certificate(folder: Path) -> ssl.SSLContext:
    """A certificate for this machine, signed by itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    known_as = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=2))
    signed = builder.add_extension(known_as, critical=False).sign(KEY, hashes.SHA256())
    path = folder / "tls.pem"
    private = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class Proxy:
    """One request for each connection; a websocket is handed through as it is."""

    def __init__(self, port: int, inner_port: int) -> None:
        self.port, self.inner_port = port, inner_port
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.inner_port)
            inner_writer.write(self.forwarded(head))
            await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer, last=True))
        writer.close()

    def forwarded(self, head: bytes) -> bytes:
        """The head of the request as the inner server must see it."""
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        upgrade = any(line.lower().startswith("upgrade:") for line in lines)
        kept = [line for line in lines if not line.lower().startswith(("x-forwarded-", "host:"))]
        kept = kept if upgrade else [line for line in kept if not line.lower().startswith("connection:")]
        told = [
            f"Host: 127.0.0.1:{self.inner_port}",
            f"X-Forwarded-Host: localhost:{self.port}",
            "X-Forwarded-Proto: https",
            "X-Forwarded-For: 192.0.2.7",
        ]
        return "\r\n".join([first, *told, *kept, *([] if upgrade else ["Connection: close"]), "", ""]).encode("latin-1")

    async def serve(self, context: ssl.SSLContext) -> None:
        server = await asyncio.start_server(self.carry, "127.0.0.1", self.port, ssl=context)
        self.ready.set()
        with contextlib.suppress(asyncio.CancelledError):
            await server.serve_forever()

    def run(self, context: ssl.SSLContext) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(lambda _loop, _told: None)
        self.task = self.loop.create_task(self.serve(context))
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.task)


async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, last: bool = False) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    if last:
        target.close()


@contextlib.contextmanager
def tls_proxy(port: int, inner_port: int, folder: Path) -> Iterator[None]:
    """``https://localhost:<port>`` leads to the server on ``inner_port``."""
    proxy = Proxy(port, inner_port)
    thread = threading.Thread(target=proxy.run, args=(certificate(folder),), daemon=True)
    thread.start()
    assert proxy.ready.wait(10)
    try:
        yield
    finally:
        proxy.loop.call_soon_threadsafe(proxy.task.cancel)
        thread.join(5)
