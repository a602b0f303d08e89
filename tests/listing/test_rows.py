"""One row: which of its links is the article, and what of the row is of another."""

from __future__ import annotations

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
