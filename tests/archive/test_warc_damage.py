"""Damaged WARC files: each broken record is named, the others are read, and little memory is taken."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive.exchange.warc_reading import (
    CONTENT_BYTES,
    Damaged,
    ReceivedPage,
    read_warc,
)
from scraper.clock import SHANGHAI
from scraper.errors import UsageError

NOW = dt.datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI)
PAGE = "<html><h1>标题</h1><p>正文。</p></html>".encode()
URI = "https://a.example/{}"


def answer(body: bytes = PAGE, **headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(content: bytes, number: int = 1, **changed: str | None) -> bytes:
    given = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Target-URI": URI.format(number),
        "WARC-Date": "2024-11-16T01:00:00Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(content)),
    }
    given |= {name.replace("_", "-"): value for name, value in changed.items()}  # type: ignore[misc]
    head = [f"{name}: {value}" for name, value in given.items() if value is not None]
    return "\r\n".join(["WARC/1.1", *head]).encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


def read(data: bytes) -> list[str]:
    """The pages' last parts, and the reasons of what was damaged."""
    found = []
    for each in read_warc(io.BytesIO(data), NOW):
        if isinstance(each, ReceivedPage):
            assert each.body == PAGE
            found.append(each.url.rsplit("/", 1)[1])
        else:
            assert isinstance(each, Damaged)
            found.append(each.reason)
    return found


def sound(number: int) -> bytes:
    return record(answer(), number)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"WARC_Date": None}, "no WARC-Date"),
        ({"WARC_Date": "yesterday"}, "WARC-Date: 'yesterday' is no time"),
        ({"WARC_Date": "2024-11-16T01:00:00"}, "has no time zone"),
        ({"WARC_Date": "0001-01-01T00:00:00Z"}, "the year 1 is not"),
        ({"WARC_Date": "9999-12-31T23:59:59Z"}, "WARC-Date"),
        ({"WARC_Target_URI": None}, "no WARC-Target-URI"),
        ({"WARC_Target_URI": "not an address"}, "is no address"),
        ({"WARC_Target_URI": "http://[::1/"}, "is no address"),
        ({"Content_Length": None}, "no Content-Length"),
        ({"Content_Length": "-5"}, "Content-Length is '-5'"),
        ({"Content_Length": "many"}, "Content-Length is 'many'"),
        ({"Content_Length": "7"}, "does not end where its Content-Length says"),
        ({"X": "a\x00b"}, "a header holds NUL"),
        ({"X": "a" * 70_000}, "too long"),
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_a_broken_record_is_named_and_the_others_are_read(broken, reason, compressed) -> None:
    parts = [sound(1), record(answer(), 2, **broken), sound(3)]
    data = b"".join(gzip.compress(part) for part in parts) if compressed else b"".join(parts)
    first, told, last = read(data)
    assert (first, last) == ("1", "3")
    assert reason in told


def test_nul_in_the_answers_headers_is_named() -> None:
    bad = record(answer(X="a\x00b"), 2)
    assert read(sound(1) + bad + sound(3)) == ["1", "a header holds NUL", "3"]


@pytest.mark.parametrize("end", [10, 100, 200, -10])
def test_a_file_that_is_cut_off_says_so(end: int) -> None:
    assert any("cut off" in told for told in read(sound(1) + sound(2)[:end]))


@pytest.mark.parametrize("end", [15, 100, 200])
def test_a_compressed_file_that_is_cut_off_says_so(end: int) -> None:
    data = gzip.compress(sound(1)) + gzip.compress(sound(2))[:end]
    first, told = read(data)
    assert first == "1"
    assert "cut off" in told


def test_a_broken_member_ends_with_itself() -> None:
    middle = bytearray(gzip.compress(sound(2)))
    middle[40:60] = b"\xff" * 20
    first, *told, last = read(gzip.compress(sound(1)) + bytes(middle) + gzip.compress(sound(3)))
    assert (first, last) == ("1", "3")
    assert any("compressed data is broken" in reason for reason in told)


