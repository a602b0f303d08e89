"""Headlines are whole: whatever elements their characters stand in, whatever the tool tip adds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.listing import read_listing

URL = "http://www.example.gov.cn/xw/"
DAYS = "<span>2026-03-1{}</span>"


def titles(*links: str, day: str = DAYS) -> list[str | None]:
    rows = "".join(f"<li>{link}{day.format(n)}</li>" for n, link in enumerate(links))
    listing = read_listing(f"<meta charset=utf-8><ul>{rows}</ul>".encode(), URL)
    assert [link.date for link in listing.links] == [
        dt.date(2026, 3, 10 + n) for n in range(len(links))
    ]
    return [link.title for link in listing.links]


@pytest.mark.parametrize("tag", ["span", "em", "font", "b", "i", "strong"])
@pytest.mark.parametrize(
    ("pieces", "title"),
    [
        (("", "2026", "年全市经济运行新闻发布会举行"), "2026年全市经济运行新闻发布会举行"),
        (("关于", "12", "月", "25", "日停水的通知公告"), "关于12月25日停水的通知公告"),
        (("R", "24007", "地块建设项目中标公告"), "R24007地块建设项目中标公告"),
        (("", "3", "·", "15", "消费者权益日活动举行"), "3·15消费者权益日活动举行"),
        (("全市工业增加值增长", "5"), "全市工业增加值增长5"),
        (("新一轮强降雨预报发布至", "9月15日"), "新一轮强降雨预报发布至9月15日"),
        (("", "9月15日", "起全市部分道路临时交通管制"), "9月15日起全市部分道路临时交通管制"),
    ],
)
def test_digits_in_elements_of_their_own_stay(
    tag: str, pieces: tuple[str, ...], title: str
) -> None:
    marked = "".join(
        f"<{tag}>{piece}</{tag}>" if n % 2 else piece for n, piece in enumerate(pieces)
    )
    plain = "<a href='/art/2026/3/9/art_1_99.html'>示例市召开全市重点项目推进会议</a>"
    found = titles(f"<a href='/art/2026/3/10/art_1_1.html'>{marked}</a>", plain)
    assert found == [title, "示例市召开全市重点项目推进会议"]


@given(st.text("市县区2026召开会议第1次推进", min_size=12, max_size=24), st.integers(1, 5))
def test_a_headline_cut_into_elements_is_put_together(title: str, size: int) -> None:
    pieces = [title[start : start + size] for start in range(0, len(title), size)]
    row = "".join(f"<i></i><font>{piece}</font>" for piece in pieces)
    assert titles(f"<a href='/art/2026/3/10/art_1_1.html'>{row}</a>") == [title]


@pytest.mark.parametrize(
    ("shown", "hint", "title"),
    [
        ("示例市召开常务会议…", "示例市召开常务会议研究部署工作", "示例市召开常务会议研究部署工作"),
        ("召开常务会议研究", "示例市召开常务会议研究部署工作", "示例市召开常务会议研究部署工作"),
        ("地块建设项目中标公告", "R24007地块建设项目中标公告", "R24007地块建设项目中标公告"),
        ("示例市召开常务会议研究部署", "点击查看", "示例市召开常务会议研究部署"),
        ("示例市召开常务会议", "示例市召开常务会议。3月10日，市长主持会议。", "示例市召开常务会议"),
    ],
)
def test_the_tool_tip_wins_where_the_text_is_a_part_of_it(
    shown: str, hint: str, title: str
) -> None:
    assert titles(f"<a href='/art/2026/3/10/art_1_1.html' title='{hint}'>{shown}</a>") == [title]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/t20260310_1.html'><span>2026-03-10</span><em>2026</em>年发展规划发布</a>",
        "<a href='/t20260310_1.html'><em>2026</em>年发展规划发布<span>2026-03-10</span></a>",
        "<a href='/t20260310_1.html'><b>10</b><i>2026-03</i><em>2026</em>年发展规划发布</a>",
        "<a href='/t20260310_1.html'><p><em>2026</em>年发展规划发布</p><span>2026-03-10</span></a>",
        "<a href='/t20260310_1.html'><h3><em>2026</em>年发展规划发布</h3><p>摘要文字，比标题长一些。</p></a>",
    ],
)
def test_a_date_within_the_link_is_not_its_headline(link: str) -> None:
    assert titles(link) == ["2026年发展规划发布"]


WHOLE = "示例市人民政府关于印发城镇老旧小区改造实施方案的通知"
START = f"{WHOLE[:14]}…"
HREF = "/art/2026/3/10/art_1_1.html"


@pytest.mark.parametrize(
    "row",
    [
        f"<li title='{WHOLE}'><a href='{HREF}'>{START}</a><span>2026-03-10</span></li>",
        f"<li><a href='{HREF}'><span title='{WHOLE}'>{START}</span></a><span>2026-03-10</span></li>",
        f"<li><div title='{WHOLE}'><p><a href='{HREF}'>{START}</a></p></div><i>2026-03-10</i></li>",
        f"<li><a href='{HREF}'><img src='1.jpg' alt='{WHOLE}'><p>{START}</p></a><i>2026-03-10</i></li>",
        f"<li><a href='{HREF}' title='{WHOLE}&#10;发布日期：2026-03-10&#10;点击数：20'>{START}</a></li>",
        f"<li><a href='{HREF}' title='标题：{WHOLE}&#10;作者：示例'>{START}</a><i>2026-03-10</i></li>",
    ],
)
def test_a_cut_headline_is_whole_in_a_tool_tip_anywhere_in_its_row(row: str) -> None:
    assert rows_read(row) == [WHOLE]


@pytest.mark.parametrize(
    "link",
    [
        f"<span class='zd'>置顶</span>{WHOLE}",
        f"[置顶]{WHOLE}",
        f"【置 顶】 {WHOLE}",
        f"{WHOLE}<em>NEW</em>",
        f"<i>荐</i><b>{WHOLE}</b>",
    ],
)
def test_a_mark_of_the_row_is_no_part_of_the_headline(link: str) -> None:
    assert rows_read(f"<li><a href='{HREF}'>{link}</a><span>2026-03-10</span></li>") == [WHOLE]


def test_a_tool_tip_that_is_the_same_for_all_is_no_headline() -> None:
    hint = "示范网站门户通知公告栏目信息点击后在新窗口打开查看"
    row = f"<li><a href='{HREF}' title='{hint}'>全市防汛工作会议召开</a><i>2026-03-10</i></li>"
    assert rows_read(row) == ["全市防汛工作会议召开"]


@pytest.mark.parametrize(
    ("shown", "beside", "title"),
    [
        ("每日要情（2026年3月9日）", "2026-03-10", "每日要情（2026年3月9日）"),
        ("每日要情 2026-03-09", "03-10", "每日要情 2026-03-09"),
        ("示例市召开防汛会议[2026-03-10]", "", "示例市召开防汛会议"),
    ],
)
def test_a_date_at_the_end_is_the_headlines_own_where_the_row_has_another(
    shown: str, beside: str, title: str
) -> None:
    assert rows_read(f"<li><a href='{HREF}'>{shown}</a><span>{beside}</span></li>") == [title]


@pytest.mark.parametrize(
    "hint",
    ["&lt;b&gt;{}&lt;/b&gt;", "{}&amp;nbsp;", "&lt;font color=red&gt;{}&lt;/font&gt;&lt;br/&gt;"],
)
def test_markup_in_a_tool_tip_is_no_part_of_the_headline(hint: str) -> None:
    row = f"<li><a href='{HREF}' title='{hint.format(WHOLE)}'>{START}</a><i>2026-03-10</i></li>"
    assert rows_read(row) == [WHOLE]


@pytest.mark.parametrize("first", [1, 16])
@pytest.mark.parametrize("width", [1, 2])
def test_the_numbers_of_rows_are_no_part_of_their_headlines(first: int, width: int) -> None:
    rows = (
        f"<li><a href='/art/2026/3/10/art_1_{n}.html'><em>{first + n:0{width}}</em>全市第{n}次防汛工作会议召开</a></li>"
        for n in range(4)
    )
    assert rows_read(*rows) == [f"全市第{n}次防汛工作会议召开" for n in range(4)]


def test_numbers_that_do_not_count_the_rows_stay() -> None:
    rows = (
        f"<li><a href='/art/2026/3/10/art_1_{n}.html'><em>{2026 - n}</em>年全市财政预算报告</a></li>"
        for n in range(4)
    )
    assert rows_read(*rows) == [f"{2026 - n}年全市财政预算报告" for n in range(4)]


@pytest.mark.parametrize(
    "beside",
    [
        "【通知公告】",
        "[部门动态]",
        "来源：示例日报",
        "浏览次数：123",
        "发布时间：2026-03-10",
        "2026-03-10 10:00",
    ],
)
def test_a_block_beside_the_headline_is_none(beside: str) -> None:
    link = f"<a href='{HREF}'><p>{beside}</p><p>{WHOLE}</p></a>"
    assert rows_read(f"<li>{link}<span>2026-03-10</span></li>") == [WHOLE]


def test_the_columns_names_before_headlines_are_no_part_of_them() -> None:
    rows = (
        f"<li><a href='/art/2026/3/10/art_1_{n}.html'><span>{'通知公告' if n % 3 else '政策文件'}</span> <span>全市第{n}次防汛工作会议召开</span></a></li>"
        for n in range(6)
    )
    assert rows_read(*rows) == [f"全市第{n}次防汛工作会议召开" for n in range(6)]


@pytest.mark.parametrize("mark", ["em", "font"])
def test_a_word_that_a_search_marks_in_each_headline_stays(mark: str) -> None:
    rows = (
        f"<li><a href='/art/2026/3/10/art_1_{n}.html'><{mark}>防汛</{mark}>工作第{n}次全市会议召开</a></li>"
        for n in range(6)
    )
    assert rows_read(*rows) == [f"防汛工作第{n}次全市会议召开" for n in range(6)]


@pytest.mark.parametrize(
    "cells",
    [
        "<td><a href='{u}'>示政办〔2026〕{n}号</a></td><td><a href='{u}'>{t}</a></td><td>2026-03-10</td>",
        "<td><a href='{u}'>11130635000/2026-0000{n}</a></td><td>{t}</td><td>2026-03-10</td>",
        "<td><a href='{u}'>示政办〔2026〕{n}号</a></td><td>{t}</td><td>2026-03-10</td>",
    ],
)
def test_the_number_of_a_document_is_no_headline(cells: str) -> None:
    names = [f"关于开展第{n}批农村公路养护工程的通知" for n in range(4)]
    rows = "".join(
        f"<tr>{cells.format(u=f'/art/2026/3/10/art_1_{n}.html', n=n, t=name)}</tr>"
        for n, name in enumerate(names)
    )
    page = f"<meta charset=utf-8><table><tr><th>文号</th><th>标题</th><th>发布日期</th></tr>{rows}</table>"
    assert [link.title for link in read_listing(page.encode(), URL).links] == names


def test_a_link_that_shows_but_the_day_has_its_headline_in_the_tool_tip() -> None:
    rows = (
        f"<li><a href='/art/2026/3/{n}/art_1_{n}.html' title='{WHOLE}第{n}号'><div>2026-03-{n}</div></a></li>"
        for n in range(10, 14)
    )
    page = f"<meta charset=utf-8><ul>{''.join(rows)}</ul>"
    links = read_listing(page.encode(), URL).links
    assert [link.title for link in links] == [f"{WHOLE}第{n}号" for n in range(10, 14)]
    assert [link.date for link in links] == [dt.date(2026, 3, n) for n in range(10, 14)]


@pytest.mark.parametrize("silent", ["<style>.a{color:red}</style>", "<script>var x = 1;</script>"])
def test_scripts_and_styles_in_a_link_are_no_part_of_the_headline(silent: str) -> None:
    row = f"<li><a href='{HREF}'>{silent}{WHOLE}</a><span>2026-03-10</span></li>"
    assert rows_read(row) == [WHOLE]


@pytest.mark.parametrize(
    ("link", "title"),
    [
        (f"{WHOLE[:9]}<br>{WHOLE[9:]}", WHOLE),
        (f"{WHOLE[:-2]}<br/>{WHOLE[-2:]}", WHOLE),
        (f"{WHOLE}<br>近日，市政府召开会议，部署有关工作。", WHOLE),
        (f"{WHOLE}<br>2026-03-10", WHOLE),
        (f"{WHOLE}<br>示例日报", WHOLE),
        (f"{WHOLE}<br>来源：示例日报", WHOLE),
    ],
)
def test_a_second_line_is_the_headlines_and_a_summary_is_not(link: str, title: str) -> None:
    row = f"<li><a href='{HREF}'>{link}</a><span>2026-03-10</span></li>"
    assert rows_read(row) == [title]


def rows_read(*rows: str) -> list[str | None]:
    page = f"<meta charset=utf-8><ul>{''.join(rows)}</ul>"
    return [link.title for link in read_listing(page.encode(), URL).links]
