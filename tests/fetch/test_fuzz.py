"""Answers damaged at random: whatever comes, the client names an outcome and raises nothing."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Sequence

import brotli
import pytest

from scraper.fetch import Outcome, Request
from scraper.fetch.client import Client
from scraper.fetch.guard import locate
from tests.fetch.web import PAGE, Call, Web, Writer, answer, policy, serving

URL = "http://www.xiqing.test/a.html"
WHOLE = [
    answer(),
    answer(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"}),
    answer(brotli.compress(PAGE), headers={"Content-Encoding": "br"}),
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    answer(b"", 302, {"Location": "/b.html"}),
    answer(b"", 304, {"ETag": '"1"'}),
]


def damage(chance: random.Random, whole: bytes) -> bytes:
    damaged = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(damaged)), chance.randint(1, 6)
        piece = b"" if chance.random() < 0.3 else chance.randbytes(length)
        damaged[at : at + length * chance.randint(0, 1)] = piece
    return bytes(damaged)


async def nowhere(_host: str, _port: int) -> Sequence[str]:
    return []


@pytest.mark.parametrize("seed", range(3))
async def test_no_answer_makes_the_client_raise(seed: int) -> None:
    chance, web, seen = random.Random(seed), Web(), Counter[Outcome | None]()

    async def broken(_call: Call, writer: Writer) -> None:
        writer.write(damage(chance, chance.choice(WHOLE)))
        writer.close()

    web.default = broken
    async with serving(web):
        rules = policy("www.xiqing.test", port=web.port, read_timeout=0.3)
        async with Client(rules, nowhere) as client:
            for _ in range(100):
                reply = await client.send(Request(url=URL), locate(URL))
                assert (reply.outcome is None) == (not reply.detail)
                seen[reply.outcome] += 1
    assert {None, Outcome.PROTOCOL} <= set(seen)
