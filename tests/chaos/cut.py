"""A proxy between a process and PostgreSQL that can be cut: packets stop, connections stay or break."""

from __future__ import annotations

import asyncio
from pathlib import Path


class Cable:
    """Listens on a port of loopback and passes everything on to PostgreSQL's socket."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket / ".s.PGSQL.5432"
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._whole = asyncio.Event()
        self._whole.set()
        self.port = 0

    async def plug(self) -> None:
        """Begin to pass on."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def unplug(self) -> None:
        """End; every connection breaks."""
        if self._server is not None:
            self._server.close()
        self.snap()

    def cut(self) -> None:
        """Packets stop; neither end is told."""
        self._whole.clear()

    def mend(self) -> None:
        """Packets flow again, those that were under way first."""
        self._whole.set()

    def snap(self) -> None:
        """Break every connection."""
        for line in self._lines:
            line.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        try:
            there, back = await asyncio.open_unix_connection(str(self._socket))
        except OSError:  # PostgreSQL is down at the moment
            writer.transport.abort()
            return
        self._lines |= {writer, back}
        try:
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        finally:
            for end in (writer, back):
                self._lines.discard(end)
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                await self._whole.wait()
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            if not writer.is_closing():
                writer.close()
