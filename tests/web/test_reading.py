"""What the reader is for people: addresses as they are typed, errors in their language, pictures, badges."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import OperationalError

from scraper.archive import Archive
from scraper.database import Pool
from scraper.record.release import Image
from scraper.web import create_application
from scraper.web.archive import Reading
from scraper.web.query import Query, read_query
from scraper.web.server import with_ascii_target
from tests.web.conftest import DAY, observation

TODAY = dt.date(2026, 11, 28)
CHINESE = {"Accept-Language": "zh"}


@pytest.fixture
async def reader(reading: Reading) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_application(reading), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


async def sent(address: str, *pieces: bytes) -> bytes:
    """The whole answer of a server to bytes that arrive piece by piece."""
    host, port = address.removeprefix("http://").split(":")
    incoming, outgoing = await asyncio.open_connection(host, int(port))
    for piece in pieces:
        outgoing.write(piece)
        await outgoing.drain()
        await asyncio.sleep(0)
    answer = await incoming.read()
    outgoing.close()
    return answer


async def test_an_address_in_raw_utf_8_is_understood(address: str, archive: Archive) -> None:
    await archive.store(observation(1, title="冬季供热新闻发布会"))
    rest = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    target = "GET /?q=供热".encode()
    for pieces in ([target + rest], [target[:9], target[9:] + rest]):
        answer = await sent(address, *pieces)
        assert answer.startswith(b"HTTP/1.1 200")
        assert "冬季供热新闻发布会</a>".encode() in answer
    led = await sent(address, "GET /search?q=供热".encode() + rest)
    assert led.startswith(b"HTTP/1.1 308")
    assert b"location: /?q=%E4%BE%9B%E7%83%AD\r\n" in led
    assert (await sent(address, "GET /供热".encode() + rest)).startswith(b"HTTP/1.1 404")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_only_the_first_line_is_changed_and_means_the_same(line: bytes, rest: bytes) -> None:
    line = line.replace(b"\n", b"")
    plain = with_ascii_target(line + b"\n" + rest)
    first, _, behind = plain.partition(b"\n")
    assert behind == rest
    assert first.isascii()
    assert line.isascii() is (first == line)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?q=%E4%BE%9B&since=someday", "since：&#39;someday&#39; 不是日期、月份、年份或一段时间"),
        ("/?since=2026-13", "月份是 13；一年只有 12 个月"),
        ("/?since=2026-11-24&until=2026-11-23", "晚于 until 2026-11-23"),
        ("/?since=2026-02-30", "2026-02 只有 28 天"),
        ("/?kind=best", "kind 只能是 gov-portal"),
        ("/?page=0", "page 是 1 到 500 之间的数"),
        ("/?region=12x", "region 不是 GB/T 2260 代码：12x"),
        ("/feed.atom?since=someday", "不是日期、月份、年份或一段时间"),
        ("/changes.atom?kind=gossip", "kind 只能是"),
    ],
)
async def test_what_cannot_be_asked_is_told_in_chinese(
    reader: httpx.AsyncClient, path: str, said: str
) -> None:
    answer = await reader.get(path, headers=CHINESE)
    assert answer.status_code == 400
    assert said in answer.text
    assert ('value="供"' in answer.text) is ("q=" in path), "nobody types the words again"


@pytest.mark.parametrize(
    ("error", "status", "chinese"),
    [
        (OperationalError("the server is gone"), 503, "暂时连不上数据库"),
        (RuntimeError("a defect"), 500, "阅读器自身出错"),
    ],
)
async def test_failures_of_ours_are_no_fault_of_the_reader(
    reading: Reading,
    reader: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    chinese: str,
) -> None:
    async def fail(_: Query) -> None:
        raise error

    monkeypatch.setattr(reading, "search", fail)
    answer = await reader.get("/", headers=CHINESE)
    assert answer.status_code == status
    assert chinese in answer.text
    assert "再试" in answer.text, "every failure says what to do"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_picture_elsewhere_is_a_link_and_loads_nothing(
    reader: httpx.AsyncClient, archive: Archive
) -> None:
    image = Image("https://img.example/a.jpg", "发布会现场", "李明 摄", "台上五人")
    stored = await archive.store(observation(1, images=(image,)))
    answer = await reader.get(f"/release/{stored.release_id}")
    assert '<img src="https' not in answer.text
    assert (
        'href="https://img.example/a.jpg" target="_blank" rel="noreferrer noopener"' in answer.text
    )
    assert "<figcaption>发布会现场" in answer.text
    assert ">台上五人</p>" in answer.text, "what is not shown is said"
    assert "img-src 'self';" in answer.headers["content-security-policy"]
    assert "http:" not in answer.headers["content-security-policy"]


async def test_a_reparse_or_an_import_is_no_edit(
    reader: httpx.AsyncClient, archive: Archive, pool: Pool
) -> None:
    first = await archive.store(observation(1, title="供热会"))
    later = observation(
        1, title="供热会（更正）", fetched_at=DAY + dt.timedelta(hours=2), body=b"another"
    )
    await archive.store(later)
    headers = {"Accept-Language": "en"}
    assert ">edited</a>" in (await reader.get("/", headers=headers)).text
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.revision SET brought_by = 'import' WHERE title LIKE '%更正%'"
        )
    assert "edited" not in (await reader.get("/", headers=headers)).text
    page = (await reader.get(f"/release/{first.release_id}", headers=headers)).text
    assert "2 texts, none of them an edit" in page


def test_a_search_of_the_last_week_stays_one() -> None:
    monday = read_query({"q": "供热", "since": "7d"}, TODAY)
    tuesday = read_query({"q": "供热", "since": "7d"}, TODAY + dt.timedelta(days=1))
    assert monday.since != tuesday.since
    assert monday.address("/feed.atom") == tuesday.address("/feed.atom")
    assert "since=7d" in monday.address()
    assert "since=2026-11-01" in monday.address(since=dt.date(2026, 11, 1))
    assert "since" not in monday.address(since=None)
    assert replace(monday, page=3).address(page=4).endswith("page=4")
