"""Streams of a PDF that unpack without bound are found before PDFium unpacks them."""

from __future__ import annotations

import re
import zlib

from scraper.errors import FileTooLarge
from scraper.files.limits import FileLimits
from scraper.refusal import Refusal

_STREAM = re.compile(rb"stream\r?\n")
_DEEPEST = 6
"""Filters on filters: more than two are met nowhere."""
_STEP = 1 << 20
_ZLIB = frozenset(b"\x08\x18\x28\x38\x48\x58\x68\x78")


def refuse_bombs(data: bytes, limits: FileLimits) -> None:
    """Refuse a PDF one of whose deflated streams, or all of them, unpack to more than is read.

    Raises:
        FileTooLarge: with ``Refusal.EXPANDS``.
    """
    room = limits.unpacked_bytes
    for found in _STREAM.finditer(data):
        start = found.end()
        if data[start : start + 1] and data[start] in _ZLIB:
            room -= _unpacked(memoryview(data)[start:], min(room, limits.member_bytes), _DEEPEST)
            if room <= 0:
                raise _bomb()


def _unpacked(packed: bytes | memoryview, most: int, depth: int) -> int:
    """How many bytes a deflated stream, and one that it unpacks to, have.

    Raises:
        FileTooLarge: more than ``most``.
    """
    unpacker, total, head = zlib.decompressobj(), 0, b""
    fed, at = packed[:_STEP], _STEP
    try:
        while fed and not unpacker.eof:
            piece = unpacker.decompress(fed, _STEP)
            if not total:
                head = piece
            total += len(piece)
            if total > most:
                raise _bomb()
            fed = unpacker.unconsumed_tail
            if not fed and not unpacker.eof:
                fed, at = packed[at : at + _STEP], at + _STEP
    except zlib.error:
        return total
    if head[:1] and head[0] in _ZLIB and len(head) > 2:
        if depth == 0:
            raise _bomb()
        whole = zlib.decompressobj().decompress(packed, most)
        total += _unpacked(whole, most, depth - 1)
    return total


def _bomb() -> FileTooLarge:
    return FileTooLarge("a PDF whose streams unpack without bound", Refusal.EXPANDS)
