"""What the reader's pages show, and what they refuse."""

from __future__ import annotations

import datetime as dt
import json
from xml.etree import ElementTree as ET

import httpx
import pytest
from starlette.routing import Match

from scraper.archive import Archive
from scraper.database import Pool
from scraper.web import create_application
from scraper.web.archive import Reading
from tests.web.conftest import DAY, observation

STORY = (
    "十一月二十日，青川市召开新闻发布会，通报冬季供热准备情况。",
    "全市十四座热源厂已完成检修，储煤可用四十五天。",
    "市住建局介绍，今年供热面积一亿二千万平方米，比去年增加三百万平方米。",
)


@pytest.fixture
async def reader(reading: Reading) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_application(reading))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.fixture
async def story(archive: Archive) -> int:
    """A release with a copy and a revision."""
    first = await archive.store(observation(1, title="冬季供热新闻发布会", paragraphs=STORY))
    later = DAY + dt.timedelta(hours=5)
    await archive.store(
        observation(
            2,
            title="冬季供热新闻发布会",
            paragraphs=STORY,
            source_id="dongshan.daily",
            url="https://dongshan.example/2.html",
            published_at=later,
            fetched_at=later,
        )
    )
    edited = (STORY[0], STORY[1].replace("四十五", "四十八"), STORY[2])
    await archive.store(
        observation(1, title="冬季供热新闻发布会", paragraphs=edited, fetched_at=later)
    )
    return first.release_id


async def test_search_by_words_region_source_and_dates(
    reader: httpx.AsyncClient, archive: Archive
) -> None:
    for number in range(1, 4):
        await archive.store(observation(number, title=f"发布会{number}甲"))
    await archive.store(observation(9, title="乙", region=(), source_id="dongshan.daily"))

    async def titles(query: str) -> list[str]:
        text = (await reader.get(f"/{query}")).text
        return [part.partition("</a>")[0] for part in text.split('lang="zh">')[1:] if "甲" in part]

    assert len([t for t in await titles("?q=发布会2甲") if "甲" in t]) == 1
    assert "乙</a>" not in (await reader.get("/?region=120111")).text
    assert "发布会1甲" not in (await reader.get("/?source=dongshan.daily")).text
    assert (
        "archive"
        in (await reader.get("/?until=2020-01-01", headers={"Accept-Language": "en"})).text
    )


async def test_pages_follow_each_other(reader: httpx.AsyncClient, archive: Archive) -> None:
    for number in range(1, 24):
        await archive.store(observation(number, paragraphs=(f"第{number}号" * 40,)))
    first, second = await reader.get("/"), await reader.get("/?page=2")
    assert first.text.count("<article>") == 20
    assert 'rel="next" href="/?page=2"' in first.text
    assert second.text.count("<article>") == 3
    assert 'rel="next"' not in second.text


async def test_release_shows_text_copies_and_ways_on(reader: httpx.AsyncClient, story: int) -> None:
    page = (await reader.get(f"/release/{story}")).text
    assert "储煤可用四十八天" in page
    assert "东山日报社" in page
    assert 'href="https://qingchuan.example/1.html"' in page
    assert "/snapshot/" in page
    assert "/revisions" in page


async def test_an_address_of_a_merged_release_leads_to_the_one_that_took_it_over(
    reader: httpx.AsyncClient, story: int, pool: Pool
) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.release (release_id, merged_into) VALUES (%s, %s)",
            (story + 99, story),
        )
    answer = await reader.get(f"/release/{story + 99}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/release/{story}")


async def test_revision_shows_the_change_itself(reader: httpx.AsyncClient, story: int) -> None:
    page = (await reader.get(f"/release/{story}")).text
    path = "/publication/" + page.partition('href="/publication/')[2].partition('"')[0]
    changed = (await reader.get(path)).text
    assert "<del>四十五</del><ins>四十八</ins>" in changed


