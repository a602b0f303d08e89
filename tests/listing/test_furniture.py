"""What every page of a site has is no list: a page without rows says so, and which script fills it."""

from __future__ import annotations

import json

import pytest

from scraper.errors import EmptyListing
from scraper.listing import read_listing
from tests.listing.layouts import COLUMN

MENU = "<ul class=menu><li><a href='/a/'>县情概况</a></li><li><a href='/b/'>政务公开</a></li><li><a href='/c/'>办事服务</a></li></ul>"
FOOT = "<a href='/about/'>网站地图</a><a href='/lx/'>联系我们</a>"
FURNITURE = [
    "<a href='http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=62010202000617'>甘公网安备62010202000617号</a>",
    "<a href='https://beian.mps.gov.cn/#/query/webSearch?code=62010202000617'>甘公网安备 62010202000617号</a>",
    "<a href='http://beian.miit.gov.cn/'>陇ICP备05000000号-1</a>",
    "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6201020001'>政府网站找错与监督举报</a>",
    "<a href='/nb/2025/index.html'>政府网站工作年度报表（2025年度）</a>",
    "<a href='/nb/202601/12345.html'>示例县人民政府网站工作年度报表</a>",
    "<a href='/wza/index.html'>无障碍浏览与适老化服务说明</a>",
    "<a href='http://www.gov.cn/zhuanti/hlwjd/'>国务院“互联网+督查”平台</a>",
    "<a href='https://bszs.conac.cn/sitename?method=show&id=0123456789ABCDEF0123456789ABCDEF'>党政机关事业单位网站标识</a>",
    "<a href='/zfxxgk/gknb/202601/t20260120_1.html'>2025年政府信息公开工作年度报告</a>",
    "<a href='https://www.12388.gov.cn/beijing/'>纪检监察机关检举举报</a>",
    "<a href='https://www.example.gov.cn/zwfw/100001/'>全国一体化在线政务服务平台</a>",
    "<a href='/about/123456.html'>关于我们与本站的联系方式</a>",
    "<a href='http://www.other.gov.cn/202601/t20260101_1.html'></a>",
]


@pytest.mark.parametrize("link", FURNITURE)
@pytest.mark.parametrize("around", ["{}", f"{MENU}<div class=foot>{{}}{FOOT}</div>"])
def test_furniture_alone_is_no_list(link: str, around: str) -> None:
    with pytest.raises(EmptyListing):
        read_listing(f"<div id=list></div>{around.format(link)}".encode(), COLUMN)


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("<script src='/js/list.js'></script>", "http://www.example.gov.cn/js/list.js"),
        ("<script src=/js/jquery.min.js></script><script src=../news.js></script>", "http://www.example.gov.cn/xw/news.js"),
        ("<script>$.ajax({url: '/api/article/page?col=7', type: 'get'})</script>", "http://www.example.gov.cn/api/article/page?col=7"),
        ('<script src=/a.js></script><script>$.getJSON("rows.json", show)</script>', f"{COLUMN}rows.json"),
        ("<script>fetch('/api/list')</script>", "http://www.example.gov.cn/api/list"),
    ],
)  # fmt: skip
def test_the_script_that_fills_the_page_is_named(script: str, address: str) -> None:
    with pytest.raises(
        EmptyListing, match=f"a script fills it, perhaps from {address}".replace("?", r"\?")
    ):
        read_listing(f"{MENU}<div id=list>{script}</div>{FOOT}".encode(), COLUMN)


def test_a_pager_without_rows_is_no_list_either() -> None:
    page = f"{MENU}<div id=list></div><script>createPageHTML(9,0,'index','html')</script>{FOOT}"
    with pytest.raises(EmptyListing):
        read_listing(page.encode(), COLUMN)


def test_articles_about_furniture_are_articles() -> None:
    rows = "".join(
        f"<li><a href='/xw/bdyw/202609/t20260924_{n}.html'>{title}</a><span>2026-09-24</span></li>"
        for n, title in enumerate(
            ["示例市部署政府网站适老化改造工作", "关于网站工作年度报表编制的通知"]
        )
    )
    assert len(read_listing(f"<ul>{rows}</ul>".encode(), COLUMN).links) == 2


def test_one_article_is_a_list() -> None:
    row = "<ul><li><a href='/art/2026/art_0123456789abcdef0123456789abcdef.html'>示例市召开新闻发布会</a></li></ul>"
    assert len(read_listing(f"{MENU}{row}{FOOT}".encode(), COLUMN).links) == 1


def test_two_plain_pages_in_the_columns_own_folder_are_a_list() -> None:
    rows = "".join(
        f"<li><a href='{name}.html'>示例市召开第{name}次推进会议部署</a></li>" for name in "ab"
    )
    assert len(read_listing(f"{MENU}<ul>{rows}</ul>{FOOT}".encode(), COLUMN).links) == 2
    elsewhere = rows.replace("href='", "href='/about/")
    with pytest.raises(EmptyListing):
        read_listing(f"{MENU}<ul>{elsewhere}</ul>{FOOT}".encode(), COLUMN)


def test_a_menu_kept_in_a_script_does_not_beat_the_rows() -> None:
    places = [{"name": f"示例省第{n}市", "url": f"/local/{n}/"} for n in range(28)]
    rows = "".join(
        f"<div class=card><a href='/26/0802/14/F{n}X0001899O.html'><img src='{n}.png'></a><h3>"
        f"<a href='/26/0802/14/F{n}X0001899O.html'>第{n}条消息的标题写在这里</a></h3><span>{n}小时前</span></div>"
        for n in range(1, 13)
    )
    page = f"<div class=cards>{rows}</div><script>var places = {json.dumps(places)};</script>"
    listing = read_listing(page.encode(), COLUMN)
    assert len(listing.links) == 12
    assert {link.date for link in listing.links} == {None}


TITLES = [
    "虚拟内存不足",
    "关于屏蔽功能的一个建议",
    "龙吟",
    "今天的新服务器到底有什么不同之处",
    "凌神峰攻略",
]


@pytest.mark.parametrize("last", ["昨天 10:02", "2026-8-1 10:02", "半小时前", "3 天前"])
def test_the_last_answer_of_a_forum_is_not_its_thread(last: str) -> None:
    rows = "".join(
        f"<tr><td><a href='thread-{n}-1-1.html' title='有新回复 - 新窗口打开'><img src=f.gif></a></td>"
        f"<th>[<a href='forum.php?fid=9&typeid=110'>求助</a>] <a href='thread-{n}-1-1.html'>{title}</a>"
        f"<a href='forum.php?mod=redirect&tid={n}&goto=lastpost#lastpost'>New</a></th>"
        f"<td><cite><a href='home.php?mod=space&uid={n}'>一个名字很长的用户{n}</a></cite></td><td><a href='thread-{n}-1-1.html'>3</a></td>"
        f"<td><em><a href='forum.php?mod=redirect&tid={n}&goto=lastpost#lastpost'>{last}</a></em></td></tr>"
        for n, title in enumerate(TITLES, 202860)
    )
    listing = read_listing(
        f"<table>{rows}</table>".encode(), "http://bbs.example.com/forum-9-1.html"
    )
    expected = [f"http://bbs.example.com/thread-{n}-1-1.html" for n in range(202860, 202865)]
    assert [link.url for link in listing.links] == expected
    assert [link.title for link in listing.links] == TITLES
