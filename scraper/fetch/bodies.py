"""Content codings undone piece by piece, with a limit on what may come out.

A few kilobytes can be made to unpack to gigabytes, so no decoder is ever asked for more than the
limit leaves, whatever the size of the piece it is given.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import IO, Protocol, cast

import brotli
import zstandard

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_STEP = 1 << 16
_ZSTD_WINDOW = 8 << 20  # RFC 9659: no larger window for the content coding
_MOST_CODINGS = 2
_GZIP_MAGIC = b"\x1f\x8b\x08"


class BodyTooLarge(Exception):
    """More bytes than the limit; the text says which limit."""


class BrokenBody(Exception):
    """The bytes are not what their content coding says, or the coding is unknown."""


class Decoder(Protocol):
    """Undoes one coding. ``feed`` may give up to ``room`` + 64 KiB bytes, then the caller stops."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Take a piece; give what it unpacks to."""
        ...

    def finish(self) -> None:
        """Check that the coded bytes came to their end."""
        ...


class _Zlib:
    """gzip (several members may follow each other) and deflate, with or without zlib's header."""

    def __init__(self, *, gzip: bool) -> None:
        self._bits = 31 if gzip else 15
        self._gzip = gzip
        self._inner = zlib.decompressobj(self._bits)
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        while data and len(out) <= room:
            if self._inner.eof:
                if not self._gzip or data[:1] != b"\x1f":
                    break  # padding after the end, as some servers send
                self._inner = zlib.decompressobj(self._bits)
            out += self._piece(data)
            data = self._inner.unconsumed_tail or self._inner.unused_data
        return bytes(out)

    def _piece(self, data: bytes) -> bytes:
        try:
            piece = self._inner.decompress(data, _STEP)
        except zlib.error:
            if self._begun or self._gzip:
                raise
            self._inner = zlib.decompressobj(-15)
            piece = self._inner.decompress(data, _STEP)
        self._begun = True
        return piece

    def finish(self) -> None:
        if self._begun and not self._inner.eof:
            raise BrokenBody("the compressed content was cut off")


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        self._begun = True
        out = bytearray(self._inner.process(data, output_buffer_limit=_STEP))
        while len(out) <= room and not self._inner.can_accept_more_data():
            piece = self._inner.process(b"", output_buffer_limit=_STEP)
            if not piece and self._inner.is_finished():
                break
            out += piece
        return bytes(out)

    def finish(self) -> None:
        if self._begun and not self._inner.is_finished():
            raise BrokenBody("the compressed content was cut off")


class _Sink:
    """Takes what zstd unpacks, and stops it by an error once there is too much."""

    def __init__(self) -> None:
        self.room = 0
        self.out = bytearray()

    def write(self, piece: bytes) -> int:
        self.out += piece
        if len(self.out) > self.room:
            raise BodyTooLarge("unpacked by zstd")
        return len(piece)


class _Zstd:
    def __init__(self) -> None:
        self._sink = _Sink()
        inner = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._writer = inner.stream_writer(cast("IO[bytes]", self._sink), write_size=_STEP)

    def feed(self, data: bytes, room: int) -> bytes:
        self._sink.room = room
        self._sink.out.clear()
        with suppress(BodyTooLarge):  # the caller sees that there is more than the room
            self._writer.write(data)
        return bytes(self._sink.out)

    def finish(self) -> None:
        """Nothing to check: the library does not tell whether a frame has ended."""


def decoder(coding: str) -> Decoder | None:
    """The decoder of one coding (RFC 9110 section 8.4.1), None for identity.

    Raises:
        BrokenBody: the coding is not one that was offered.
    """
    if coding in {"gzip", "x-gzip"}:
        return _Zlib(gzip=True)
    if coding == "deflate":
        return _Zlib(gzip=False)
    if coding == "br":
        return _Brotli()
    if coding == "zstd":
        return _Zstd()
    if coding in {"", "identity", "none", "utf-8"}:  # the last two are seen, and mean nothing
        return None
    raise BrokenBody(f"the content coding {coding!r} is unknown")


class Body:
    """Collects one body: counts what arrives, unpacks it, stops at either limit.

    Args:
        content_encoding: the header's value.
        wire_limit: bytes that may arrive.
        body_limit: bytes that may come out.
        sniff: undo gzip also where the server forgot to declare it: for pages, not for files.
    """

    def __init__(
        self, content_encoding: str, wire_limit: int, body_limit: int, *, sniff: bool = False
    ) -> None:
        codings = [word.strip().lower() for word in content_encoding.split(",")]
        if len(codings) > _MOST_CODINGS:
            raise BrokenBody(f"{len(codings)} content codings in a row")
        found = [decoder(coding) for coding in reversed(codings)]
        self._decoders = [each for each in found if each is not None]
        self._wire_limit, self._body_limit = wire_limit, body_limit
        self._sniff = sniff
        self._out = bytearray()
        self.wire_bytes = 0

    def feed(self, piece: bytes) -> None:
        """Take bytes as they came.

        Raises:
            BodyTooLarge: one of the limits is passed.
            BrokenBody: they do not fit the coding.
        """
        if self._sniff and not self.wire_bytes and piece.startswith(_GZIP_MAGIC):
            self._decoders = self._decoders or [_Zlib(gzip=True)]
        self.wire_bytes += len(piece)
        if self.wire_bytes > self._wire_limit:
            raise BodyTooLarge(f"more than {self._wire_limit} bytes were sent")
        for each in self._decoders:
            piece = self._unpack(each, piece)
        self._out += piece
        self._check(len(self._out))

    def _unpack(self, each: Decoder, piece: bytes) -> bytes:
        room = self._body_limit - len(self._out)
        try:
            unpacked = each.feed(piece, room)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BrokenBody(f"the content does not fit its coding: {error}") from error
        self._check(len(self._out) + len(unpacked))
        return unpacked

    def _check(self, size: int) -> None:
        if size > self._body_limit:
            raise BodyTooLarge(f"it unpacks to more than {self._body_limit} bytes")

    @property
    def size(self) -> int:
        """Bytes unpacked so far."""
        return len(self._out)

    def so_far(self) -> bytes:
        """Give what was unpacked, though more is to come."""
        return bytes(self._out)

    def finish(self) -> bytes:
        """Give the whole body.

        Raises:
            BrokenBody: the coded bytes end before their end.
        """
        for each in self._decoders:
            each.finish()
        return bytes(self._out)