async def test_feeds_carry_the_search(reader: httpx.AsyncClient, story: int) -> None:
    feed = ET.fromstring((await reader.get("/feed.atom?q=供热")).content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert [e.text for e in feed.findall("a:entry/a:title", atom)] == ["冬季供热新闻发布会"]
    answer = await reader.get("/feed.json?q=供热")
    assert answer.headers["content-type"] == "application/feed+json"
    assert [item["title"] for item in json.loads(answer.text)["items"]] == ["冬季供热新闻发布会"]
    assert json.loads((await reader.get("/feed.json?q=没有")).text)["items"] == []


async def test_every_answer_is_guarded(
    reader: httpx.AsyncClient, reading: Reading, story: int
) -> None:
    paths = ["/", f"/release/{story}", "/snapshot/1", "/snapshot/1/page", "/snapshot/1/source"]
    paths += [
        "/search",
        "/watch/none.atom",
        "/watch/none.json",
        "/export.csv",
        "/calendar",
        "/sources.opml",
        f"/release/{story}/cite/ris",
        "/changes",
        "/changes.atom",
        "/carried",
        "/sources",
        "/regions",
        "/regions/120000",
        "/nope",
        "/?since=x",
        "/static/reader.css",
    ]
    paths += ["/publication/1/revisions", "/sources/qingchuan.gov", "/feed.atom", "/feed.json"]
    paths += ["/api/v1/search?q=供热", "/language/en", "/file/00ff", "/file/00ff/text"]
    routes = create_application(reading).routes
    scopes = [{"type": "http", "path": path, "method": "GET"} for path in paths]
    asked = [next((r for r in routes if r.matches(each)[0] is Match.FULL), None) for each in scopes]
    assert [r for r in routes if r not in asked] == [], "a page that is not among the paths above"
    for path in paths:
        headers = (await reader.get(path)).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), path
        ours = path != "/snapshot/1/page"
        assert policy.count("script") == policy.count("script-src 'self';") == ours, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


REFUSED = [
    ("/?since=someday", 400),
    ("/?since=2026-11-24&until=2026-11-23", 400),
    ("/changes?since=2026-11-24&until=2026-11-23", 400),
    ("/feed.atom?since=2026-11-24&until=2026-11-23", 400),
    ("/?since=7d&until=昨天", 200),
    ("/feed.json?since=2026-11", 200),
    ("/?since=0001-01-01", 400),
    ("/?page=0", 400),
    ("/?page=501", 400),
    ("/?region=12x", 400),
    ("/?region=99", 400),
    ("/?region=1201", 200),
    ("/?sort=best", 400),
    ("/?q=" + "长" * 201, 400),
    ("/feed.atom?until=2026-13-01", 400),
    ("/release/1", 404),
    ("/release/9223372036854775808", 404),
    ("/publication/1/revisions", 404),
    ("/snapshot/1/page", 404),
    ("/sources/no.such", 404),
    ("/regions/999999", 404),
    ("/language/fr", 404),
    ("/?q=%00", 200),
    ("/watch/%00.atom", 404),
    ("/file/%00/text", 404),
    ("/sources/%00", 404),
    ("/regions/%00", 404),
    ("/export.%00", 404),
    ("/?q=%22&sort=rank", 200),
    ("/static/../application.py", 404),
]


async def test_refuses_in_words(reader: httpx.AsyncClient) -> None:
    for path, status in REFUSED:
        answer = await reader.get(path)
        assert answer.status_code == status, path
        assert "Traceback" not in answer.text


async def test_other_names_of_this_machine_are_refused(reader: httpx.AsyncClient) -> None:
    answer = await reader.get("/", headers={"Host": "attacker.example"})
    assert answer.status_code == 400


async def test_language_is_kept_and_never_leads_away(reader: httpx.AsyncClient) -> None:
    english = await reader.get("/language/en?to=/sources")
    assert (english.status_code, english.headers["location"]) == (303, "/sources")
    assert "Sources" in (await reader.get("/sources")).text
    for bad in ("//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y"):
        away = await reader.get("/language/en", params={"to": bad})
        assert away.headers["location"].startswith("/")
        assert "evil" not in away.headers["location"]


async def test_the_reader_cannot_write(reading: Reading, archive: Archive) -> None:
    pool = reading._pool
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT current_user")).fetchone()
        assert row == ("tonggao_reader",)
        with pytest.raises(Exception, match="permission denied"):
            await connection.execute("SELECT 1 FROM tonggao.content")


async def test_words_of_both_languages_are_complete() -> None:
    from scraper.words import words

    assert words("en").keys() == words("zh").keys()
    assert all(value.strip() for language in ("en", "zh") for value in words(language).values())


async def test_regions_count_what_names_them_or_anything_below(
    reader: httpx.AsyncClient, archive: Archive
) -> None:
    await archive.store(observation(1, region=("120111",)))
    await archive.store(observation(2, region=("120000", "120111"), paragraphs=("乙" * 90,)))
    await archive.store(observation(3, region=("370100",), paragraphs=("丙" * 90,)))

    async def counts(path: str) -> dict[str, str]:
        parts = (await reader.get(path)).text.split('<span class="place" lang="zh">')[1:]
        return {
            part.partition("<")[0]: part.partition('"count">')[2].partition("<")[0]
            for part in parts
        }

    assert await counts("/regions") == {"天津市": "2", "山东省": "1"}
    assert await counts("/regions/370000") == {"济南市": "1"}
