"""Which elements break lines, which are never read, and what class names give away."""

from __future__ import annotations

import re
from functools import lru_cache

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "ucaptitle",
        "ucapcontent",
    ]
)
"""Elements that stand on lines of their own (HTML §15.3, and UCAP's two)."""

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "option",
        "textarea",
        "button",
        "svg",
        "iframe",
        "object",
        "embed",
        "canvas",
        "video",
        "audio",
        "map",
        "input",
        "base",
        "col",
        "colgroup",
        "math",
        "datalist",
        "frame",
        "frameset",
    ]
)
"""Elements whose text is no text of the page."""

PLAYERS = frozenset(["video", "audio", "object", "embed"])
VOID = frozenset(["br", "hr", "img", "link", "meta", "param", "source", "wbr", "area", "track"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

_HIDDEN = re.compile(
    r"(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden)", re.IGNORECASE
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|top-?nav|breadcrumb|crumbs?|footer|foot|header|sidebar|side|aside|share|"
    r"bdshare|recommend\w*|related?|relates|xgyd|xgwz|xgnews|xglj|hot|hotnews|rank\w*|comments?|pinglun|"
    r"copyright|disclaimer|mianze|ad|ads|advert\w*|banner|login|search|toolbar|qrcode|ewm|erweima|"
    r"popup|dialog|modal|tags?|pagination|pager|page-?nav|prev-?next|weizhi|dqwz|position|"
    r"location|friend-?links?|link-?list|keyword|tuijian|subscribe|app-?download|"
    r"weixin|wechat-?code|fenxiang|print|dayin|font-?size|zihao|statement|shengming|fontsize)"
    r"(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"article|content|zoom|editor|detail|main-?txt|(?:^|[\s_-])(?:text|txt|con|cont|body|post|entry|"
    r"zw|zhengwen|neirong|news|view|artibody|paragraph)(?:$|[\s_\d-])|wenzhang|rich_?media|"
    r"article-?body|xl|neirong|zhengwen",
    re.IGNORECASE,
)
_STRUCTURE = frozenset(["nav", "footer", "aside", "header"])


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether an element's own attributes keep it from being shown."""
    style = attributes.get("style")
    return "hidden" in attributes or bool(
        style and ("none" in style or "hidden" in style) and _HIDDEN.search(style)
    )


@lru_cache(maxsize=8192)
def chrome(tag: str, marks: str) -> bool:
    """Whether an element is furniture by its tag or its id and classes."""
    return tag in _STRUCTURE or bool(marks and _CHROME.search(marks))


@lru_cache(maxsize=8192)
def content_like(marks: str) -> bool:
    """Whether an element's id or classes speak of an article's text."""
    return bool(_CONTENT.search(marks))
