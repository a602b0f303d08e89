"""What is no article says so by its own error; what is one is not refused."""

from __future__ import annotations

import pytest

from scraper.errors import (
    EmptyPage,
    ListPage,
    LoginPage,
    MissingPage,
    PageError,
    TooLarge,
    TooShort,
    VideoOnly,
    Wall,
)
from scraper.page import parse_page
from scraper.page.layout.limits import MAX_BYTES

URL = "http://www.example.gov.cn/a/1.html"


def page(body: str, title: str = "青川市人民政府") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


ROWS = "".join(
    f'<li><a href="/a/{n}.html">青川市第{n}次防汛工作会议在市水务局召开</a><span>2024-07-{n:02}</span></li>'
    for n in range(1, 21)
)
TEXT = "青川市水务局今天上午召开新闻通气会，通报全市汛期以来水库调度和堤防巡查的有关情况。"


@pytest.mark.parametrize(
    ("html", "error"),
    [
        (b"", EmptyPage),
        (b"   \n", EmptyPage),
        (page(""), EmptyPage),
        (page("<script>document.cookie='a=1';location.reload()</script>"), Wall),
        (b'<script>var $_ts={};$_ts.nsd=1</script><body onload="">', Wall),
        (page("<p>请开启JavaScript并刷新该页</p><script>x()</script>"), Wall),
        (page("<div>访问验证 请按住滑块完成验证</div>", "安全验证"), Wall),
        (
            page("<h1>404</h1><p>您访问的页面不存在或已被删除！</p><a href='/'>返回首页</a>"),
            MissingPage,
        ),
        (page("<p>对不起，该文章不存在</p>", "提示信息"), MissingPage),
        (page("<form>用户登录<input name=u><input type=password name=p></form>"), LoginPage),
        (page(f"<h1>部门动态</h1><ul>{ROWS}</ul>"), ListPage),
        (page("<h1>西青区举行发布会</h1><video src=a.mp4></video>"), VideoOnly),
        (page("<h1>西青区举行发布会</h1><p>敬请关注。</p>"), TooShort),
        (b"<div>" * 100_000 + b"x", TooLarge),
        (b"<p>x" * (MAX_BYTES // 4 + 1), TooLarge),
    ],
)
def test_each_kind_of_page_has_its_error(html: bytes, error: type[PageError]) -> None:
    with pytest.raises(error, match=URL) as caught:
        parse_page(html, URL)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "html",
    [
        page(f"<h1>水务局通报汛情</h1><p>{TEXT}</p>"),
        page(f"<h1>水务局通报汛情</h1><div id=zoom><p>{TEXT}</p></div><ul>{ROWS}</ul>"),
        page(f"<h1>水务局通报汛情</h1><video src=a.mp4></video><p>{TEXT}</p>"),
        page(f"<form>登录<input type=password></form><h1>水务局通报汛情</h1><p>{TEXT * 3}</p>"),
        page('<h1>一图读懂水库调度</h1><div id="zoom"><p><img src="/upload/one.jpg"></p></div>'),
        page(
            "<h1>食品安全检测站揭牌</h1><p>2024-03-05</p><div><p>3月5日，青川市食品安全检测站揭牌。</p></div>"
            "<script>document.cookie='a=1'</script>"
        ),
        page(f"<h1>网页打不开怎么办</h1><p>{TEXT * 4}市民反映页面不存在的，可以拨打电话。</p>"),
    ],
)
def test_an_article_is_not_refused(html: bytes) -> None:
    assert parse_page(html, URL).title


@pytest.mark.parametrize("tag", ["div", "b", "table", "font", "ul", "blockquote", "span"])
def test_deep_markup_is_refused_or_read_without_harm(tag: str) -> None:
    for depth in (400, 4_000, 100_000):
        html = f"<{tag}>".encode() * depth + page(f"<h1>水务局通报汛情</h1><p>{TEXT}</p>")
        try:
            parse_page(html, URL)
        except PageError:
            continue
