"""Walking lists: where to stop, what to skip, what to survive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from scraper.errors import EmptyListing, FetchError
from scraper.listing import Cursor, Stop, WalkedPage
from scraper.listing.walk import walk
from scraper.outcome import Outcome
from scraper.sources import Source

HOME = "http://www.example.gov.cn/yw/"
DAY = dt.date(2026, 9, 30)
LAST = "<span>尾页</span>"


def source(**changes: object) -> Source:
    given = {
        "id": "example.gov.yw", "name": "要闻", "publisher": "示例市人民政府", "kind": "gov-portal",
        "lists": HOME, "allow": r"/t\d{8}_\d+\.html",
    }  # fmt: skip
    return Source.model_validate({**given, **changes})


def row(number: int, day: dt.date) -> str:
    return (
        f'<li><a href="/yw/{day:%Y%m}/t{day:%Y%m%d}_{number}.html">第{number}号新闻的标题写在这里</a>'
        f"<span>{day}</span></li>"
    )


def page(rows: Iterable[tuple[int, dt.date]], following: str | None) -> bytes:
    pager = f'<a href="{following}">下一页</a>' if following else LAST
    items = "".join(row(number, day) for number, day in rows)
    advert = '<li><a href="http://shop.example.com/123456.html">一条与本站无关的广告链接</a></li>'
    return f"<body><ul class=list>{items}{advert}</ul><div>{pager}</div></body>".encode()


def column(pages: int, size: int = 5) -> dict[str, bytes]:
    """A column whose newest article has the highest number, one a day."""
    site = {}
    for index in range(pages):
        numbers = range(pages * size - index * size, pages * size - (index + 1) * size, -1)
        rows = [(number, DAY - dt.timedelta(days=pages * size - number)) for number in numbers]
        address = HOME if index == 0 else f"{HOME}index_{index}.html"
        site[address] = page(rows, f"index_{index + 1}.html" if index + 1 < pages else None)
    return site


class Reader:
    """Serves pages from memory and remembers what was asked."""

    def __init__(self, site: dict[str, bytes], missing: Outcome = Outcome.GONE) -> None:
        self.site, self.missing, self.asked = site, missing, list[str]()

    async def __call__(self, url: str, form: object) -> tuple[bytes, str, str | None]:
        self.asked.append(url)
        if url not in self.site:
            raise FetchError(f"{url}: not there", outcome=self.missing, url=url)
        return self.site[url], url, "utf-8"


def knows(*numbers: int, everything: bool = False):
    async def known(urls: Iterable[str]) -> set[str]:
        return {url for url in urls if everything or int(url.rpartition("_")[2][:-5]) in numbers}

    return known


async def collect(reader: Reader, known, **options) -> list[WalkedPage]:
    chosen = options.pop("source", source())
    return [each async for each in walk(chosen, reader, known, **options)]


async def test_a_first_visit_reads_to_the_end() -> None:
    pages = await collect(Reader(column(3)), knows())
    assert [len(each.fresh) for each in pages] == [5, 5, 5]
    assert [each.stop for each in pages] == [None, None, Stop.END]
    assert pages[-1].cursor is None


async def test_advertisements_never_enter() -> None:
    pages = await collect(Reader(column(1)), knows())
    assert len(pages[0].listing.links) == 6
    assert pages[0].accepted == 5
    assert all("example.gov.cn" in link.url for link in pages[0].fresh)


async def test_a_visit_stops_after_the_overlap() -> None:
    reader = Reader(column(6))
    pages = await collect(reader, knows(*range(1, 26)))  # page 1 (26 to 30) is new
    assert [each.stop for each in pages] == [None, None, Stop.KNOWN]
    assert len(reader.asked) == 3


async def test_a_gap_left_by_an_interrupted_visit_is_found() -> None:
    pages = await collect(Reader(column(4)), knows(*range(16, 21), *range(1, 11)))  # page 2 missing
    assert [len(each.fresh) for each in pages] == [0, 5, 0, 0]


async def test_without_overlap_one_known_page_is_enough() -> None:
    reader = Reader(column(4))
    await collect(reader, knows(everything=True), source=source(overlap=0))
    assert reader.asked == [HOME]


async def test_a_backfill_goes_past_known_pages_to_the_day() -> None:
    pages = await collect(
        Reader(column(6)), knows(*range(21, 31)), since=DAY - dt.timedelta(days=12)
    )
    assert sum(len(each.fresh) for each in pages) == 3  # 18, 19, 20: 30 down to 21 are known
    assert pages[-1].stop is Stop.OLDER
    assert pages[-1].number == 5  # page 3 reaches the day, 4 and 5 are older


async def test_pinned_rows_and_disorder_do_not_stop_a_backfill() -> None:
    old, new = dt.date(2020, 1, 1), dt.date(2026, 9, 1)
    site = {
        HOME: page([(1, old), (2, new), (3, old)], "index_1.html"),
        f"{HOME}index_1.html": page([(1, old), (4, new)], None),
    }
    pages = await collect(Reader(site), knows(), since=dt.date(2026, 1, 1))
    assert [[link.date for link in each.fresh] for each in pages] == [[new], [new]]


async def test_paging_that_returns_is_a_loop() -> None:
    site = {
        HOME: page([(1, DAY), (2, DAY)], "index_1.html"),
        f"{HOME}index_1.html": page([(3, DAY), (4, DAY)], HOME),
    }
    pages = await collect(Reader(site), knows())
    assert pages[-1].stop is Stop.LOOP


async def test_a_last_page_that_is_served_for_ever_is_left() -> None:
    rows = [(1, DAY), (2, DAY)]
    site = {HOME: page(rows, "index_1.html"), f"{HOME}index_1.html": page(rows, "index_2.html")}
    pages = await collect(Reader(site), knows())
    assert pages[-1].stop is Stop.REPEATED


async def test_endless_paging_ends_at_the_limit() -> None:
    class Endless(Reader):
        async def __call__(self, url: str, form: object) -> tuple[bytes, str, str | None]:
            self.asked.append(url)
            number = len(self.asked)
            return (
                page([(number * 2, DAY), (number * 2 + 1, DAY)], f"index_{number}.html"),
                url,
                None,
            )

    reader = Endless({})
    pages = await collect(reader, knows(), source=source(max_pages=7))
    assert len(reader.asked) == 7
    assert pages[-1].stop is Stop.LIMIT


async def test_a_list_without_own_links_is_an_error_of_the_source() -> None:
    reader = Reader(column(1))
    with pytest.raises(EmptyListing, match=r"example\.gov\.yw.*6 links.*0 of them"):
        await collect(reader, knows(), source=source(allow=r"/nothing/"))


async def test_a_linked_page_that_is_gone_ends_the_list_after_pages_that_were_read() -> None:
    """A site's last link "next" often leads nowhere; what was read before it counts."""
    site = column(3)
    del site[f"{HOME}index_2.html"]
    pages = await collect(Reader(site), knows())
    assert [len(each.fresh) for each in pages] == [5, 5]


