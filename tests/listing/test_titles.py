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
