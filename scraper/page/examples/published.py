"""Examples of the rules for ``published_at``."""

from __future__ import annotations

import datetime as dt

from scraper.clock import SHANGHAI
from scraper.page.examples.pages import article
from scraper.page.rules.rule import Example
from scraper.page.rules.selectors import FieldRules

_RECEIVED = dt.datetime(2024, 5, 1, tzinfo=SHANGHAI)
_SCRIPT = (
    '<script>window.__INITIAL_STATE__ = {"article": {"title": "内涝点整治提速", "publishTime": "2024-03-01 16:39:00", '
    '"content": "<p>青川市水务局24日召开专题会议，研究部署城区内涝点整治工作。会议指出，今年以来全市已完成易涝点改造37处。</p>"}}</script>'
)

READS: dict[str, dict[str, tuple[Example, ...]]] = {
    "published_at": {
        "rules": (
            Example(
                article("<div class='when'>三月一日 2024/3/1</div><p>发布时间：2024-04-02</p>"),
                "2024-03-01 00:00",
                selectors=FieldRules(published_at=(".when",)),
            ),
        ),
        "family": (
            Example(
                article(
                    f"<p>{'青川市水务局办公室主办' * 7}<i id='ivs_date'>2024-03-01 16:39</i></p>"
                ),
                "2024-03-01 16:39",
            ),
        ),
        "label:time": (
            Example(
                article("<p>2024-03-05 10:00　发布时间：2024-03-01 16:39</p>"), "2024-03-01 16:39"
            ),
            Example(article("<p>发布日期：20240301</p>"), "2024-03-01 00:00"),
        ),
        "line": (
            Example(article("<p>2024-03-01 16:39　青川日报</p>"), "2024-03-01 16:39"),
            Example(
                article("<p>By John Smith | Posted on March 1, 2024 at 4:39 PM</p>"),
                "2024-03-01 16:39",
            ),
            Example(article("<p>16:39 2024-03-01 青川日报</p>"), "2024-03-01 16:39"),
            Example(article("<p>20240301 16:39 青川日报</p>"), "2024-03-01 16:39"),
            Example(article("<p>二〇二四年三月一日</p>"), "2024-03-01 00:00"),
            Example(
                article("<p>John Smith on Fri, 01/03/2024 - 16:39; 25/02/2024</p>"),
                "2024-03-01 16:39",
            ),
            Example(
                article("<p>05-03 09:30　来源：青川日报</p>"),
                "2016-05-03 09:30",
                listed_on=dt.date(2016, 5, 3),
            ),
        ),
        "issued": (
            Example(
                article(end="<p>完</p><p>2024年3月1日（星期五）<br>香港時間16時39分</p>"),
                "2024-03-01 16:39",
                url="http://www.info.gov.hk/gia/general/202403/01/P2024030100456.htm",
            ),
            Example(
                article(end="<p>Ends/Friday, March 1, 2024<br>Issued at HKT 16:39</p>"),
                "2024-03-01 16:39",
            ),
        ),
        "below": (
            Example(article(below="<p>（2024-03-01 16:39）</p>"), "2024-03-01 16:39"),
            Example(
                article(end="<p>Posted by John Smith on March 1, 2024</p>"), "2024-03-01 00:00"
            ),
        ),
        "meta": (
            Example(
                article(),
                "2024-03-01 16:39",
                head="<meta name='PubDate' content='2024-03-01 16:39'>",
            ),
        ),
        "jsonld": (
            Example(
                article(),
                "2024-03-01 16:39",
                head='<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-03-01T16:39:00+08:00"}</script>',
            ),
        ),
        "time": (
            Example(
                f"<article>{article('<time datetime=2024-03-01T16:39:00+08:00>3月1日</time>')}</article>",
                "2024-03-01 16:39",
            ),
        ),
        "script": (
            Example(article() + "<script>var ct = '1709282340';</script>", "2024-03-01 16:39"),
        ),
        "document": (
            Example(
                article("<p>索引号：qc01/2024-1</p><p>发文日期：2024年3月1日</p>"),
                "2024-03-01 00:00",
            ),
        ),
        "url": (
            Example(
                article(), "2024-03-01 00:00", url="http://www.qc.gov.cn/xw/202403/t20240301_1.html"
            ),
        ),
        "label:updated": (
            Example(
                article("<p>更新时间：2024-03-01 16:39</p>"),
                "2024-03-01 16:39",
                head="<meta name='PubDate' content='2024-03-01'>",
            ),
        ),
        "line:text": (
            Example(article(lead="<p>各科室：</p><p>2024年3月1日</p>"), "2024-03-01 00:00"),
        ),
    }
}
REFUSES: dict[str, dict[str, tuple[Example, ...]]] = {
    "published_at": {
        "label:time": (
            Example(article(lead="<p>开标时间：2024年3月1日 9:00</p>"), None),
            Example(article(lead="<p>时间：2024年3月1日 9:00</p>"), None),
            Example(article("<p>实施日期：2024-03-01</p>"), None),
        ),
        "line": (
            Example(article(lead="<p>2024年3月1日至2024年3月5日 9:00</p>"), None),
            Example(article(lead="<p>青川市气象台2024年3月1日16时30分发布暴雨预警信号</p>"), None),
            Example(article("<p>05-03 09:30　来源：青川日报</p>"), None),
            Example(article("<p>Last updated: March 5, 2024</p>"), None),
            Example(article("<p>Comment by Bob Stone — March 4, 2024 @ 9:10 am</p>"), None),
            Example(article("<p>On March 1, 2024, the board of the town decided</p>"), None),
            Example(article("<dl><dt>到期日期</dt><dd>2024年3月1日</dd></dl>"), None),
        ),
        "time": (
            Example(
                f"<article>{article('<time class=updated datetime=2024-03-01T16:39:00+08:00>已改</time>')}</article>",
                None,
            ),
        ),
        "label:updated": (
            Example(article("<p>更新时间：2024-03-01 16:39</p>"), None),
            Example(article("<p>打印时间：2024-03-01 16:39</p>"), None),
            Example(
                article("<p>更新时间：2024-03-05 16:39</p>"),
                "2024-03-01 00:00",
                head="<meta name='PubDate' content='2024-03-01'>",
            ),
        ),
        "line:text": (Example(article(lead="<p>（2024年3月1日　北京）</p>"), None),),
    }
}
VETOED: dict[str, dict[str, tuple[Example, ...]]] = {
    "published_at": {
        "ahead": (
            Example(article("<p>2029-03-01 16:39</p>"), None, received_at=_RECEIVED),
            Example(
                article("<p>2029-03-01 16:39</p>"),
                "2024-03-01 00:00",
                head="<meta name='PubDate' content='2024-03-01'>",
                received_at=_RECEIVED,
            ),
        ),
    }
}
