"""What a search can be narrowed by: facets and the calendar, as trees and as pages."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.archive.querying.finding import Facet
from scraper.web import archive as web_archive
from scraper.web import create_application, facets
from scraper.web.archive import Reading
from scraper.web.calendar import SHADES, months
from scraper.web.query import Query
from scraper.web.rows import DayCount
from scraper.words import words
from tests.web.conftest import observation


@pytest.fixture
async def reader(reading: Reading) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_application(reading))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


def test_regions_are_a_tree_and_every_value_narrows() -> None:
    counts = [
        Facet("region", "120000", "天津市", None, 3),
        Facet("region", "120111", "西青区", "120000", 2),
        Facet("region", "371302", "兰山区", "371300", 1),
        Facet("kind", "gov-portal", "gov-portal", None, 3),
        Facet("month", "2026-10", "2026-10", None, 9),
        Facet("month", "2026-11", "2026-11", None, 1),
        Facet("named source", "新华社", "新华社", None, 1),
    ]
    query = Query("供热", region="120111")
    found = {group.facet: group for group in facets.groups(counts, query, words("zh"))}
    assert list(found) == ["region", "named source", "kind", "month"]
    tianjin, lanshan = found["region"].choices
    assert (lanshan.name, lanshan.below) == ("兰山区", ()), "nothing above it was counted"
    (xiqing,) = tianjin.below
    assert (tianjin.open, xiqing.chosen) == (True, True)
    assert xiqing.address == query.address(region=None)
    assert "region=120000" in tianjin.address
    assert found["kind"].choices[0].name == "政府门户"
    assert [each.name for each in found["month"].choices] == ["2026-11", "2026-10"]
    assert "since=2026-11&until=2026-11" in found["month"].choices[0].address
    assert [name for _, name, _ in facets.chosen(query, words("zh"), {"region": "西青区"})] == [
        "西青区"
    ]


@given(
    st.dictionaries(st.dates(dt.date(2025, 12, 1), dt.date(2027, 2, 1)), st.integers(1, 10**9)),
    st.integers(2025, 2027),
)
def test_a_year_holds_every_day_once(counts: dict[dt.date, int], year: int) -> None:
    found = months(year, [DayCount(day, count) for day, count in counts.items()])
    days = [day for month in found for week in month.weeks for day in week if day]
    assert [day.date for day in days] == [
        dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(len(days))
    ]
    assert days[-1].date == dt.date(year, 12, 31)
    assert all(len(week) == 7 for month in found for week in month.weeks)
    for day in days:
        assert day.releases == counts.get(day.date, 0)
        assert (day.shade == 0) is (day.releases == 0)
        assert day.shade <= SHADES
    assert sum(month.releases for month in found) == sum(day.releases for day in days)


def counted(page: str) -> dict[str, tuple[str, int]]:
    """Names of the page's facets: their addresses and counts."""
    link = r'<li><a href="([^"]+)"[^>]*><span lang="zh">([^<]+)</span> <span class="count">(\d+)'
    return {
        name: (address.replace("&amp;", "&"), int(n)) for address, name, n in re.findall(link, page)
    }


async def test_what_a_facet_counts_is_what_its_link_finds(
    reader: httpx.AsyncClient, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    await archive.store(observation(1, source="新华社", column="要闻", region=("120000", "120111")))
    await archive.store(observation(2, source="新华社", paragraphs=("乙" * 90,), region=()))
    await archive.store(
        observation(3, source="青川日报", paragraphs=("丙" * 90,), region=("370000", "370100"),
                    source_id="dongshan.daily", column="要闻")
    )  # fmt: skip
    page = (await reader.get("/", headers={"Accept-Language": "zh"})).text
    found = counted(page)
    assert {
        "天津市",
        "西青区",
        "济南市",
        "新华社",
        "要闻",
        "今日青川",
        "省级新闻网站",
        "2026-11",
    } <= set(found)
    for name, (address, count) in found.items():
        narrowed = (await reader.get(address, headers={"Accept-Language": "zh"})).text
        assert narrowed.count("<article>") == count, name
        assert f'<span lang="zh">{name}</span> ×' in narrowed or name == "2026-11", name
        assert counted(narrowed)[name] == (counted(narrowed)[name][0], count)
    assert (await reader.get("/export.jsonl?named=新华社")).text.count("\n") == 2
    year = (await reader.get("/calendar?year=2026&named=新华社")).text
    assert year.count('aria-label="2026-11-') == 1
    assert "named=%E6%96%B0%E5%8D%8E%E7%A4%BE" in year

    async def too_slow(*_: object) -> None:
        return None

    monkeypatch.setattr(web_archive.Reading, "_counted", too_slow)
    page = (await reader.get("/", headers={"Accept-Language": "zh"})).text
    assert page.count("<article>") == 3
    assert "计数耗时过长" in page
    assert "计数耗时过长" in (await reader.get("/calendar", headers={"Accept-Language": "zh"})).text
