from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.bodies import Body, BodyTooLarge, BrokenBody

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": lambda body: zstandard.ZstdCompressor().compress(body),
    "identity": bytes,
}
LIMIT = 1 << 20


def unpack(coding: str, wire: bytes, piece: int = 1 << 16, limit: int = LIMIT) -> bytes:
    body = Body(coding, LIMIT, limit)
    for start in range(0, len(wire), piece):
        body.feed(wire[start : start + piece])
    return body.finish()


@pytest.mark.parametrize("coding", PACK)
@given(plain=st.binary(max_size=5000), piece=st.integers(1, 700))
def test_what_was_packed_is_unpacked_whatever_the_pieces(
    coding: str, plain: bytes, piece: int
) -> None:
    assert unpack(coding, PACK[coding](plain), piece) == plain


@pytest.mark.parametrize("coding", PACK)
@given(wire=st.binary(max_size=500))
def test_rubbish_is_broken_or_a_body(coding: str, wire: bytes) -> None:
    try:
        unpack(coding, wire)
    except BrokenBody:
        return


def test_two_codings_are_undone_in_turn() -> None:
    assert unpack("gzip, br", brotli.compress(gzip.compress(b"text"))) == b"text"


def test_members_of_gzip_follow_each_other() -> None:
    assert unpack("gzip", gzip.compress(b"one ") + gzip.compress(b"two"), 5) == b"one two"


@pytest.mark.parametrize("coding", PACK)
def test_the_limit_on_what_comes_out_is_exact(coding: str) -> None:
    wire = PACK[coding](bytes(50_000))
    assert len(unpack(coding, wire, limit=50_000)) == 50_000
    with pytest.raises(BodyTooLarge):
        unpack(coding, wire, limit=49_999)


def test_gzip_that_is_not_declared_is_undone_for_pages_only() -> None:
    wire = gzip.compress(b"text")
    page, file = Body("", LIMIT, LIMIT, sniff=True), Body("", LIMIT, LIMIT)
    page.feed(wire)
    file.feed(wire)
    assert (page.finish(), file.finish()) == (b"text", wire)


def test_the_limit_on_what_arrives_is_exact() -> None:
    body = Body("", 10, LIMIT)
    body.feed(bytes(10))
    with pytest.raises(BodyTooLarge, match="10 bytes"):
        body.feed(b"x")
