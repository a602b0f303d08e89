"""Columns that a home page leads to, for a site of which only the address is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scraper.listing import Link
from scraper.listing.document import open_document
from scraper.listing.row import is_article_like
from scraper.listing.skeleton import Anchor, read_anchors

_NEWS = re.compile(
    r"^\S{0,8}(?:要闻|新闻发布会?|发布会|政务动态|工作动态|新闻动态|部门动态|区县动态|县区动态|镇街动态|今日\S{1,4}|"
    r"新闻中心|政务要闻|图片新闻|媒体报道|通知公告|公示公告|政府公告|工作信息|政务信息)$"
)
_MOST = 20


def columns_on(page: bytes, url: str, http_charset: str | None = None) -> tuple[Link, ...]:
    """Links that read like news columns (要闻, 新闻发布会, 政务动态 …), each once.

    Raises:
        ListingTooLarge: the page exceeds a limit.
    """
    document = open_document(page, url, http_charset)
    if document.looks_like_json:
        return ()
    return _named(list(read_anchors(document, document.tree)))


def _named(anchors: Sequence[Anchor]) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for anchor in anchors:
        if _NEWS.match(anchor.label) and not is_article_like(anchor.url):
            found.setdefault(anchor.url, Link(anchor.url, anchor.label))
    return tuple(found.values())[:_MOST]
