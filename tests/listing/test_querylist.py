"""The platform of ``/queryList``: rows in a script, answers to a form, and the walk between them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence

import pytest

from scraper.errors import EmptyListing
from scraper.listing import Cursor, Form, Link, Stop, read_listing
from scraper.listing.walk import walk
from scraper.sources import Source

SITE = "https://sthj.example.gov.cn"
COLUMN = f"{SITE}/sthj/col/col42150/index.html"
QUERY = f"{SITE}/queryList"
DAY = dt.date(2026, 9, 24)
CALL = """<script>var params = { current: 1, unitid: '380055', webSiteCode: ['sthj'], channelCode: ['col42150'],
  dataBefore: '', perPage: '15', notReturnContent:false, showMode: 'normal', titleMax: '34' };
  loadPageData(params, '380055');</script>"""


def article(number: int, *, as_text: bool = True) -> dict[str, object]:
    urls = {"pc": f"/sthj/col/col42150/content/content_{number}.html", "mobile": f"/m/{number}"}
    return {
        "title": f"关于第{number}项工作的政策解读", "pubDate": "2026-09-24 16:59", "showTitle": "<p>…</p>",
        "urls": json.dumps(urls) if as_text else urls, "contentSource": "厅综合处", "images": [{}],
    }  # fmt: skip


def page(numbers: Iterable[int], call: str = CALL) -> bytes:
    menu = json.dumps([{"name": f"栏目{n}", "code": f"col{n}"} for n in range(40)])
    rows = json.dumps([article(n) for n in numbers], ensure_ascii=False)
    script = f"var channels = {menu}; var listData = {{\n articleList: {rows} }};"
    return f"<body><a href='/sthj/'>首页</a><script>{script}</script>{call}</body>".encode()


def answer(numbers: Iterable[int], total: int, *, as_text: bool = True) -> bytes:
    results = [{"id": str(n), "source": article(n, as_text=as_text)} for n in numbers]
    return json.dumps({"code": 200, "data": {"total": total, "results": results}}).encode()


def link(number: int) -> Link:
    url = f"{SITE}/sthj/col/col42150/content/content_{number}.html"
    return Link(url, f"关于第{number}项工作的政策解读", DAY)


def form(page: int) -> tuple[tuple[str, str], ...]:
    return (
        ("current", str(page)), ("perPage", "15"), ("pageSize", "15"), ("unitid", "380055"),
        ("webSiteCode", "sthj"), ("channelCode", "col42150"), ("showMode", "normal"),
        ("searchstart", "1"), ("sort", "sortNum"), ("order", "desc"),
    )  # fmt: skip


def test_the_rows_of_the_page_and_the_form_for_those_after_them() -> None:
    listing = read_listing(page(range(50)), COLUMN)
    assert listing.engine == "querylist"
    assert listing.links == tuple(map(link, range(50)))
    assert (listing.next_url, listing.next_form) == (QUERY, Form(form(4)))


def test_a_page_that_holds_less_than_a_screen_is_the_whole_list() -> None:
    listing = read_listing(page(range(9)), COLUMN)
    assert len(listing.links) == 9
    assert listing.next_url is None


def test_a_page_without_rows_points_to_its_first_form() -> None:
    listing = read_listing(page(()), COLUMN)
    assert listing.links == ()
    assert (listing.next_url, listing.next_form) == (QUERY, Form(form(1)))


def test_rows_are_read_where_the_page_does_not_say_what_to_post() -> None:
    listing = read_listing(page(range(9), call=""), COLUMN)
    assert listing.links == tuple(map(link, range(9)))


@pytest.mark.parametrize("as_text", [True, False], ids=["addresses as text", "as an object"])
def test_an_answer_and_the_form_after_it(as_text: bool) -> None:
    listing = read_listing(answer(range(15), 60, as_text=as_text), QUERY, form=form(3))
    assert listing.engine == "querylist"
    assert listing.links == tuple(map(link, range(15)))
    assert (listing.next_url, listing.next_form) == (QUERY, Form(form(4)))
    last = read_listing(answer(range(15), 60), QUERY, form=form(4))
    assert (last.next_url, last.next_form) == (None, None)


def test_an_answer_of_which_nobody_knows_the_form_has_no_next_page() -> None:
    assert read_listing(answer(range(15), 60), QUERY).next_url is None


def test_an_answer_past_the_end() -> None:
    with pytest.raises(EmptyListing):
        read_listing(answer((), 60), QUERY, form=form(5))


@pytest.mark.parametrize("urls", ["{", "{}", '{"pc": null}', "[" * 9000, '{"pc": {}}', 7])
def test_records_with_a_broken_address_are_left_out(urls: object) -> None:
    broken = {"title": "一条地址坏了的记录", "urls": urls}
    results = [{"source": broken}, {"source": article(1)}]
    body = json.dumps({"data": {"total": 2, "results": results}}).encode()
    assert read_listing(body, QUERY).links == (link(1),)


async def test_the_walk_posts_page_after_page_and_goes_on_from_a_cursor() -> None:
    source = Source.model_validate(
        {"id": "example.sthj", "name": "解读", "publisher": "示例省生态环境厅", "kind": "gov-department",
         "lists": COLUMN}
    )  # fmt: skip
    asked: list[tuple[str, Sequence[tuple[str, str]] | None]] = []

    async def bring(url: str, fields) -> tuple[bytes, str, str | None]:
        asked.append((url, fields))
        if fields is None:
            return page(range(15)), url, "utf-8"
        number = int(dict(fields)["current"])
        return answer(range(15 * number - 15, 15 * number), 45), url, "utf-8"

    async def known(_urls: Iterable[str]) -> set[str]:
        return set()

    pages = [each async for each in walk(source, bring, known)]
    assert [link.url for each in pages for link in each.fresh] == [link(n).url for n in range(45)]
    assert asked == [(COLUMN, None), (QUERY, form(2)), (QUERY, form(3))]
    assert pages[-1].stop is Stop.END
    assert pages[0].cursor is not None
    again = Cursor.load(pages[0].cursor.dump())
    rest = [each async for each in walk(source, bring, known, cursor=again)]
    assert [each.number for each in rest] == [2, 3]
