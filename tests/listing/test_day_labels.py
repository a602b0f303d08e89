"""Of several days in a row, the one of publication: by labels, and by the heads of columns."""

from __future__ import annotations

import pytest

from scraper.listing import read_listing
from tests.listing.layouts import COLUMN

DAYS = ("2026-09-28", "2026-09-20", "2026-08-30")
TITLES = ("关于印发城镇老旧小区改造实施方案的通知", "关于开展饮用水水源地专项检查的公告", "举行第三季度经济运行情况新闻发布会")  # fmt: skip
NONE = (None, None, None)


def dates(page: str) -> tuple[str | None, ...]:
    listing = read_listing(f"<meta charset=utf-8>{page}".encode(), COLUMN)
    assert [link.title for link in listing.links] == list(TITLES)
    return tuple(link.date.isoformat() if link.date else None for link in listing.links)


def rows(row: str, wrap: str) -> str:
    """Rows of a form: ``{link}`` is the link, ``{day}`` the day of publication."""
    written = (
        row.format(link=f"<a href='/info/1019/{9000 - n}.htm'>{title}</a>", day=day, n=n + 1)
        for n, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    )
    return wrap.format(rows="".join(written))


@pytest.mark.parametrize(
    ("beside", "stated"),
    [
        ("<span>发布日期：{day}</span><span>成文日期：2026-01-0{n}</span>", True),
        ("<span>发布日期：</span><span>{day}</span><span>成文日期：</span><span>2026-01-0{n}</span>", True),
        ("<span>{day}</span><span>有效期至：2031-01-0{n}</span>", True),
        ("<span>{day}</span><p>征集时间：2026-10-0{n} 至 2026-11-0{n}</p>", True),
        ("<p>發佈時間：{day}</p><p>截止日期：2026-12-0{n}</p>", True),
        ("<p>公布日期：{day}</p>", True),
        ("<span>{day}</span><span>成文：2026-01-0{n}</span>", True),
        ("<span>{day}</span><span>公示期：2026-10-0{n}至2026-10-1{n}</span>", True),
        ("<p>公示时间：{day}至2026-11-0{n}</p>", False),
        ("<p>{day} - 2026-11-0{n}</p>", False),
        ("<p>{day} ~ 2026-11-0{n}</p>", False),
        ("<p>示例市教育局 - {day}</p>", True),
        ("<p>文号：示政办〔2026〕{n}号</p><p>成文日期：{day}</p>", False),
        ("<p>征集时间：{day}至2026-11-0{n}</p>", False),
        ("<p>报名截止时间：{day} 17:00</p>", False),
    ],
)  # fmt: skip
def test_a_label_says_what_a_day_is_of(beside: str, stated: bool) -> None:
    assert dates(rows(f"<li>{{link}}{beside}</li>", "<ul>{rows}</ul>")) == (
        DAYS if stated else NONE
    )


@pytest.mark.parametrize(
    ("names", "cells", "stated"),
    [
        (("标题", "文号", "发布日期", "成文日期"), ("{link}", "示政办〔2026〕{n}号", "{day}", "2026-01-0{n}"), True),
        (("标题", "文号", "成文日期", "发布日期"), ("{link}", "示政办〔2026〕{n}号", "2026-01-0{n}", "{day}"), True),
        (("标题", "公开时间", "有效期至"), ("{link}", "{day}", "2031-01-0{n}"), True),
        (("序号", "名称", "日期", "截止时间"), ("{n}", "{link}", "{day}", "2026-12-0{n}"), True),
        (("标题", "文号", "成文日期"), ("{link}", "示政办〔2026〕{n}号", "{day}"), False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", ["th", "td", "thead", "list", "above"])
def test_a_column_says_what_its_days_are_of(
    names: tuple[str, ...], cells: tuple[str, ...], stated: bool, head: str
) -> None:
    cell = "span" if head in {"list", "above"} else "td"
    row = "".join(f"<{cell}>{each}</{cell}>" for each in cells)
    named = "th" if head in {"th", "thead"} else cell
    first = "".join(f"<{named}>{each}</{named}>" for each in names)
    forms = {
        "th": f"<table><tr>{first}</tr>{{rows}}</table>",
        "td": f"<table><tr>{first}</tr>{{rows}}</table>",
        "thead": f"<table><thead><tr>{first}</tr></thead><tbody>{{rows}}</tbody></table>",
        "list": f"<ul><li>{first}</li>{{rows}}</ul>",
        "above": f"<div>{first}</div><ul>{{rows}}</ul>",
    }
    outer = "li" if cell == "span" else "tr"
    page = rows(f"<{outer}>{row}</{outer}>", forms[head])
    assert dates(page) == (DAYS if stated else NONE)


def test_short_days_under_a_column_keep_what_tells_their_year() -> None:
    head = "<tr><th>标题</th><th>时间</th></tr>"
    page = rows("<tr><td>{link}</td><td>0{n}-05</td></tr>", f"<h2>2026年</h2><table>{head}{{rows}}</table>")  # fmt: skip
    assert dates(page) == ("2026-01-05", "2026-02-05", "2026-03-05")


def test_a_day_in_a_headline_behind_a_press_conference_is_not_the_rows() -> None:
    page = "".join(
        f"<li><a href='/info/1019/{n}.htm'>市政府举行新闻发布会（2026年3月{n}日）</a><span>2026-04-1{n}</span></li>"
        for n in (3, 2, 1)
    )
    links = read_listing(f"<meta charset=utf-8><ul>{page}</ul>".encode(), COLUMN).links
    assert [str(link.date) for link in links] == ["2026-04-13", "2026-04-12", "2026-04-11"]
    assert links[0].title == "市政府举行新闻发布会（2026年3月3日）"


@pytest.mark.parametrize("head", ["<table><tr>{}</tr></table>", "<ul>{}</ul>"])
def test_the_columns_of_records_are_named_in_the_page(head: str) -> None:
    tag = "th" if "table" in head else "li"
    names = "".join(f"<{tag}>{name}</{tag}>" for name in ("名称", "文号", "发布日期", "成文日期"))
    cells = "<td>{link}</td><td>示政办〔2026〕{n}号</td><td>{day}</td><td>2026-01-0{n}</td>"
    records = rows(
        f"<record><![CDATA[<tr>{cells}</tr>]]></record>",
        "<datastore><recordset>{rows}</recordset></datastore>",
    )
    assert dates(f"{head.format(names)}<script type='text/xml'>{records}</script>") == DAYS
