"""Stored lists with their markup changed: what is read must not hang on names and wrappings."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from scraper.listing import read_listing
from scraper.page.layout.charset import decode
from tests.quality.listing_score import key

pytestmark = pytest.mark.shared

MENU = "".join(f'<li><a href="/zz{n}/index.html">政务服务事项{n}</a></li>' for n in range(60))
BOX = "".join(
    f'<li><a href="/tj/202601/t2026010{n}_{n}.html">推荐阅读的一篇旧文章标题{n}</a><span>2026-01-0{n}</span></li>'
    for n in range(1, 7)
)
CALENDAR = "".join(f"<td><a href='?day=2026-01-{n:02}'>{n}</a></td>" for n in range(1, 29))
PLACES = f"<script>var c={json.dumps([{'name': f'第{n}个城市', 'url': f'/c/{n}/'} for n in range(60)])};</script>"
FURNITURE = (
    "<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=5108220001'>政府网站找错</a>"
    "<a href='/nb/202601/t20260101_9.html'>政府网站工作年度报表</a>"
)
MUTATIONS: dict[str, Callable[[str], str]] = {
    "no classes, no ids": lambda page: re.sub(r"""\s(?:class|id)=("[^"]*"|'[^']*')""", "", page),
    "no tool tips": lambda page: re.sub(r"""\stitle=("[^"]*"|'[^']*')""", "", page),
    "div for li and ul": lambda page: re.sub(r"<(/?)(?:li|ul)\b", r"<\1div", page),
    "no blanks": lambda page: re.sub(r">\s+<", "><", page),
    "CRLF": lambda page: page.replace("\n", "\r\n"),
    "links wrapped": lambda page: re.sub(
        r"(<a\b[^>]*>.*?</a>)", r"<div><p>\1</p></div>", page, flags=re.DOTALL
    ),
    "a long menu above": lambda page: page.replace("<body>", f"<body><ul>{MENU}</ul>"),
    "digits in elements of their own": lambda page: re.sub(
        r"(?<=>)([^<>]{4,})(?=</a>)",
        lambda found: re.sub(r"(\d+)", r"<font>\1</font>", found[1]),
        page,
    ),
    "old rows in a comment": lambda page: page.replace("<body>", f"<body><!--<ul>{BOX}</ul>-->"),
    "a calendar below": lambda page: page.replace("</body>", f"{CALENDAR}</body>"),
    "a menu in a script": lambda page: page.replace("</body>", f"{PLACES}</body>"),
    "furniture below": lambda page: page.replace("</body>", f"{FURNITURE}</body>"),
    "a dated box above": lambda page: page.replace("<body>", f"<body><ul>{BOX}</ul>"),
    "a dated box below": lambda page: page.replace("</body>", f"<ul>{BOX}</ul></body>"),
}
SPOILT = defaultdict(frozenset, {"a dated box below": frozenset({"tencent_news"})})
"""Documents that are read whole until they are changed so: their own rows have no days."""


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_changed_markup_is_read_like_the_original(mutation: str, shared: Path) -> None:
    for line in (shared / "corpus" / "listings.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        page = shared / "corpus" / "pages" / f"{gold['id']}.html"
        if not page.exists() or not gold["links"] or gold["id"] in SPOILT[mutation]:
            continue
        text = MUTATIONS[mutation](decode(page.read_bytes()).text)
        listing = read_listing(text.encode(), gold["url"], "utf-8")
        wanted = {key(each["url"]) for each in gold["links"] if each["url"]}
        assert {key(link.url) for link in listing.links} == wanted, gold["id"]
