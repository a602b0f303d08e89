"""Examples of the rules for the fields that one rule decides."""

from __future__ import annotations

from scraper.page.examples.pages import TEXT, article
from scraper.page.rules.rule import Example

_EMBEDDED = (
    '<div id="app"></div><script>window.__INITIAL_STATE__ = {"article": {"title": "内涝点整治提速", "content": "'
    + TEXT
    + '"}}</script>'
)

READS: dict[str, dict[str, tuple[Example, ...]]] = {
    "images": {
        "text": (
            Example(article(lead="<p><img src='/u/1.jpg'></p>"), "http://www.qc.gov.cn/u/1.jpg"),
        )
    },
    "attachments": {
        "zone": (
            Example(
                article(end="<p><a href='/u/1.pdf'>申报表</a></p>"), "http://www.qc.gov.cn/u/1.pdf"
            ),
            Example(
                article(end="<p><a href='/d/down.jsp?id=8'>申报表.docx</a></p>"),
                "http://www.qc.gov.cn/d/down.jsp?id=8",
            ),
            Example(
                article(end="<p><a href='#' onclick=\"window.open('/u/1.pdf')\">申报指南</a></p>"),
                "http://www.qc.gov.cn/u/1.pdf",
            ),
            Example(
                article(below="<iframe src='/pdfjs/web/viewer.html?file=/u/1.pdf'></iframe>"),
                "http://www.qc.gov.cn/u/1.pdf",
            ),
        )
    },
    "column": {
        "meta": (Example(article(), "要闻", head="<meta name='ColumnName' content='要闻'>"),)
    },
    "site_name": {
        "meta": (
            Example(
                article(), "青川市政府网", head="<meta name='SiteName' content='青川市政府网'>"
            ),
        )
    },
    "site_id": {
        "meta": (
            Example(article(), "5108220001", head="<meta name='SiteIDCode' content='5108220001'>"),
        )
    },
    "site_region": {
        "meta": (
            Example(article(), "510822", head="<meta name='SiteIDCode' content='5108220001'>"),
        )
    },
    "keywords": {
        "meta": (
            Example(article(), "内涝 水务", head="<meta name='Keywords' content='内涝,水务'>"),
        )
    },
    "region": {
        "gazetteer": (
            Example(
                article(lead="<p>四川省广元市青川县今天召开会议，部署了今年的防汛工作。</p>"),
                "510000 510800 510822",
            ),
            Example(
                article(
                    "<div class='info'>2019-06-03 10:20　来源：市府办</div>",
                    lead="<p>浙江省杭州市下城区今天召开会议，部署了今年的防汛工作。</p>",
                ),
                "330000 330100 330103",
            ),
        )
    },
    "document": {
        "block": (
            Example(
                article("<p>索引号：qc01/2024-1</p><p>文号：青水〔2024〕3号</p>"), "青水〔2024〕3号"
            ),
        )
    },
    "next_pages": {
        "paging": (
            Example(
                article(below="<p><a href='content_1_2.html'>下一页</a></p>"),
                "http://www.qc.gov.cn/xw/content_1_2.html",
            ),
        )
    },
    "paragraphs": {
        "script": (Example(_EMBEDDED, "3"),),
    },
}

REFUSES: dict[str, dict[str, tuple[Example, ...]]] = {
    "site_region": {
        "meta": (Example(article(), None, head="<meta name='SiteIDCode' content='bm01000001'>"),)
    },
}
