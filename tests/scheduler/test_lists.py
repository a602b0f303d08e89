"""The walk into the past, one page at a time, from a cursor that anybody can take up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from scheduler.backfill.lists import read_past_page
from scraper.errors import FetchError
from scraper.listing.walk import FormFields
from scraper.sources import Kind, Source

SOURCE = Source(
    id="a",
    name="a",
    publisher="a",
    kind=Kind.GOV_PORTAL,
    lists=("http://a.test/one/", "http://a.test/two/"),
    overlap=1,
)


def listing(name: str, numbers: range, following: str | None) -> bytes:
    """A list page whose article n is of the n-th day before 1 June 2026."""
    rows = "".join(
        f"<li><a href='/{name}/art/t{n}.html'>关于第{n}号工作进展情况的通报</a>"
        f"<span>{dt.date(2026, 6, 1) - dt.timedelta(days=n)}</span></li>"
        for n in numbers
    )
    more = f"<a href='{following}'>下一页</a>" if following else ""
    return (
        f"<html><meta charset=utf-8><body><ul>{rows}</ul><div>{more}</div></body></html>".encode()
    )


class Pages:
    """A site of list pages; those not there are gone."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def __call__(self, url: str, _: FormFields | None) -> tuple[bytes, str, str | None]:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError(f"{url}: gone", outcome="gone", url=url)  # type: ignore[arg-type]
        return self.pages[url], url, "utf-8"


TWO_LISTS = {
    "http://a.test/one/": listing("one", range(8), "/one/2.html"),
    "http://a.test/one/2.html": listing("one", range(8, 16), "/one/3.html"),
    "http://a.test/one/3.html": listing("one", range(16, 24), None),
    "http://a.test/two/": listing("two", range(8), None),
}


async def walked(pages: Pages, since: dt.date | None = None) -> list[int]:
    """Links of each page, the cursor going through JSON between two pages."""
    counts, cursor, first = [], None, True
    while first or cursor is not None:
        first = False
        page = await read_past_page(SOURCE, pages, cursor, since)
        counts.append(len(page.links))
        cursor = page.cursor
        assert len(counts) < 20
    return counts


async def test_all_pages_of_all_lists_are_read_once() -> None:
    pages = Pages(TWO_LISTS)
    assert await walked(pages) == [8, 8, 8, 8]
    assert pages.asked == list(TWO_LISTS)


async def test_a_list_is_left_once_its_pages_are_older_than_asked_for() -> None:
    many = {
        f"http://a.test/one/{n}.html": listing("one", range(n * 8, n * 8 + 8), f"/one/{n + 1}.html")
        for n in range(2, 9)
    }
    pages = Pages(
        {**TWO_LISTS, "http://a.test/one/": listing("one", range(8, 16), "/one/2.html"), **many}
    )
    await walked(pages, since=dt.date(2026, 5, 25))
    asked = [url for url in pages.asked if "/one/" in url]
    assert len(asked) == 2  # nothing young on either: the overlap is one page
    assert pages.asked[-1] == "http://a.test/two/"


async def test_a_page_that_is_gone_ends_its_list_and_the_first_one_fails() -> None:
    without = {url: body for url, body in TWO_LISTS.items() if not url.endswith("3.html")}
    assert await walked(Pages(without)) == [8, 8, 0, 8]
    with pytest.raises(FetchError):
        await read_past_page(SOURCE, Pages({}), None, None)


async def test_days_come_from_the_row_or_the_address() -> None:
    page: Any = await read_past_page(SOURCE, Pages(TWO_LISTS), None, None)
    assert page.links[0].date == dt.date(2026, 6, 1)
    assert page.links[0].url == "http://a.test/one/art/t0.html"


async def test_broken_rows_of_the_past_are_told() -> None:
    rows = "<url><loc>http://a.test/1.html</loc></url><url><loc>http://a.test/2.html</lock></url>"
    page = await read_past_page(
        SOURCE, Pages({"http://a.test/one/": f"<urlset>{rows}</urlset>".encode()}), None, None
    )
    assert [link.url for link in page.links] == ["http://a.test/1.html"]
    assert page.remark == "1 rows of http://a.test/one/ are broken and were left out"
