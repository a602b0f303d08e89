"""One row: which of its links is the article, and what of the row is of another."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.listing import Link, read_listing
from tests.listing.layouts import COLUMN, HOST

TITLES = ("关于印发城镇老旧小区改造实施方案的通知", "关于公布高中招生计划的通知", "关于开展饮用水水源地专项检查的公告", "举行第三季度经济运行情况发布会")  # fmt: skip


def links(row: str) -> tuple[Link, ...]:
    """The rows read of a list whose rows have a form: ``{t}`` headline, ``{u}`` address, ``{d}`` day."""
    written = (
        row.format(t=title, u=f"/zc/{n}.html", d=f"2026-09-2{n}", n=n)
        for n, title in enumerate(TITLES)
    )
    return read_listing(f"<meta charset=utf-8><ul>{''.join(written)}</ul>".encode(), COLUMN).links


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='{u}'>{t}</a><span>{d}</span><div><a href='/jd/{n}.html'>《{t}》政策解读</a><span>2026-10-01</span></div></li>",
        "<li><a href='{u}'>{t}</a><a href='/jd/{n}.html'>一图读懂{t}</a><span>{d}</span></li>",
        "<li><a href='/bm/jyj/index.html'>[示例市人力资源和社会保障局]</a><a href='{u}'>{t}</a><span>{d}</span></li>",
        "<li><a data-href='{u}' href='javascript:;'>{t}</a><span>{d}</span></li>",
        "<li><a data-url='{u}' href='#'>{t}</a><span>{d}</span></li>",
        "<li onclick=\"window.location.href='{u}'\"><p>{t}</p><span>{d}</span></li>",
        "<li data-href='{u}'><p>{t}</p><span>{d}</span></li>",
        "<a href='{u}'><li>{t}<span>{d}</span></li></a>",
        "<li><a href='{u}'><div class='a'>{t}</div><div class='b'><span>发文机关：市府办</span><span>发布日期：{d}</span></div></a></li>",
        "<li><a href='{u}'><div class='a'>{t}</div><div class='b'><span>成文：2026.01.01</span><span>发布：{d}</span></div></a></li>",
        "<script>document.write(\"<li><a href='{u}'>{t}</a><span>{d}<\\/span></li>\")</script>",
    ],
)  # fmt: skip
def test_the_first_headline_is_the_article_and_the_day_behind_it_its_day(row: str) -> None:
    found = [(link.url, link.title, str(link.date)) for link in links(row)]
    assert found == [
        (f"{HOST}/zc/{n}.html", title, f"2026-09-2{n}") for n, title in enumerate(TITLES)
    ]


@pytest.mark.parametrize(
    "told",
    [
        "2023年5月6日，县委召开会议，研究部署有关工作。",
        "9月10日上午，市领导一行到基层调研；2025年3月1日起施行",
        "本办法自2027-01-01起施行",
        "2023年5月6日（星期六）上午10时，市政府新闻办举行新闻发布会。",
        "截至2026年8月31日，累计完成投资12亿元。",
    ],
)
def test_a_day_in_a_sentence_is_not_the_rows(told: str) -> None:
    assert {link.date for link in links(f"<li><a href='{{u}}'>{{t}}</a><p>{told}</p></li>")} == {
        None
    }
    beside = links(f"<li><a href='{{u}}'>{{t}}</a><p>{told}</p><i>{{d}}</i></li>")
    assert [str(link.date) for link in beside] == [f"2026-09-2{n}" for n in range(4)]


@pytest.mark.parametrize(
    "told", ["来源：示例日报　{d}", "示例日报 | {d} | 阅读 23", "{d}（星期三）", "市府办 {d} 10:20"]
)
def test_a_day_beside_a_source_is_the_rows(told: str) -> None:
    found = links(f"<li><a href='{{u}}'>{{t}}</a><p>{told}</p></li>")
    assert [str(link.date) for link in found] == [f"2026-09-2{n}" for n in range(4)]


@pytest.mark.parametrize("more", ["查看更多通知公告信息", "更多通知公告", "点击查看更多新闻 >>"])
def test_a_link_to_more_is_no_row(more: str) -> None:
    rows = "".join(
        f"<li><a href='/zc/{n}.html'>{title}</a><span>2026-09-2{n}</span></li>"
        for n, title in enumerate(TITLES)
    )
    page = f"<meta charset=utf-8><ul>{rows}<li><a href='/zc/more.html'>{more}</a></li></ul>"
    assert len(read_listing(page.encode(), COLUMN).links) == len(TITLES)


def test_short_headlines_with_a_day_in_their_address_are_rows() -> None:
    rows = "".join(
        f"<li><a href='./202609/t202609{day}_{day}00.html'>人事任免</a><span>2026-09-{day}</span></li>"
        for day in range(10, 20)
    )
    menu = "<p><a href='/zwgk/'>示例市人民政府信息公开平台</a></p>"
    page = f"<meta charset=utf-8>{menu}<ul>{rows}</ul>"
    assert len(read_listing(page.encode(), COLUMN).links) == 10


@pytest.mark.parametrize(
    ("form", "days"),
    [
        ("{:%d/%m/%Y}", ("28/09/2026", "03/09/2026")),
        ("{:%d.%m.%Y}", ("28.09.2026", "03.09.2026")),
        ("{:%m/%d/%Y}", ("09/28/2026", "09/03/2026")),
    ],
)
def test_the_list_shows_whether_the_day_or_the_month_is_first(
    form: str, days: tuple[str, ...]
) -> None:
    written = [form.format(dt.date(2026, 9, day)) for day in (28, 3)]
    assert tuple(written) == days
    assert two(*written) == [dt.date(2026, 9, 28), dt.date(2026, 9, 3)]


@pytest.mark.parametrize(
    "written",
    [
        ("03/09/2026", "02/09/2026"),
        ("28/09/2026", "09/28/2026"),
        ("1970-01-01", "1970-01-01"),
        ("0000-00-00", "2026-13-45"),
    ],
)
def test_a_day_that_nobody_can_tell_is_none(written: tuple[str, str]) -> None:
    assert None in two(*written)


def test_a_month_by_its_english_name_in_a_box() -> None:
    found = two("<b>28</b><i>Sep, 2026</i>", "<b>3</b><i>September 2026</i>")
    assert found == [dt.date(2026, 9, 28), dt.date(2026, 9, 3)]


def two(*days: str) -> list[dt.date | None]:
    """The days read of rows that show them so."""
    rows = "".join(
        f"<li><a href='/info/1019/{n}.htm'>{TITLES[n]}</a><span>{day}</span></li>"
        for n, day in enumerate(days)
    )
    return [
        link.date
        for link in read_listing(f"<meta charset=utf-8><ul>{rows}</ul>".encode(), COLUMN).links
    ]
