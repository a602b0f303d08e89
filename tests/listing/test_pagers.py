"""The next page, by every kind of pager."""

from __future__ import annotations

import base64
import datetime as dt
from urllib.parse import quote_plus

import pytest

from scraper.listing import read_listing
from tests.listing.layouts import COLUMN, LAYOUTS, Frame, Item, page

ITEMS = [Item(n, f"第{n}条新闻的标题写在这里", dt.date(2026, 9, 30 - n)) for n in range(1, 16)]
HIDDEN = base64.b64encode(
    quote_plus(
        '<a class="a1">15条</a> <span>1</span> <a href="/xw/bdyw/2.html">2</a> <a href="/xw/bdyw/3.html">3</a>'
    ).encode()
).decode()

MADE = "<script>Ls.pagination('#p', function(pageIndex){{ location.href='list?pageIndex=' + pageIndex;}},{{currPage: ({}+1),pageCount:3}});</script>"

PAGERS = [
    # TRS, counted from 0; the same with the number of records; records first
    ("", '<script>createPageHTML(20,0,"index","shtml");</script>', "index_1.shtml"),
    ("index_4.html", '<script>createPageHTML(20, 4, "index", "html")</script>', "index_5.html"),
    ("index_19.html", '<script>createPageHTML(20, 19, "index", "html")</script>', None),
    ("", '<script>createPageHTML(1,0,"index","html");</script>', None),
    ("", '<script>createPageHTML(55,0, "index","shtml","1089");</script>', "index_1.shtml"),
    ("", "<script>createPageHTML(300, 20, 0, 'index', 'html');</script>", "index_1.html"),
    # UCAP and Hunan, counted from 1, the container first
    ("list.html", "<script>createPageHTML('page_div',13,1,'list','html',256);</script>", "list_2.html"),
    ("list_13.html", "<script>createPageHTML('page_div',13,13,'list','html',256);</script>", None),
    ("list_12.html", "<script>createPageHTML('page_div',13,12,'list','html',256);</script>", "list_13.html"),
    ("", ("<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}</script>"
         "<script>createPageHTML(3,0,'index','html')</script>"), "index_1.html"),
    # calls that a comment keeps from running, and numbers that the script gives to names
    ("", '<script>//createPageHTML(1,0,"index","html");\ncreatePageHTML(20, 0, "index", "html");</script>', "index_1.html"),
    ("", '<script>/* createPageHTML(n,0,"index","html"); createPageHTML(1,0,"index","html") */createPageHTML(20, 0, "index", "html");</script>', "index_1.html"),
    ("", '<!--<script>createPageHTML(1,0,"index","html");</script>--><script>createPageHTML(20, 0, "index", "html");</script>', "index_1.html"),
    ("", '<!--<script>createPageHTML(20,0,"index","html");</script>-->', "index_1.html"),
    ("", '<script><!--\ncreatePageHTML(20,0,"index","html");\n//--></script>', "index_1.html"),
    ("", '<script src=//s.example.cn/p.js></script><script>createPageHTML(20,0,"index","html");</script>', "index_1.html"),
    ("", '<script>var total=20;var cur=0;createPageHTML(total, cur, "index", "html");</script>', "index_1.html"),
    ("index_19.html", '<script>var total = "20", cur = 19;\ncreatePageHTML(total, cur, "index", "html");</script>', None),
    ("", "<script>var countPage = 12;//共多少页\nvar currentPage = 0;\ndocument.write(\"<a href='index_\"+1+\".html'>\")</script>", "index_1.html"),
    ("index.html", "<script>setPage(1,45)</script>", "index_2.html"),
    ("index_45.html", "<script>setPage(45,45)</script>", None),
    ("index.html", "<script>$('.p').pagination(\"setPage\",1,45);</script>", "index_2.html"),
    ("index_45.html", "<script>$('.p').pagination(\"setPage\",45,45);</script>", None),
    ("list", MADE.format(0), "list?pageIndex=2"),
    ("list?pageIndex=2", MADE.format(1), "list?pageIndex=3"),
    ("list?pageIndex=3", MADE.format(2), None),
    ("", "<script>$('#p').pagination({totalPage: 54, callback: function(n){location.href='index_'+n+'.html'}})</script>", "index_2.html"),
    # links
    ("", "<span>1</span><a href='index_1.html'>2</a><a href='index_1.html'>下一页</a><a href='index_9.html'>尾页</a>", "index_1.html"),
    ("", "<a href='?page=2' class='next'>下页 &gt;</a>", "?page=2"),
    ("?page=3", "<a href='?page=2'>上一页</a><a href='?page=2'>2</a><span class='current'>3</span><a href='?page=4'>4</a>", "?page=4"),
    ("", "<ul class='pg'><li class='active'><a href='?p=1'>1</a></li><li><a href='?p=2'>2</a></li><li><a href='?p=3'>3</a></li></ul>", "?p=2"),
    ("p2.html", "<a href='p1.html'>1</a><a href='p2.html'>2</a><a href='p3.html'>3</a>", "p3.html"),
    ("", "<b>1</b> <a href='2.html'>2</a> <a href='2.html'>&gt;</a>", "2.html"),
    ("", "<a href='2.html' class='page-next'></a><a href='2.html'>2</a>", "2.html"),
    ("", "<a href='next.html' title='下一页'><img src='n.gif'></a>", "next.html"),
    ("", "<ul><li class='prev'></li><li class='next'><a href='index_1.html'></a></li></ul>", "index_1.html"),
    ("", "<select onchange='go(this.value)'><option value='index.html' selected>第1页</option><option value='index_1.html'>第2页</option></select>", "index_1.html"),
    # numbers that count no pages: sitemaps, days of a calendar, answers
    ("", "sitemap（<a href='/sitemap.xml'>1</a><a href='/google-sitemap.xml'>2</a>）<span>共1页</span>", None),
    ("", "<i>1</i><a href='/2026/11/02/'>2</a><a href='/2026/11/03/'>3</a><span>尾页</span>", None),
    ("", "<i>1</i><a href='?day=2026-11-02'>2</a><a href='?day=2026-11-03'>3</a><span>尾页</span>", None),
    ("", "<b>1</b><a href='/about/contact.html'>2</a><span>尾页</span>", None),
    ("", "<b>1</b> <a href='?start=20'>2</a> <a href='?start=40'>3</a>", "?start=20"),
    ("?start=20", "<a href='?start=0'>1</a> <b>2</b> <a href='?start=40'>3</a>", "?start=40"),
    ("", "<a href='p1.html' class='on'>1</a><a href='p2.html'>2</a><a href='p3.html'>3</a>", "p2.html"),
    ("", "<a href='next.html'><img src='n.gif' alt='下一页'></a>", "next.html"),
    ("", "<a href='next.html' title='下一页'><span>›</span></a>", "next.html"),
    # addresses that a script would use
    ("list.shtml", "<a class='next' tagname='/xw/bdyw/list_2.shtml' href='javascript:;'>下一页</a>", "list_2.shtml"),
    ("", "<a href=\"javascript:;\" onclick=\"location.href='index_2.html'\">下一页</a>", "index_2.html"),
    ("", "<input type='button' value='下一页' onclick=\"location='index_3.html'\">", "index_3.html"),
    ("", f"<div id='pages' class='page'>{HIDDEN}</div>", "2.html"),
    ("", "<div class='more' data-url='/xw/bdyw/index_1.html'>点击加载更多</div>", "index_1.html"),
    ("", "<a class='more' href='index_1.html'>加载更多</a>", "index_1.html"),
    # the last page, and none at all
    ("index_9.html", "<a href='index_8.html'>上一页</a><span>下一页</span>", None),
    ("", "<a href='javascript:void(0)'>下一页</a><span>尾页</span>", None),
]  # fmt: skip


@pytest.mark.parametrize(("here", "pager", "expected"), PAGERS)
@pytest.mark.parametrize("layout", [LAYOUTS[0], LAYOUTS[4]], ids=["list", "table"])
def test_the_next_page_is_found(layout, here: str, pager: str, expected: str | None) -> None:
    listing = read_listing(page(layout, ITEMS, Frame(), pager).encode(), COLUMN + here)
    assert listing.next_url == (COLUMN + expected if expected else None)
    assert [link.url for link in listing.links] == [item.url for item in ITEMS]


def test_without_any_pager_the_rule_of_the_platform_is_followed_and_told() -> None:
    listing = read_listing(page(LAYOUTS[0], ITEMS, Frame()).encode(), COLUMN)
    assert listing.next_url == f"{COLUMN}index_1.html"
    assert listing.next_by_rule
