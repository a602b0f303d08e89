"""The examples of the rules for ``source``, ``author`` and ``editor``: what each reads and must refuse."""

from __future__ import annotations

from scraper.page.rules.rule import Example
from scraper.page.rules.selectors import FieldRules

_TEXT = (
    "<p>青川市水务局24日召开专题会议，研究部署城区内涝点整治工作。会议指出，今年以来全市已完成易涝点改造37处。</p>"
    "<p>会议强调，要坚持问题导向，对照台账逐项销号，确保汛期来临前排水能力提升到三年一遇标准。</p>"
)
_HEADING = "<h1>内涝点整治提速</h1>"
_DATE = "<p>2024-05-06 10:20</p>"
_SCRIPTED = (
    '<script>window.__INITIAL_STATE__ = {{\'a\': 1}}; var article = {{"title": "内涝点整治提速", {fields}, '
    '"content": "' + _TEXT.replace('"', "'") * 2 + '"}};</script>'
)


def _page(
    value: str | None, *, above: str = _DATE, inside: str = "", below: str = "", head: str = ""
) -> Example:
    return Example(
        f"<div>{_HEADING}{above}<div>{_TEXT}{inside}</div>{below}</div>", value, head=head
    )


def _selected(value: str, selectors: FieldRules) -> Example:
    above = f"{_DATE}<i class='x'>{value}</i>"
    return Example(f"<div>{_HEADING}{above}<div>{_TEXT}</div></div>", value, selectors=selectors)


def _led(value: str | None, lead: str) -> Example:
    text = _TEXT.replace("<p>", f"<p>{lead}", 1)
    return Example(f"<div>{_HEADING}{_DATE}<div>{text}</div></div>", value)


def _ended(value: str | None, behind: str) -> Example:
    text = f"{_TEXT[: -len('</p>')]}{behind}</p>"
    return Example(f"<div>{_HEADING}{_DATE}<div>{text}</div></div>", value)


def _among(value: str | None, line: str) -> Example:
    first, rest = _TEXT.split("</p>", 1)
    more = "".join(
        _TEXT.replace("青川", town).replace("会议强调", f"{town}强调") for town in ("云溪", "望江")
    )
    text = f"{first}</p><p>{line}</p>{rest}{more}"
    return Example(f"<div>{_HEADING}{_DATE}<div>{text}</div></div>", value)


def _in_script(value: str, field: str) -> Example:
    return Example(_SCRIPTED.format(fields=f'"{field}": "{value}"'), value)


def _linked(value: str, fields: str) -> Example:
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", {fields}}}</script>'
    return _page(value, head=head)


Examples = dict[str, tuple[tuple[Example, ...], tuple[Example, ...]]]

SOURCE: Examples = {
    "rules": ((_selected("青川论见", FieldRules(source=(".x",))),), ()),
    "family": (
        (_page("青川论见", above=f"{_DATE}<a id='js_name'>青川论见</a>"),),
        (),
    ),
    "label:source": (
        (
            _page("青川论见", above="<p>2024-05-06　来源：青川论见</p>"),
            _page("青川论见", above="<p>2024-05-06　来　源：青川论见（记者张三）</p>"),
            _page("Xinhua", above="<p>2024-05-06　Source: Xinhua</p>"),
        ),
        (
            _page(None, above="<p>2024-05-06　来源：</p>"),
            _page(None, above="<p>2024-05-06　来源：无　作者：张三</p>"),
            _page(
                None, inside="<p>版权声明：凡本网注明“来源：青川论见”的作品，未经授权不得转载。</p>"
            ),
        ),
    ),
    "marks": ((_page("青川论见", above=f"{_DATE}<span class='source'>青川论见</span>"),), ()),
    "line": (
        (
            _page("青川日报", above="<p>青川日报 2024-05-06 10:20</p>"),
            _page("青川县水务局", above="<ul><li>2024-05-06</li><li>青川县水务局</li></ul>"),
        ),
        (
            _page(None, above="<p>点击进入青川新闻 2024-05-06</p>"),
            _page(None, above="<ul><li>2024-05-06</li><li>发布机构：青川县水务局</li></ul>"),
        ),
    ),
    "byline:source": (
        (
            _page("青川论见", inside="<p>来源 | 青川论见</p>"),
            _page("青川论见", inside="<p>（转自青川论见）</p>"),
        ),
        (_page(None, inside="<p>图源 | 青川论见</p>"),),
    ),
    "account": (
        (
            _page(
                "青川扬声", above=f"{_DATE}<a href='/u'><div>青川扬声</div><span>企鹅号</span></a>"
            ),
        ),
        (),
    ),
    "script": ((_in_script("青川论见", "source"),), ()),
    "meta": (
        (_page("青川论见", head="<meta name='ContentSource' content='青川论见'>"),),
        (_page(None, head="<meta name='ContentSource' content='http://www.qc.gov.cn/'>"),),
    ),
    "jsonld": ((_linked("青川论见", '"publisher": {"name": "青川论见"}'),), ()),
    "label:supplier": (
        (_page("机关党委", above="<p>2024-05-06　供稿：机关党委</p>"),),
        (_page(None, above="<p>2024-05-06　供稿：机关党委 张三</p>"),),
    ),
    "label:issuer": (
        (
            _page(
                "青川县民政局",
                above="<ul><li>发布机关： 青川县民政局</li><li>发布日期：2024-05-06</li></ul>",
            ),
        ),
        (),
    ),
}

