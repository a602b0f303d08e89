"""A timestamp authority of our own on loopback: a made-up certificate authority, ``openssl ts -reply``, HTTP."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

_SETTINGS = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
[stamps]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
Answer = Callable[[bytes], tuple[int, bytes]]
"""What is answered to a request: a status and a body."""


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=True)


def make_authority(folder: Path) -> None:
    """Make certificates: ``ca.pem`` is what others know of it."""
    (folder / "ts.cnf").write_text(_SETTINGS)
    (folder / "serial").write_text("01")
    made = ("-config", "ts.cnf", "-keyout")
    _openssl(folder, "req", "-x509", *_KEY, *made, "ca.key", "-out", "ca.pem", "-subj", "/CN=A", "-extensions", "ca")  # fmt: skip
    _openssl(folder, "req", *_KEY, *made, "tsa.key", "-out", "tsa.csr", "-subj", "/CN=B")
    ca = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    own = ("-extfile", "ts.cnf", "-extensions", "tsa")
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", *ca, *own, "-out", "tsa.pem")


@dataclass
class Authority:
    """Stamps what it is asked to, unless a test chose another answer."""

    folder: Path
    address: str = ""
    asked: list[bytes] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def certificates(self) -> Path:
        return self.folder / "ca.pem"

    def stamped(self, query: bytes) -> tuple[int, bytes]:
        """What a genuine one answers."""
        (self.folder / "query").write_bytes(query)
        made = ("-config", "ts.cnf", "-section", "stamps", "-queryfile", "query", "-out", "answer")
        _openssl(self.folder, "ts", "-reply", *made)
        return 200, (self.folder / "answer").read_bytes()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "content-type: application/timestamp-query" in head
        length = head.partition("content-length: ")[2].partition("\r\n")[0]
        query = await reader.readexactly(int(length))
        self.asked.append(query)
        answer = self.answers.pop(0) if self.answers else self.stamped
        status, body = await asyncio.to_thread(answer, query)
        writer.write(
            f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )  # fmt: skip
        writer.close()


@asynccontextmanager
async def opened_authority(folder: Path) -> AsyncIterator[Authority]:
    """An authority that listens while the block runs."""
    authority = Authority(folder)
    server = await asyncio.start_server(authority.serve, "127.0.0.1", 0)
    authority.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/stamp"
    try:
        yield authority
    finally:
        server.close()