async def test_a_first_page_that_is_gone_is_a_failure() -> None:
    with pytest.raises(FetchError):
        await collect(Reader({}), knows())


async def test_a_page_past_the_end_ends_the_list() -> None:
    site = {HOME: page([(1, DAY), (2, DAY)], "index_1.html"), f"{HOME}index_1.html": b"<p>none</p>"}
    assert len(await collect(Reader(site), knows())) == 1


async def test_a_failing_page_in_the_middle_is_an_error() -> None:
    site = {HOME: page([(1, DAY), (2, DAY)], "index_1.html")}
    with pytest.raises(FetchError):
        await collect(Reader(site, Outcome.SERVER_ERROR), knows())


async def test_a_page_that_only_the_rule_of_the_platform_names_may_be_missing() -> None:
    body = page([(number, DAY) for number in range(9)], None).replace(LAST.encode(), b"")
    reader = Reader({HOME: body})
    pages = await collect(reader, knows())
    assert reader.asked == [HOME, f"{HOME}index_1.html"]
    assert len(pages) == 1


async def test_a_guessed_page_is_not_asked_for_when_nothing_is_new() -> None:
    body = page([(number, DAY) for number in range(9)], None).replace(LAST.encode(), b"")
    reader = Reader({HOME: body})
    pages = await collect(reader, knows(everything=True))
    assert reader.asked == [HOME]
    assert pages[0].stop is Stop.KNOWN


async def test_a_walk_goes_on_from_its_cursor() -> None:
    first = [
        each async for each in walk(source(), Reader(column(4)), knows(), since=dt.date(2020, 1, 1))
    ]
    cursor = Cursor.load(first[1].cursor.dump())
    rest = await collect(Reader(column(4)), knows(), since=dt.date(2020, 1, 1), cursor=cursor)
    assert [each.url for each in rest] == [each.url for each in first[2:]]
    assert [each.fresh for each in rest] == [each.fresh for each in first[2:]]


async def test_every_list_of_a_source_is_walked() -> None:
    other = "http://www.example.gov.cn/tz/"
    site = {**column(2), other: page([(900, DAY), (901, DAY)], None)}
    pages = await collect(Reader(site), knows(), source=source(lists=[HOME, other]))
    assert [each.url for each in pages] == [HOME, f"{HOME}index_1.html", other]
    assert pages[1].cursor == Cursor(1, other, 1)
    assert pages[2].cursor is None


async def test_the_form_of_a_proxy_is_posted_again_for_each_range() -> None:
    """jpage: the column page names the form, the answers of the proxy do not."""
    column_page = "<script>var param_7={columnid:9,unitid:'7'};$('#7').jpage({totalRecord:9,perPage:1})</script>"
    posted = []

    async def read_page(url: str, form: object) -> tuple[bytes, str, str | None]:
        posted.append(form)
        if "dataproxy" not in url:
            return column_page.encode(), url, None
        start = int(url.partition("startrecord=")[2].partition("&")[0])
        records = "".join(f"<record>{row(n, DAY)}</record>" for n in range(start, start + 3))
        total = "<totalrecord>9</totalrecord>"
        return f"<datastore>{total}<recordset>{records}</recordset></datastore>".encode(), url, None

    pages = [each async for each in walk(source(overlap=0), read_page, knows())]
    form = (("columnid", "9"), ("unitid", "7"))
    assert posted == [None, form, form, form]
    assert [len(each.fresh) for each in pages] == [0, 3, 3, 3]
    assert pages[-1].stop is Stop.END
