"""Bodies that unpack to more, to less, or to nothing that their coding says."""

from __future__ import annotations

import gzip
import zlib

import brotli
import zstandard

from scraper.fetch import Outcome, Purpose
from tests.fetch.hostile.case import case, endless, raw
from tests.fetch.hostile.timing import CHUNKED, LENGTH, OK_HEAD
from tests.fetch.web import PAGE, answer

MIB = 1 << 20
ZEROS = bytes(16 * MIB)


def coded(body: bytes, coding: str) -> bytes:
    return answer(body, headers={"Content-Encoding": coding})


def gzip_bomb(members: int = 12) -> bytes:
    return gzip.compress(ZEROS, 9) * members


def deflate_bomb() -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(ZEROS) for _ in range(12)) + packer.flush()


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(packer.process(ZEROS) for _ in range(32)) + packer.finish()  # type: ignore[no-any-return]


def zstd_bomb(window: int = 22) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(compression_level=1, window_log=window)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return b"".join(packer.compress(ZEROS) for _ in range(32)) + packer.flush()


def in_chunks(body: bytes, size: int) -> bytes:
    pieces = (body[n : n + size] for n in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


GZIP_HEAD = OK_HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"

CASES = [
    case("gzip_bomb", Outcome.TOO_LARGE, coded(gzip_bomb(), "gzip")),
    case("gzip_bomb_in_chunks", Outcome.TOO_LARGE, raw(GZIP_HEAD + in_chunks(gzip_bomb(3), 7))),
    case("gzip_in_gzip_bomb", Outcome.TOO_LARGE, coded(gzip.compress(gzip_bomb(60)), "gzip, gzip")),
    case("undeclared_gzip_bomb", Outcome.TOO_LARGE, answer(gzip_bomb())),
    case("deflate_bomb", Outcome.TOO_LARGE, coded(deflate_bomb(), "deflate")),
    case("brotli_bomb", Outcome.TOO_LARGE, coded(brotli_bomb(), "br")),
    case("zstd_bomb", Outcome.TOO_LARGE, coded(zstd_bomb(), "zstd")),
    case("zstd_giant_window", Outcome.PROTOCOL, coded(zstd_bomb(27), "zstd")),
    case("gzip_bomb_as_robots", Outcome.BLOCKED_ROBOTS, robots=coded(gzip_bomb(), "gzip")),
    case("three_codings", Outcome.PROTOCOL, coded(PAGE, "gzip, gzip, gzip")),
    case("unknown_coding", Outcome.PROTOCOL, coded(PAGE, "compress-o-matic")),
    case("gzip_that_is_not", Outcome.PROTOCOL, coded(PAGE, "gzip")),
    case("brotli_that_is_not", Outcome.PROTOCOL, coded(PAGE, "br")),
    case("zstd_that_is_not", Outcome.PROTOCOL, coded(PAGE, "zstd")),
    case("gzip_cut_off", Outcome.PROTOCOL, coded(gzip.compress(PAGE)[:-20], "gzip")),
    case("brotli_cut_off", Outcome.PROTOCOL, coded(brotli.compress(PAGE)[:-5], "br")),
    case(
        "gzip_wrong_checksum", Outcome.PROTOCOL, coded(gzip.compress(PAGE)[:-8] + bytes(8), "gzip")
    ),
    case(
        "gzip_with_padding", Outcome.OK, coded(gzip.compress(PAGE) + bytes(512), "gzip"), body=PAGE
    ),
    case("gzip_undeclared", Outcome.OK, answer(gzip.compress(PAGE)), body=PAGE),
    case("raw_deflate", Outcome.OK, coded(zlib.compress(PAGE)[2:-4], "deflate"), body=PAGE),
    case(
        "twelve_mib_of_text",
        Outcome.TOO_LARGE,
        endless(OK_HEAD + b"Content-Length: 12582912\r\n\r\n", b"x" * 65536),
    ),
    case("length_too_long", Outcome.PROTOCOL, raw(LENGTH + PAGE)),
    case(
        "length_too_short",
        Outcome.OK,
        raw(OK_HEAD + b"Content-Length: 100\r\n\r\n" + PAGE),
        body=PAGE[:100],
    ),
    case("length_negative", Outcome.PROTOCOL, raw(OK_HEAD + b"Content-Length: -5\r\n\r\n" + PAGE)),
    case(
        "length_no_number", Outcome.PROTOCOL, raw(OK_HEAD + b"Content-Length: many\r\n\r\n" + PAGE)
    ),
    case(
        "length_enormous",
        Outcome.PROTOCOL,
        raw(OK_HEAD + b"Content-Length: 99999999999\r\n\r\n" + PAGE),
    ),
    case(
        "two_lengths",
        Outcome.PROTOCOL,
        raw(OK_HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + PAGE),
    ),
    case("chunk_size_no_number", Outcome.PROTOCOL, raw(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n")),
    case("chunk_size_overflow", Outcome.PROTOCOL, raw(CHUNKED + b"F" * 40 + b"\r\nabc")),
    case("chunk_size_lies", Outcome.PROTOCOL, raw(CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n")),
    case("chunks_without_end", Outcome.PROTOCOL, raw(CHUNKED + b"3\r\nabc\r\n")),
    case(
        "chunk_extension_without_end",
        (Outcome.PROTOCOL, Outcome.TIMEOUT),
        endless(CHUNKED + b"3;", b"x" * 65536),
    ),
    case(
        "trailers_without_end",
        (Outcome.PROTOCOL, Outcome.TIMEOUT),
        endless(CHUNKED + b"3\r\nabc\r\n0\r\n", b"X: y\r\n" * 1000),
    ),
    case("empty_body", Outcome.EMPTY, answer(b"")),
    case("blank_body", Outcome.EMPTY, answer(b" \r\n\t" * 2000)),
    case("no_content", Outcome.EMPTY, raw(b"HTTP/1.1 204 No Content\r\n\r\n")),
    case("charset_lies", Outcome.OK, answer(kind="text/html; charset=utf-16"), body=PAGE),
    case("charset_unknown", Outcome.OK, answer(kind="text/html; charset=klingon"), body=PAGE),
    case(
        "charset_of_a_mile", Outcome.OK, answer(kind="text/html; charset=" + "x" * 9000), body=PAGE
    ),
    case("type_missing", Outcome.OK, answer(kind=None), body=PAGE),
    case("pdf_as_page", Outcome.WRONG_TYPE, answer(b"%PDF-1.7 ...")),
    case(
        "program_as_page", Outcome.WRONG_TYPE, answer(b"MZ\x90\x00" + bytes(500), kind="text/html")
    ),
    case(
        "endless_video",
        Outcome.WRONG_TYPE,
        endless(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", bytes(65536)),
    ),
    case(
        "page_as_image",
        Outcome.WRONG_TYPE,
        answer(kind="image/jpeg"),
        request={"purpose": Purpose.IMAGE},
    ),
    case(
        "page_as_attachment", Outcome.WRONG_TYPE, answer(), request={"purpose": Purpose.ATTACHMENT}
    ),
]
