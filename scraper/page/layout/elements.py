"""Which elements break lines, which are never read, and what class names give away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

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
    r"article-?body|xl|neirong|zhengwen"
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


_ROLE_WORDS = {
    "role:source": ("source", "ly|laiyuan|media|origin|copyfrom|from|where|sour|xxly", r"\d"),
    "role:author": ("", "author|auth|writer|zuozhe|zz|byline|author-?name", r"\d"),
    "role:subtitle": (
        "sub-?title|subtit|futitle|fubiaoti",
        "ftitle|fbt|futi|vice-?title|title-?sub",
        "",
    ),
    "role:kicker": ("", "yinti|pre|intro-?title|pre-?title|ytitle|yt|kicker|jianti", ""),
    "role:summary": ("", "summary|abstract|zhaiyao|daodu|intro|digest", ""),
}
"""By what an element is for: the words that tell it anywhere in a name, those that tell it as a word of
their own, and what may stand behind such a word beside a blank and a stroke."""
_ROLES = {
    role: re.compile(
        (f"{inside}|" if inside else "") + rf"(?:^|[\s_-])(?:{alone})(?:$|[\s_{behind}-])"
    )
    for role, (inside, alone, behind) in _ROLE_WORDS.items()
}
_ANY_ROLE = re.compile(
    rf"(?<![^\s_-])(?:{'|'.join(alone for _, alone, _ in _ROLE_WORDS.values())})|"
    + "|".join(inside for inside, _, _ in _ROLE_WORDS.values() if inside)
)
"""How every mark of a role begins: most names hold none, and are asked once."""

_TITLE = re.compile(r"title|headline|(?:^|[\s_-])biaoti")
_BRIEF_TITLE = re.compile(r"(?:^|[\s_-])(?:tit|bt|h1|tt|subject)(?:$|[\s_\d-])")
"""Short words for a title; in ``bt_content`` the body's container is named after the headline."""


@dataclass(frozen=True)
class Description:
    """What an element's id and classes say.

    Attributes:
        marks: id and classes, lower case, blanks between.
        chrome: whether they are those of furniture.
        known: those of them that a CMS family is known by, as ``#id`` and ``.class``, and as
            ``role:source`` and so on what words in them tell.
    """

    marks: str
    chrome: bool
    known: tuple[str, ...]

    @cached_property
    def content(self) -> bool:
        """Whether they speak of an article's text; looked for once it is asked, which is of few."""
        return _CONTENT.search(self.marks) is not None

    @cached_property
    def title(self) -> bool:
        """Whether they are those of a headline; looked for once it is asked."""
        if _TITLE.search(self.marks):
            return True
        return _BRIEF_TITLE.search(self.marks) is not None and not self.content


_KNOWN_IDS, _KNOWN_CLASSES = (
    frozenset(mark[1:] for mark in KNOWN_MARKS if mark[0] == sign) for sign in "#."
)
PLAIN = Description("", chrome=False, known=())
"""An element with neither id nor class."""


@lru_cache(maxsize=16384)
def described(ident: str | None, classes: str | None) -> Description:
    """The description of an id and a ``class`` attribute; pages of a site share most of them."""
    ident, classes = (ident or "")[:200].lower(), (classes or "")[:400].lower()
    marks = f"{ident} {classes}".strip()
    names = classes.split()
    known: tuple[str, ...] = ()
    if ident.strip() in _KNOWN_IDS or not _KNOWN_CLASSES.isdisjoint(names):
        marked = (f"#{ident.strip()}", *(f".{name}" for name in names))
        known = tuple(mark for mark in marked if mark in KNOWN_MARKS)
    if _ANY_ROLE.search(marks):
        known += tuple(role for role, pattern in _ROLES.items() if pattern.search(marks))
    return Description(marks, _CHROME.search(marks) is not None, known)
