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
    ],
)  # fmt: skip
def test_the_first_headline_is_the_article_and_the_day_behind_it_its_day(row: str) -> None:
    found = [(link.url, link.title, str(link.date)) for link in links(row)]
    assert found == [
        (f"{HOST}/zc/{n}.html", title, f"2026-09-2{n}") for n, title in enumerate(TITLES)
    ]
