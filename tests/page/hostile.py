"""Markup that is broken in the ways the web breaks it, made from a seed; for tests and fuzzing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_PIECES: tuple[bytes, ...] = (
    b"<div>", b"</div>", b"<p>", b"</p>", b"<table><tr><td>", b"</td></tr></table>", b"<td>", b"</tr>",
    b"<a href='", b"'>", b"<img src=", b"<!--", b"-->", b"<!--enpcontent-->", b"<!--/enpcontent-->",
    b"<script>", b"</script>", b"<script type='application/ld+json'>", b'{"@type":"NewsArticle","headline":[{}]}',
    b'window.__INITIAL_STATE__={"a":[{"content":', b"&#x110000;", b"&nbsp;" * 5, b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"<meta name=PubDate content='9999-99-99'>", b"<meta name=ArticleTitle content=''>", b"<meta charset=utf-16>",
    b"<h1>", b"<ucaptitle>", b"<publishtime>", b"<br>" * 9, b"<pre>\n\n", b"<b><i><u>", b"<svg><title>", b"<template>",
    "来源：".encode(), "责任编辑：".encode(), "2024年13月45日 25:61".encode(), "（记者".encode(), "）".encode(),
    "索 引 号：".encode(), "附件：".encode(), "。".encode(), "发布时间：２０２４－".encode(), "相关阅读".encode(),
    b"<div id=abody pagedata='{\"allUrl\":\"http://[::1\"}'>", b"<a href='http://[bad'>2</a>", b"createPageHTML(3,0,",
    b" style='display:none' ", b"<frameset>", b"<select><option>", b"<noscript>", b"<math><mi>", b"<plaintext>",
)  # fmt: skip


def broken(chance: random.Random, pages: Sequence[bytes]) -> bytes:
    """A page (or none at all), damaged some times in some ways."""
    page = chance.choice(pages) if chance.random() < 0.8 else b""
    for _ in range(chance.randint(1, 6)):
        page = chance.choice(_WAYS)(chance, page)
    return page


def _cut(chance: random.Random, page: bytes) -> bytes:
    return page[: chance.randint(0, len(page))]


def _dropped(chance: random.Random, page: bytes) -> bytes:
    at = chance.randint(0, len(page))
    return page[:at] + page[at + chance.randint(1, 200) :]


def _doubled(chance: random.Random, page: bytes) -> bytes:
    at, size = chance.randint(0, len(page)), chance.randint(1, 300)
    return page[:at] + page[at : at + size] * chance.randint(2, 5) + page[at:]


def _inserted(chance: random.Random, page: bytes) -> bytes:
    at = chance.randint(0, len(page))
    pieces = b"".join(chance.choices(_PIECES, k=chance.randint(1, 12)))
    return page[:at] + pieces + page[at:]


def _flipped(chance: random.Random, page: bytes) -> bytes:
    damaged = bytearray(page)
    for _ in range(min(len(page), chance.randint(1, 20))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def _random(chance: random.Random, _page: bytes) -> bytes:
    return chance.randbytes(chance.randint(0, 300))


_WAYS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _cut, _dropped, _doubled, _inserted, _inserted, _flipped, _random,
)  # fmt: skip
