"""Which elements break lines, which are never read, and what class names give away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scraper.page.layout.marks import KNOWN_MARKS

BLOCKS = frozenset(
    (
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
    )
)
"""Elements that stand on lines of their own (HTML §15.3, and UCAP's two)."""

SKIPPED = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
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
    )
)
"""Elements whose text is no text of the page."""

PLAYERS = frozenset(["video", "audio", "object", "embed"])
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none")
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|top-?nav|breadcrumb|crumbs?|footer|foot|sidebar|side|aside|share|"
    r"bdshare|recommend\w*|related?|relates|xgyd|xgwz|xgnews|xglj|hot|hotnews|rank\w*|comments?|"
    r"pinglun|copyright|disclaimer|mianze|ads?|adv|ad-?(?:box|con|div|area|bar|wrap)|advert\w*|banner|login|search|toolbar|qrcode|ewm|"
    r"erweima|popup|dialog|modal|pagination|pager|page-?nav|prev-?next|weizhi|dqwz|friend-?links?|"
    r"link-?list|tuijian|subscribe|app-?download|wechat-?code|fenxiang|font-?size|zihao)"
    r"(?:$|[\s_\d-])"
)
_CONTENT = re.compile(
    r"article|content|zoom|editor|detail|main-?txt|(?:^|[\s_-])(?:text|txt|con|cont|body|post|entry|"
    r"zw|zhengwen|neirong|news|view|artibody|paragraph)(?:$|[\s_\d-])|wenzhang|rich_?media|"
    r"article-?body|xl|neirong|zhengwen",
    re.IGNORECASE,
)
STRUCTURE = frozenset(["nav", "footer", "aside", "header"])
"""Elements that are furniture by their tag."""


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether an element's own attributes keep it from being shown."""
    style = attributes.get("style")
    if style and ("none" in style or "NONE" in style or "None" in style):
        return _HIDDEN.search(style.lower()) is not None or "hidden" in attributes
    return "hidden" in attributes


SMALL = 40
"""Pixels; a picture that is said to be narrower or lower is an icon."""


def pixels(stated: str | None) -> int | None:
    """The size that a ``width`` or ``height`` states."""
    digits = (stated or "").strip().removesuffix("px")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else None


_ROLES = {
    "role:source": re.compile(
        r"source|(?:^|[\s_-])(?:ly|laiyuan|media|origin|copyfrom|from|where|sour|xxly)(?:$|[\s_\d-])"
    ),
    "role:author": re.compile(
        r"(?:^|[\s_-])(?:author|auth|writer|zuozhe|zz|byline|author-?name)(?:$|[\s_\d-])"
    ),
    "role:subtitle": re.compile(
        r"sub-?title|subtit|futitle|fubiaoti|(?:^|[\s_-])(?:ftitle|fbt|vice-?title|title-?sub)(?:$|[\s_-])"
    ),
    "role:kicker": re.compile(
        r"(?:^|[\s_-])(?:yinti|pre|intro-?title|pre-?title|ytitle|yt|kicker|jianti)(?:$|[\s_-])"
    ),
    "role:summary": re.compile(
        r"(?:^|[\s_-])(?:summary|abstract|zhaiyao|daodu|intro|digest)(?:$|[\s_-])"
    ),
}


_TITLE = re.compile(r"title|headline|(?:^|[\s_-])biaoti", re.IGNORECASE)
_BRIEF_TITLE = re.compile(r"(?:^|[\s_-])(?:tit|bt|h1|tt|subject)(?:$|[\s_\d-])", re.IGNORECASE)
"""Short words for a title; in ``bt_content`` the body's container is named after the headline."""


def _speaks_of_title(marks: str) -> bool:
    if _TITLE.search(marks):
        return True
    return bool(_BRIEF_TITLE.search(marks)) and not _CONTENT.search(marks)


@dataclass(frozen=True, slots=True)
class Description:
    """What an element's id and classes say.

    Attributes:
        marks: id and classes, lower case, blanks between.
        chrome: whether they are those of furniture.
        content: whether they speak of an article's text.
        title: whether they are those of a headline.
        known: those of them that a CMS family is known by, as ``#id`` and ``.class``, and as
            ``role:source`` and so on what words in them tell.
    """

    marks: str
    chrome: bool
    content: bool
    title: bool
    known: tuple[str, ...]


PLAIN = Description("", chrome=False, content=False, title=False, known=())
"""An element with neither id nor class."""


@lru_cache(maxsize=16384)
def described(ident: str | None, classes: str | None) -> Description:
    """The description of an id and a ``class`` attribute; pages of a site share most of them."""
    ident, classes = (ident or "")[:200].lower(), (classes or "")[:400].lower()
    marks = f"{ident} {classes}".strip()
    tokens = (f"#{ident.strip()}", *(f".{name}" for name in classes.split()))
    known = tuple(token for token in tokens if token in KNOWN_MARKS)
    known += tuple(role for role, pattern in _ROLES.items() if pattern.search(marks))
    return Description(
        marks,
        bool(_CHROME.search(marks)),
        bool(_CONTENT.search(marks)),
        _speaks_of_title(marks),
        known,
    )