def test_records_in_members_that_do_not_end_with_them() -> None:
    whole = sound(1) + sound(2) + sound(3)
    assert read(gzip.compress(whole)) == ["1", "2", "3"]
    assert read(gzip.compress(whole[:300]) + gzip.compress(whole[300:])) == ["1", "2", "3"]
    assert read(zstandard.compress(sound(1)) + zstandard.compress(sound(2))) == ["1", "2"]


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("br", PAGE),
        ("unheard-of", PAGE),
        ("identity", PAGE),
    ],
)
def test_content_codings_are_undone(coding: str, packed: bytes) -> None:
    assert read(record(answer(packed, Content_Encoding=coding))) == ["1"]


@pytest.mark.parametrize(
    ("coding", "reason"),
    [("unheard-of", "is unknown"), ("gzip", "coding"), ("br,br,br", "codings")],
)
def test_a_body_that_no_coding_fits_is_named(coding: str, reason: str) -> None:
    bad = record(answer(b"\x00\x01\x02", Content_Encoding=coding), 2)
    first, told, last = read(sound(1) + bad + sound(3))
    assert (first, last) == ("1", "3")
    assert reason in told


def test_chunks_are_joined_where_there_are_any() -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    assert read(record(answer(chunked, Transfer_Encoding="chunked"))) == ["1"]
    assert read(record(answer(PAGE, Transfer_Encoding="chunked"))) == ["1"]


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_what_unpacks_to_gigabytes_is_refused_in_little_memory(coding: str) -> None:
    """Two megabytes that become half a gigabyte, as a coding of the body."""
    bomb = _bomb(coding)
    data = record(answer(bomb, Content_Encoding=coding), 1) + sound(2)
    tracemalloc.start()
    try:
        told, last = read(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert last == "2"
    assert "unpacks to more than" in told
    assert peak < 200 << 20


def test_a_member_that_unpacks_to_gigabytes_is_refused_in_little_memory() -> None:
    size = 1 << 29
    head = record(b"", 1, Content_Length=str(size)).removesuffix(b"\r\n\r\n")
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    piece = bytes(1 << 20)
    parts = [packer.compress(head), *(packer.compress(piece) for _ in range(size >> 20))]
    data = b"".join([*parts, packer.compress(b"\r\n\r\n"), packer.flush()]) + gzip.compress(
        sound(2)
    )
    tracemalloc.start()
    try:
        told, last = read(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert last == "2"
    assert f"longer than {CONTENT_BYTES >> 20} MiB" in told
    assert peak < 200 << 20


def _bomb(coding: str) -> bytes:
    piece, times = bytes(1 << 20), 1 << 9
    if coding == "gzip":
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        return b"".join([*(packer.compress(piece) for _ in range(times)), packer.flush()])
    if coding == "zstd":
        frames = zstandard.ZstdCompressor(level=1).compressobj()
        return b"".join([*(frames.compress(piece) for _ in range(times)), frames.flush()])
    packed = brotli.Compressor(quality=1)
    return b"".join([*(packed.process(piece) for _ in range(times)), packed.finish()])


@pytest.mark.parametrize(
    "data", [b"", b"<html>no</html>", bytes(1000), b"\x1f\x8b\x08" + bytes(50)]
)
def test_what_holds_no_record_is_no_warc_file(data: bytes) -> None:
    with pytest.raises(UsageError, match="not a WARC file"):
        read(data)


@settings(max_examples=300, deadline=None)
@given(
    compressed=st.booleans(),
    changes=st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=8)), max_size=6
    ),
)
def test_whatever_is_damaged_nothing_else_comes_out(compressed, changes) -> None:
    parts = [sound(1), sound(2), record(answer(brotli.compress(PAGE), Content_Encoding="br"), 3)]
    data = b"".join(gzip.compress(part) for part in parts) if compressed else b"".join(parts)
    for place, length, fresh in changes:
        data = data[:place] + fresh + data[place + length :]
    try:
        found = list(read_warc(io.BytesIO(data), NOW))
    except UsageError:
        return
    assert all(not isinstance(each, Damaged) or each.reason for each in found)
