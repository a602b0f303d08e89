"""The bytes of a WARC file, unpacked piece by piece; where they are broken, it goes on at the next member.

By ISO 28500 every record is a gzip member of its own, so that damage ends with its record. Frames of zstd
(``.warc.zst``) are read likewise, unless they need a dictionary.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

import zstandard

_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_PIECE = 1 << 16
_ZSTD_WINDOW = 8 << 20


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where bytes are missing or broken; what follows begins anew."""

    reason: str


def unpacked(stream: BinaryIO) -> Iterator[bytes | Gap]:
    """The pieces of a file, whichever way it is compressed, each at most 64 KiB."""
    start = stream.read(_PIECE)
    if start.startswith(_GZIP[:2]):
        return _members(stream, start)
    if start.startswith(_ZSTD):
        return _frames(stream, start)
    return _plain(stream, start)


def _plain(stream: BinaryIO, piece: bytes) -> Iterator[bytes | Gap]:
    while piece:
        yield piece
        piece = stream.read(_PIECE)


def _members(stream: BinaryIO, data: bytes) -> Iterator[bytes | Gap]:
    inner, begun = zlib.decompressobj(31), False
    while data or (data := stream.read(_PIECE)):
        try:
            piece = inner.decompress(data, _PIECE)
        except zlib.error as error:
            yield Gap(f"the compressed data is broken: {error}")
            data = _from_next(stream, data[1:])
            inner, begun = zlib.decompressobj(31), False
            continue
        begun = True
        if piece:
            yield piece
        data = inner.unconsumed_tail
        if inner.eof:
            data = inner.unused_data.lstrip(b"\x00")
            inner, begun = zlib.decompressobj(31), False
    if begun:
        yield Gap("the file is cut off within a compressed record")


def _from_next(stream: BinaryIO, data: bytes) -> bytes:
    """The bytes from the next gzip member's beginning on; empty where there is none."""
    while (place := data.find(_GZIP)) < 0:
        more = stream.read(_PIECE)
        if not more:
            return b""
        data = data[-2:] + more
    return data[place:]


def _frames(stream: BinaryIO, data: bytes) -> Iterator[bytes | Gap]:
    reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(
        cast("IO[bytes]", _Again(stream, data)), read_across_frames=True, read_size=_PIECE
    )
    try:
        while piece := reader.read(_PIECE):
            yield piece
    except zstandard.ZstdError as error:
        yield Gap(f"the compressed data is broken: {error}")


class _Again:
    """A stream of which the first piece was read already."""

    def __init__(self, stream: BinaryIO, first: bytes) -> None:
        self._stream, self._first = stream, first

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes."""
        if not self._first:
            return self._stream.read(size)
        piece, self._first = self._first[:size], self._first[size:]
        return piece
