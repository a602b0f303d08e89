"""List pages in the layouts that sites of China use, written for these tests.

A layout renders rows that the test chooses, inside a frame of menus, side boxes and footers that
the test chooses too; so what must be read out of a page is known without reading it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HOST = "http://www.example.gov.cn"
COLUMN = f"{HOST}/xw/bdyw/"


@dataclass(frozen=True)
class Item:
    """One article as a list should show it."""

    number: int
    title: str
    day: dt.date

    @property
    def path(self) -> str:
        return f"/xw/bdyw/{self.day:%Y%m}/t{self.day:%Y%m%d}_{self.number}.html"

    @property
    def url(self) -> str:
        return HOST + self.path


@dataclass(frozen=True)
class Frame:
    """What surrounds the list: sizes of the menu, the side menu, the side box, the footer."""

    menu: int = 8
    side_menu: int = 6
    side_box: int = 5
    footer: int = 12
    box_dated: bool = False


@dataclass(frozen=True)
class Layout:
    """A way to write rows; ``dated`` and ``whole_titles`` say what can be read back."""

    name: str
    render: Callable[[Sequence[Item]], str]
    dated: bool = True
    whole_titles: bool = True
    tags: tuple[str, ...] = field(default=())


def cut(title: str) -> str:
    return title if len(title) < 16 else f"{title[:14]}..."


def ul_date_after(items: Sequence[Item]) -> str:
    rows = "".join(
        f'<li><a href="{i.path}">{i.title}</a><span>{i.day}</span></li>\n' for i in items
    )
    return f'<ul class="newslist">{rows}</ul>'


def ul_date_before(items: Sequence[Item]) -> str:
    rows = "".join(
        f'<li><span class="rq">[{i.day:%Y/%m/%d}]</span><a title="{i.title}" href="{i.path}">{cut(i.title)}</a></li>'
        for i in items
    )
    return f"<div><ul>{rows}</ul></div>"


def fives(items: Sequence[Item]) -> str:
    """Lists of five rows with a line between them, as people.com.cn writes them."""
    groups = [items[start : start + 5] for start in range(0, len(items), 5)]
    lists = (
        "<ul class='list_14'>"
        + "".join(
            f"<li><a href='{i.path}'>{i.title}</a> <em>{i.day.year}年{i.day.month}月{i.day.day}日10:{n:02}</em></li>"
            for n, i in enumerate(group)
        )
        + "</ul>"
        for group in groups
    )
    return f"<div class='ej_list'>{'<hr/>'.join(lists)}</div>"


def separators(items: Sequence[Item]) -> str:
    rows = [f"<li><a href='{i.path}'>· {i.title}</a><i>{i.day:%Y.%m.%d}</i></li>" for i in items]
    with_lines = [
        f"{row}<li class='line'></li>" if n % 5 == 4 else row for n, row in enumerate(rows)
    ]
    return f"<ul>{''.join(with_lines)}</ul>"


def table(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<tr><td>{n}</td><td><a href='{i.path}' target=_blank>{i.title}</a></td><td>示政发〔{i.day.year}〕{n}号</td>"
        f"<td>{i.day - dt.timedelta(days=3)}</td><td>{i.day}</td></tr>"
        for n, i in enumerate(items, 1)
    )
    head = "<tr><th>序号</th><th>名称</th><th>文号</th><th>成文日期</th><th>发布日期</th></tr>"
    return f"<table class='gk'>{head}{rows}</table>"


def table_a_row(items: Sequence[Item]) -> str:
    """Hand-made pages: a table for every row."""
    return "".join(
        f"<table width=95%><tr><td width=10><img src=/dot.gif></td><td><a href={i.path}>{i.title}</a></td>"
        f"<td align=right>({i.day})</td></tr></table>"
        for i in items
    )


def flat_definitions(items: Sequence[Item]) -> str:
    rows = "".join(f"<dt><a href='{i.path}'>{i.title}</a></dt><dd>{i.day}</dd>" for i in items)
    return f"<dl class='list'>{rows}</dl>"


def flat_breaks(items: Sequence[Item]) -> str:
    rows = "".join(f"<a href='{i.path}'>{i.title}</a> <span>{i.day}</span><br>" for i in items)
    return f"<div class='zw'>{rows}</div>"


def link_is_row(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<a class='row' href='{i.path}'><p class='title'>{i.title}</p><span class='time'>{i.day}</span></a>"
        for i in items
    )
    return f"<div class='rows'>{rows}</div>"


def date_boxes(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<div class='item'><div class='date'><b>{i.day.day:02}</b><span>{i.day:%Y-%m}</span></div>"
        f"<div class='txt'><h4><a href='{i.path}'>{i.title}</a></h4><p>这里是一段摘要，说明会议讨论了什么。"
        f"<a href='{i.path}'>[详细]</a></p></div></div>"
        for i in items
    )
    return f"<div class='wrap'>{rows}</div>"


def cards(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><a href='{i.path}'><img src='/p/{i.number}.jpg' alt='图'></a><div><h3><a href='{i.path}'>{i.title}</a></h3>"
        f"<p>摘要文字在这里，写得比标题长一些，但它不是标题，也没有链接在里面。</p><p class='info'>来源：示例日报　{i.day} 09:30</p></div></li>"
        for i in items
    )
    return f"<ul class='pics'>{rows}</ul>"


def related(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><a href='{i.path}'>{i.title}</a><div class='popbox'><h3>相关解读</h3><ul><li>"
        f"<a href='/jd/{i.day:%Y%m}/t{i.day:%Y%m%d}_9{i.number}.html'>关于这份文件的政策解读材料第{i.number}号</a></li></ul></div>"
        f"<span>{i.day}</span></li>"
        for i in items
    )
    return f"<ul class='files'>{rows}</ul>"


def categories(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><a class='lm' href='/xw/bm{i.number % 3}/'>[部门动态]</a><a href='{i.path}'>{i.title}</a><span>{i.day:%m-%d}</span></li>"
        for i in items
    )
    return f"<ul>{rows}</ul>"


def attachments(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><a href='{i.path}'>{i.title}</a><a href='/files/{i.number}.pdf'>附件</a><span>发布时间：{i.day}</span></li>"
        for i in items
    )
    return f"<ul>{rows}</ul>"


def dated_title(items: Sequence[Item]) -> str:
    rows = "".join(f"<li><a href='{i.path}'>{i.title} ({i.day})</a></li>" for i in items)
    return f"<ul>{rows}</ul>"


def hint_of_old_cms(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<tr><td><a href='{i.path}' title='文章标题：{i.title}\n作者：佚名\n更新时间：{i.day}'>{cut(i.title)}</a></td><td>{i.day}</td></tr>"
        for i in items
    )
    return f"<table>{rows}</table>"


def undated(items: Sequence[Item]) -> str:
    rows = "".join(f"<li><a href='{i.path}'>{i.title}</a></li>" for i in items)
    return f"<ul class='wz'>{rows}</ul>"


def deep(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<div class='unit'><div><div class='l'><a href='{i.path}' title='{i.title}'><strong>{cut(i.title)}</strong></a></div>"
        f"<div class='r'><em>{i.day:%Y年%m月%d日}</em></div></div></div>"
        for i in items
    )
    return f"<div class='units'><div>{rows}</div></div>"


def scripted_popups(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><script>var f=0;</script><a href='{i.path}'>{i.title}</a><script>if(f==1)document.write('<b>new</b>')</script>"
        f"<span>{i.day}</span></li>"
        for i in items
    )
    return f"<ul>{rows}</ul>"


def pictures(items: Sequence[Item]) -> str:
    """Pictures that are links, with the headline beside them."""
    rows = "".join(
        f"<li><a href='{i.path}'><img src='/p/{i.number}.jpg'></a><p>{i.title}</p><span>{i.day}</span></li>"
        for i in items
    )
    return f"<ul class='tp'>{rows}</ul>"


def scripted_links(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><a href='javascript:;' onclick=\"window.open('{i.path}')\">{i.title}</a><span>{i.day}</span></li>"
        for i in items
    )
    return f"<ul>{rows}</ul>"


def days_before_terms(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<dd class='d'>{i.day}</dd><dt><a href='{i.path}'>{i.title}</a></dt>" for i in items
    )
    return f"<dl>{rows}</dl>"


def subtitles(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><a href='{i.path}'>{i.title}<br><small>摘要：近日，会议在本地召开，与会人员发言</small></a><em>{i.day}</em></li>"
        for i in items
    )
    return f"<ul>{rows}</ul>"


def days_in_attributes(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<li><h3><a href='{i.path}'>{i.title}</a></h3><time datetime='{i.day}T09:30:00+08:00'>{n}小时前</time></li>"
        for n, i in enumerate(items, 1)
    )
    return f"<ul>{rows}</ul>"


def blog(items: Sequence[Item]) -> str:
    return "".join(
        f"<article><h2><a rel=bookmark href='{i.path}'>{i.title}</a></h2><div><a href='{i.path}'><time datetime='{i.day}T09:00'>"
        f"{i.day.month}月{i.day.day}日</time></a> <a href='/author/admin/'>管理员发布的文章</a> <a href='/category/news/'>新闻资讯分类栏目</a></div>"
        f"<p>这里是摘要。<a href='{i.path}'>继续阅读</a></p></article>"
        for i in items
    )


def search_results(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<div class='res'><h3><a href='{i.path}'><em>{i.title[:2]}</em>{i.title[2:]}</a></h3><p>近日，<em>市委</em>召开会议，要求各部门抓好落实。"
        f"</p><div><span>来源：示例日报</span> <span>发布时间：{i.day}</span> <a href='{i.path}'>{i.url[:30]}…</a></div></div>"
        for i in items
    )
    return f"<div class='results'>{rows}</div>"


def documents(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<tr><td>{n}</td><td><a href='{i.path}'>{i.title}</a></td><td>示政发〔{i.day.year}〕{n}号</td><td>{i.day}</td>"
        f"<td><a href='/dl/{i.number}.pdf'>下载</a></td></tr>"
        for n, i in enumerate(items, 1)
    )
    return f"<table><tr><th>序号</th><th>名称</th><th>文号</th><th>日期</th><th>操作</th></tr>{rows}</table>"


def linked_sources(items: Sequence[Item]) -> str:
    rows = "".join(
        f"<div class='it'><a href='{i.path}'>{i.title}</a><p>来源：<a href='http://www.srb.example/'>示例日报社官方网站</a> {i.day} 阅读 {n}</p></div>"
        for n, i in enumerate(items)
    )
    return f"<div class='its'>{rows}</div>"


def days_over_rows(items: Sequence[Item]) -> str:
    """Digests: the day stands over its rows."""
    return "".join(
        f"<dl><dt>{i.day}</dt><dd><a href='{i.path}'>{i.title}</a></dd></dl>" for i in items
    )


def day_first_in_link(items: Sequence[Item]) -> str:
    rows = "".join(f"<li><a href='{i.path}'>[{i.day:%Y/%m/%d}]{i.title}</a></li>" for i in items)
    return f"<ul>{rows}</ul>"


def script_literal(items: Sequence[Item]) -> str:
    rows = ",".join(
        f"{{title:'{i.title}', url:'{i.path}', \"date\":'{i.day}', top:false}}" for i in items
    )
    return f"<div id=list></div><script>var list = [{rows}]; render(list);</script>"


LAYOUTS = (
    Layout("list, day after", ul_date_after),
    Layout("list, day before, titles cut", ul_date_before),
    Layout("lists of five", fives),
    Layout("separators", separators),
    Layout("table with two days", table),
    Layout("a table for every row", table_a_row),
    Layout("flat dl", flat_definitions),
    Layout("links and breaks", flat_breaks),
    Layout("the link is the row", link_is_row),
    Layout("day in boxes", date_boxes),
    Layout("cards", cards),
    Layout("related links inside rows", related),
    Layout("categories before titles", categories),
    Layout("attachments after titles", attachments),
    Layout("day at the end of the title", dated_title),
    Layout("tool tip of old systems", hint_of_old_cms),
    Layout("no days", undated, dated=False),
    Layout("deep rows", deep),
    Layout("scripts in rows", scripted_popups),
    Layout("pictures with headlines beside them", pictures),
    Layout("links that a script opens", scripted_links),
    Layout("days before the terms of a dl", days_before_terms),
    Layout("subtitles within the link", subtitles),
    Layout("days in attributes", days_in_attributes),
    Layout("blog", blog),
    Layout("search results", search_results),
    Layout("table of documents", documents),
    Layout("linked sources", linked_sources),
    Layout("days over rows", days_over_rows),
    Layout("day first in the link", day_first_in_link),
)


def page(layout: Layout, items: Sequence[Item], frame: Frame, pager: str = "") -> str:
    """A whole page around the list."""
    menu = "".join(f"<li><a href='/lm{n}/'>栏目名称{n}</a></li>" for n in range(frame.menu))
    sub = "".join(
        f"<li><a href='/xw/zl{n}/index.html'>子栏目{n}动态</a></li>" for n in range(frame.side_menu)
    )
    day = "<span>2026-01-0{}</span>" if frame.box_dated else ""
    box = "".join(
        f"<li><a href='/zt/202601/t2026010{n % 9 + 1}_77{n}.html'>热点专题里的一篇老文章{n}</a>{day.format(n % 9 + 1)}</li>"
        for n in range(frame.side_box)
    )
    foot = "".join(
        f"<a href='http://www.other{n}.gov.cn/'>某某省某某市人民政府网站{n}</a>"
        for n in range(frame.footer)
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>本地要闻-示例市人民政府</title></head><body>
<div class="header"><ul class="nav">{menu}</ul></div>
<div class="position">您的位置：<a href="/">首页</a> &gt; <a href="/xw/">新闻</a> &gt; <a href="./">本地要闻</a></div>
<div class="main"><div class="left"><ul class="submenu">{sub}</ul><div class="hot"><h3>热点</h3><ul>{box}</ul></div></div>
<div class="right"><h2>本地要闻</h2>{layout.render(items)}<div class="pageing">{pager}</div></div></div>
<div class="links">{foot}</div><div class="footer"><a href="/about.html">关于我们</a><a href="/map.html">网站地图</a></div></body></html>"""
