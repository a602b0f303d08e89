"""Examples of the rules for ``title``, ``subtitle`` and ``kicker``."""

from __future__ import annotations

from scraper.page.examples.pages import HEADLINE, TEXT, article
from scraper.page.rules.rule import Example
from scraper.page.rules.selectors import FieldRules

_NO_TITLE = "青川市水务局"
_INFO = "<div class='info'>2024-03-01 16:39　来源：青川日报</div>"
_PLAIN = f"<div class='main'><div class='content'>{TEXT}</div></div>"
_EMBEDDED = (
    '<div id="app"></div><script>window.__INITIAL_STATE__ = {"article": {"title": "内涝点整治提速", "content": "'
    + TEXT
    + '"}}</script>'
)
_ROWS = "".join(
    f"<li><a href='/{n}.html'>第{n}条热点资讯在这里</a><div>2024-01-25</div></li>" for n in range(3)
)

READS: dict[str, dict[str, tuple[Example, ...]]] = {
    "title": {
        "rules": (
            Example(
                article("<div class='x'>水务局部署内涝点整治</div>"),
                "水务局部署内涝点整治",
                selectors=FieldRules(title=(".x",)),
            ),
        ),
        "family": (
            Example(
                article(heading="<span id='ivs_title'>内涝点整治提速</span><b>：</b>"),
                HEADLINE,
                title=_NO_TITLE,
            ),
        ),
        "script": (Example(_EMBEDDED, HEADLINE, title=""),),
        "meta:articletitle": (
            Example(
                _PLAIN,
                HEADLINE,
                head="<meta name='ArticleTitle' content='内涝点整治提速'>",
                title=_NO_TITLE,
            ),
        ),
        "jsonld": (
            Example(
                _PLAIN,
                HEADLINE,
                head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "内涝点整治提速"}</script>',
                title=_NO_TITLE,
            ),
        ),
        "opengraph": (
            Example(
                _PLAIN,
                HEADLINE,
                head="<meta property='og:title' content='内涝点整治提速'>",
                title=_NO_TITLE,
            ),
        ),
        "h1": (
            Example(article(), HEADLINE, title=_NO_TITLE),
            Example(
                article(heading="<h1>内涝点<br>整治提速</h1>"),
                HEADLINE,
                title=_NO_TITLE,
            ),
        ),
        "heading": (
            Example(article(heading="<h2>内涝点整治提速</h2>"), HEADLINE, title=_NO_TITLE),
        ),
        "doubtful": (
            Example(
                article(heading="<div class='nav'><h1>内涝点整治提速</h1></div>"),
                HEADLINE,
                title="",
            ),
        ),
        "above": (
            Example(article(_INFO, heading="<div>内涝点整治提速</div>"), HEADLINE, title=_NO_TITLE),
        ),
        "title": (
            Example(
                article(heading="", lead="<p>青川：内涝点整治提速进行时</p>"),
                HEADLINE,
                title="内涝点整治提速 - 青川要闻",
            ),
        ),
        "unseen": (Example(_PLAIN, HEADLINE, title="内涝点整治提速_青川新闻网"),),
    },
    "subtitle": {
        "rules": (
            Example(
                article("<div class='x'>年底前完工</div>"),
                "年底前完工",
                selectors=FieldRules(subtitle=(".x",)),
            ),
        ),
        "marks": (
            Example(article("<div class='subtitle'>三年投入二十亿元</div>"), "三年投入二十亿元"),
            Example(article("<h2 class='futitle'>三年投入二十亿元</h2>"), "三年投入二十亿元"),
        ),
        "dash": (Example(article("<p>——记青川市水务局</p>"), "——记青川市水务局"),),
    },
    "kicker": {
        "rules": (
            Example(
                article("<div class='x'>汛期将至</div>"),
                "汛期将至",
                selectors=FieldRules(kicker=(".x",)),
            ),
        ),
        "marks": (
            Example(
                article(heading="<p class='yinti'>汛期将至准备先行</p><h1>内涝点整治提速</h1>"),
                "汛期将至准备先行",
            ),
        ),
    },
}
REFUSES: dict[str, dict[str, tuple[Example, ...]]] = {
    "title": {
        "heading": (
            Example(
                f"<div class='list-titles'><ul>{_ROWS}</ul></div>"
                + article(_INFO, heading="<div class='tt'>内涝点整治提速</div>"),
                HEADLINE,
            ),
            Example(
                article(_INFO, heading="<div class='biaoti'>内涝点整治提速</div>").replace(
                    "'content'", "'bt_content'"
                ),
                HEADLINE,
            ),
        ),
    },
    "subtitle": {
        "marks": (
            Example("<div class='sub-title'>水务局负责全市水利工作。</div>" + article(), None),
            Example(
                article(
                    "<ul id='zoomsubtitl'><li>文号：青发〔2024〕3号</li><li>施行日期：2024-04-01</li></ul>"
                ),
                None,
            ),
            Example(article("<div class='subtitle'>2024-03-01 16:39</div>"), None),
            Example(article("<div class='subtitle'><a href='/'>返回水务局首页</a></div>"), None),
        ),
    },
}
VETOED: dict[str, dict[str, tuple[Example, ...]]] = {
    "title": {
        "length": (
            Example(
                article(heading="<h1>" + "整治" * 80 + "</h1><h2>内涝点整治提速</h2>", info=""),
                HEADLINE,
                title="",
                head="<meta name='ArticleTitle' content='汛'>",
            ),
        ),
        "figures": (
            Example(
                article(heading="<h1>2024-03-01</h1><h2>内涝点整治提速</h2>"), HEADLINE, title=""
            ),
        ),
        "sentence": (
            Example(
                article(
                    heading="<h1>会议通过了方案。会议还研究了别的事项</h1><h2>内涝点整治提速</h2>"
                ),
                HEADLINE,
                title="",
            ),
        ),
    }
}