AUTHOR: Examples = {
    "rules": ((_selected("张三", FieldRules(author=(".x",))),), ()),
    "script": ((_in_script("张三", "author"),), ()),
    "family": (
        (_page("邵小路", above=f"{_DATE}<span class='rich_media_meta_text'>邵小路</span>"),),
        (),
    ),
    "label": (
        (
            _page("一只小团团", above="<p>2024-05-06　作者：一只小团团</p>"),
            _page(
                "张三 李四",
                above="<p>2024-05-06</p><div><p>记者：张三</p><p>通讯员：李四</p></div>",
            ),
        ),
        (
            _page(None, above="<p>2024-05-06　作者：管理员</p>"),
            _page(None, above="<p>2024-05-06　作者：市水务局</p>"),
            _page(None, inside="<p>记者：后来呢</p><p>李明：后来就修好了。</p><p>记者：多久</p>"),
        ),
    ),
    "byline:lead": (
        (
            _led("张三 李四", "本报讯（记者 张三 通讯员 李四）"),
            _led("扎西次仁", "青川融媒讯（扎西次仁）"),
            _led("张三", "记者张三报道："),
            _led("乜小强 王秀兰", "本报讯（记者乜小强 通讯员王秀兰）"),
        ),
        (_led(None, "本报讯（市水务局）"), _led(None, "记者从市水务局获悉，")),
    ),
    "byline:line": (
        (_among("张三", "文/张三 图/李四"), _among("李明 王芳", "执笔人：李明 王芳")),
        (_among(None, "记者手记"), _among(None, "小记者在行动"), _among(None, "张三/摄")),
    ),
    "byline:header": (
        (_page("张三", above="<p>2024-05-06　青川商报记者张三</p>"),),
        (_page(None, above="<p>2024-05-06　记者站 青川市望江路1号</p>"),),
    ),
    "byline:tail": (
        (_ended("张三", "（文 张三）"), _ended("张三 李四", "（青川日报记者 张三 通讯员 李四）")),
        (_page(None, inside="<p>张三/摄</p>"), _page(None, inside="<p>（市水务局供稿）</p>")),
    ),
    "byline:bare": (
        (
            _page("张三 李四", inside="<p>（张三 李四）</p>"),
            _page("张三", inside="<p>（市水务局　张三）</p>"),
        ),
        (_page(None, inside="<p>（此件公开发布）</p>"), _page(None, inside="<p>（待续）</p>")),
    ),
    "byline:below": (
        (_page("张三", inside="<p>来源：青川日报 记者 张三</p>"),),
        (_page(None, inside="<p>来源：青川日报 图/张三</p>"),),
    ),
    "marks": ((_page("张三", above=f"{_DATE}<span class='author'>张三</span>"),), ()),
    "rel": (
        (_page("张三", above="<p><a rel='author' href='/zs'>张三</a> 2024-05-06</p>"),),
        (_page(None, above="<p><a rel='author' href='/'>管理员</a> 2024-05-06</p>"),),
    ),
    "posted": (
        (
            _page("张三", above="<p>张三 发表于 2024-05-06 10:20</p>"),
            _page("张三", above="<p>Posted by 张三 on 2024-05-06</p>"),
            _page("John Smith", above="<p>By John Smith | Posted on May 6, 2024</p>"),
            _page("JOHN SMITH", above="<p>By JOHN SMITH, Staff Writer</p>"),
            _page("jsmith", inside="<p>posted by jsmith @ 2024-05-06 10:20</p>"),
            _page("John Smith", inside="<p>Filed under: Town — John Smith @ 3:15 pm</p>"),
        ),
        (
            _page(None, above="<p>By The Associated Press</p>"),
            _page(None, inside="<p>Comment by Bob Stone on May 6, 2024</p>"),
            _page(None, above="<p>网友 发表于 2024-05-06 10:20</p>"),
            _page(None, above="<p>青川市水务局 发布于 2024-05-06 10:20</p>"),
        ),
    ),
    "jsonld": ((_linked("张三", '"author": {"name": "张三"}'),), ()),
}

EDITOR: Examples = {
    "rules": ((_selected("张三", FieldRules(editor=(".x",))),), ()),
    "script": ((_in_script("张三", "editor"),), ()),
    "family": ((_page("张三", below="<div class='edit'>张三</div>"),), ()),
    "label:editor": (
        (_page("青川融媒体中心", inside="<p>责任编辑：青川融媒体中心</p>"),),
        (_page(None, inside="<p>校对：张三</p>"), _page(None, inside="<p>审核：张三</p>")),
    ),
    "byline": (
        (
            _page("张三", inside="<p>编辑 | 张三</p>"),
            _page("张三", inside="<p>（青川新闻网编辑 张三）</p>"),
        ),
        (_page(None, inside="<p>编辑部地址</p>"), _page(None, inside="<p>编辑 制作</p>")),
    ),
}
