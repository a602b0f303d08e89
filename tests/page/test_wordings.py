"""Small pages, each of which says one thing in words or in markup that differ from the known ones.

Written before any parsing, to break the rules: times of events, years, clocks, names, captions, blocks of
official documents, labels, lines of the site. A row of ``wordings.jsonl`` has what its page says, the frame
that it stands in, and what a reader must find; about 140 of them came out wrong when they were written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from scraper.clock import SHANGHAI
from scraper.page import parse_page
from scraper.record.release import Release

Row = dict[str, Any]
ROWS: list[Row] = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "fixtures" / "wordings.jsonl")
    .read_text("utf-8")
    .splitlines()
]
PROSE = {
    "a": (
        "柳溪县老旧小区改造本月复工",
        "柳溪县住建局负责人介绍，今年计划改造老旧小区二十六个，惠及居民四千三百余户，目前十一个小区已进场施工。",
        "改造内容包括更换供水管网、修缮屋面防水、增设充电车棚，所有工程预计在入冬前完工交付，居民可随时向社区反映意见。",
    ),
    "b": (
        "白杨镇建成山区首个智慧粮仓",
        "走进白杨镇粮食储备库，工作人员正通过大屏查看仓内温度和湿度，三万吨新粮的保管情况一目了然，省工又省力。",
        "镇里还与两所高校签订了合作协议，由技术人员定期上门指导，帮助农户做好收割、晾晒和入库，全年损耗预计下降一半。",
    ),
    "c": (
        "市图书馆延长夜间开放时间",
        "为满足读者夜间阅读需要，市图书馆自下月起把每天的闭馆时间推迟两个小时，自习区和少儿区同步调整，读者凭证入馆。",
        "据了解，去年该馆接待读者一百二十万人次，借阅图书八十余万册，夜间到馆人数占到三成，不少市民希望继续延长。",
    ),
}
ADDRESSES = {
    "A": "http://www.liuxi-news.cn/yw/88123.html",
    "B": "http://www.liuxi.gov.cn/content/show?id=9921",
    "C": "http://www.liuxi.gov.cn/dt/bmdt/x_77123.html",
    "D": "https://fabu.liuxi.cn/p/4410",
    "E": "http://news.liuxi.cn/a/s_99123.shtml",
}
_WORDS = "新闻 国内 国际 社会 财经 产经 金融 股票 基金 汽车 房产 体育 篮球 足球 娱乐 明星 电影 音乐 科技 数码 手机 教育".split()  # fmt: skip # noqa: SIM905
_HOT = ("多地迎来新一轮降温 出行注意防寒", "这条高铁开通运营 沿线旅游升温", "县城建成第五座口袋公园", "果农直播间里卖出十万斤苹果")  # fmt: skip
FOOT = "<div class='footer'><p>关于我们 | 联系方式 | 网站地图</p><p>版权所有：柳溪新闻网 未经授权禁止转载</p></div>"
SIDE = "<div class='side'><h3>热门推荐</h3><ul>" + "".join(f"<li><a href='/hot/{at}.html'>{text}</a></li>" for at, text in enumerate(_HOT)) + "</ul></div>"  # fmt: skip


def menu(size: int) -> str:
    named = zip(range(size), cycle(_WORDS), strict=False)
    entries = "".join(f"<li><a href='/c{at}/'>{word}</a></li>" for at, word in named)
    return f"<div class='menu'><ul>{entries}</ul></div>"


def paragraphs(row: Row, form: str) -> str:
    """The lines of a text; those that are markup stand as they are."""
    said = [PROSE[line[0]][int(line[1])] if line in _CODES else line for line in row["lines"]]
    return "".join(line if line.startswith("<") else form.format(line) for line in said)


_CODES = frozenset(f"{code}{at}" for code in PROSE for at in (1, 2))


def titled(row: Row) -> str:
    title: str = row["title"]
    return PROSE[title][0] if title in PROSE else title


def box(form: str, row: Row) -> str:
    return form.format(row["info"]) if row.get("info") else ""


def modern(row: Row) -> str:
    top = "<div class='top'><a href='/'>首页</a> <a href='/yw/'>要闻</a></div>"
    info = box("<div class='article-info'>{}</div>", row)
    text = f"<div class='article-content'>{paragraphs(row, '<p>{}</p>')}</div>"
    article = f"<div class='article'><h1 class='title'>{titled(row)}</h1>{info}{text}{row.get('post', '')}</div>"
    return f"{top}{row.get('pre', '')}{article}{FOOT}"


def tables(row: Row) -> str:
    top = "<table width=1000><tr><td><a href='/'>首　页</a></td><td><a href='/zw/'>政务公开</a></td></tr></table>"
    info = box("<tr><td align=center>{}</td></tr>", row)
    text = f"<tr><td class=nr>{paragraphs(row, '　　{}<br><br>')}</td></tr>"
    heading = f"<tr><td align=center class=bt><font size=4><b>{titled(row)}</b></font></td></tr>"
    foot = "<table><tr><td>主办：柳溪县人民政府办公室　蜀ICP备12000002号　网站标识码：5199990001</td></tr></table>"
    return f"{top}{row.get('pre', '')}<table width=1000>{heading}{info}{text}</table>{row.get('post', '')}{foot}"


def trs(row: Row) -> str:
    top = "<header><nav><a href='../../'>首页</a><a href='../'>动态</a></nav></header><div class='crumbs'>当前位置：<a href='/'>首页</a>&gt;<a href='../'>动态</a></div>"
    info = box("<p class='xl-xx'>{}</p>", row)
    text = paragraphs(row, "<div style='text-indent:2em'><span>{}</span></div>")
    article = f"<section class='xl'><div class='xl-tit'>{titled(row)}</div>{info}<div class='TRS_Editor'>{text}</div></section>"
    foot = "<footer>主办单位：柳溪县人民政府办公室　联系电话：0839-1234567</footer>"
    return f"{top}{row.get('pre', '')}{article}{row.get('post', '')}{foot}"


def blog(row: Row) -> str:
    info = box("<div class='entry-meta'>{}</div>", row)
    head = f"<header class='entry-header'><h2 class='entry-title'>{titled(row)}</h2>{info}</header>"
    text = f"<div class='entry-content'>{paragraphs(row, '<p><span>{}</span></p>')}</div>"
    return f"{menu(30)}{row.get('pre', '')}<article class='post'>{head}{text}{row.get('post', '')}</article>{SIDE}{FOOT}"


def portal(row: Row) -> str:
    info = box("<div class='date-source'>{}</div>", row)
    text = f"<div id='artibody'>{paragraphs(row, '<p>　　{}</p>')}</div>{row.get('post', '')}"
    left = f"<div class='left'><h1 id='artibodyTitle'>{titled(row)}</h1>{info}{text}</div>"
    links = "".join(f"<a href='http://s{at}.example.com'>站点{at}</a>" for at in range(20))
    return f"{menu(90)}{row.get('pre', '')}<div class='wrap'>{left}{SIDE}</div><div class='links'>友情链接：{links}</div>{FOOT}"


FRAMES: dict[str, tuple[str, Callable[[Row], str]]] = {
    "A": ("{}_柳溪新闻网", modern),
    "B": ("{}-柳溪县人民政府", tables),
    "C": ("{}", trs),
    "D": ("{} | 柳溪发布", blog),
    "E": ("{}_新闻频道_柳溪网", portal),
}


def page_of(row: Row) -> str:
    if "html" in row:
        return str(row["html"])
    form, frame = FRAMES[row["frame"]]
    head = f"<meta charset='utf-8'><title>{form.format(titled(row))}</title>{row.get('head', '')}"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{frame(row)}</body></html>"


def read(row: Row) -> Release:
    want = row["want"]
    received, listed = want.get("received_at"), want.get("listed_on")
    return parse_page(
        page_of(row).encode(),
        row.get("url") or ADDRESSES[row["frame"]],
        received_at=dt.datetime.fromisoformat(received) if received else None,
        listed_on=dt.date.fromisoformat(listed) if listed else None,
    )


def holds(release: Release, name: str, wanted: Any) -> bool:  # noqa: PLR0911 - one answer a name
    """Whether a release has what a row wants of it."""
    match name:
        case "received_at" | "listed_on":
            return True
        case "error":
            return wanted is None
        case "has_line" | "lacks_line":
            line = PROSE[wanted[0]][int(wanted[1])] if wanted in _CODES else wanted
            squeezed = line.replace(" ", "")
            has = any(squeezed in text.replace(" ", "") for text in release.paragraphs)
            return has == (name == "has_line")
        case "published_at":
            at = release.published_at
            told = at.astimezone(SHANGHAI).isoformat() if at else None
            return told == wanted if wanted is None else bool(told) and str(told).startswith(wanted)
        case "image0":
            first = release.images[0] if release.images else None
            return first is not None and [first.caption, first.credit] == wanted
        case "images_n" | "attachments_n":
            return bool(len(getattr(release, name.removesuffix("_n"))) == wanted)
        case _ if name.startswith("document_"):
            field = {"document_index": "index_number"}.get(name, name.removeprefix("document_"))
            return bool(getattr(release.document, field, None) == wanted)
        case _:
            return bool(getattr(release, name) == wanted)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_a_page_says_is_read(row: Row) -> None:
    release = read(row)
    for name, wanted in row["want"].items():
        assert holds(
            release, name, PROSE[wanted][0] if name == "title" and wanted in PROSE else wanted
        ), name
