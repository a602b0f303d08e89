"""Small article pages for tests: a template around lines that a test is about."""

from __future__ import annotations

import datetime as dt

from scraper.clock import SHANGHAI
from scraper.page import parse_page
from scraper.record.release import Release

NOW = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
TEXT = (
    "青川市水务局24日召开专题会议，研究部署城区内涝点整治工作。会议指出，今年以来全市已完成易涝点改造37处。",
    "会议强调，要坚持问题导向，对照台账逐项销号，确保汛期来临前排水能力提升到三年一遇标准。",
    "下一步，该局将会同城管、住建等部门，加密巡查频次，完善应急预案，并向社会公布举报电话。",
)
_MENU = "".join(
    f'<li><a href="/{word}/">{word}</a></li>' for word in ["首页", "要闻", "公开", "服务"]
)


def read(
    markup: str, *, head: str = "<title>内涝点整治提速</title>", url: str = "http://a.cn/1.html"
) -> Release:
    """A page with a menu above and a footer below the markup."""
    page = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body><ul>{_MENU}</ul>"
        f"{markup}<div class='footer'>版权所有：青川市政府　网站标识码：5108220001</div></body></html>"
    )
    return parse_page(page.encode(), url, received_at=NOW)


def paragraphs(*texts: str) -> str:
    """Texts as ``p`` elements."""
    return "".join(f"<p>{text}</p>" for text in texts)


def article(
    *, above: str = "", below: str = "", inside: str = "", url: str = "http://a.cn/1.html"
) -> Release:
    """A headline, lines above the text, the text with lines at its end, lines below it."""
    return read(
        f"<div><h1>内涝点整治提速</h1>{above}<div>{paragraphs(*TEXT)}{inside}</div>{below}</div>",
        url=url,
    )
