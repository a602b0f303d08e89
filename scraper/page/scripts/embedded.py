"""Articles that stand only in a page's scripts (``__NEXT_DATA__``, ``__INITIAL_STATE__`` …).

The largest text under a key that means "content" is taken, with what stands beside it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.page.scripts.script_values import values_in

_CONTENT = ("content", "contenthtml", "html", "body", "text", "articlecontent", "detail", "article",
            "contents", "article_content", "contenttext", "txt", "newscontent", "doccontent", "contentlist", "sub_abstracts",
            "paragraphs", "contentdata")  # fmt: skip
_TITLE = ("title", "articletitle", "headline", "doctitle", "newstitle")
_SOURCE = ("source", "publisher", "medianame", "media_name", "sourcename", "contentsource", "publisher_name",
           "copyfrom", "origin", "newssource", "articlesource", "infosource", "docsource")  # fmt: skip
_TIME = ("publishtime", "publish_time", "pubtime", "pubdate", "newstime", "display_publish_time", "publishdate",
         "published_at", "createtime", "create_time", "date", "releasetime", "datepublished", "time")  # fmt: skip
_AUTHOR = ("author", "authorname", "author_name", "reporter")
_EDITOR = ("editor", "editorname", "editor_name", "duty_editor")
_FIELDS = {
    "title": _TITLE,
    "source": _SOURCE,
    "published_at": _TIME,
    "author": _AUTHOR,
    "editor": _EDITOR,
}
_PIECES = ("data", "content", "text", "html", "value", "desc")
_ADDRESSES = ("url", "src", "img", "image", "imgurl")
_MIN_TEXT = 60
_MAX_THINGS = 50_000
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NAMES = (
    "var ct",
    "createTime",
    "publish_time",
    "publishTime",
    "pubtime",
    "ptime",
    "pubDate",
    "newsTime",
)
_STATED = re.compile(r"[\"']?\s{0,3}[=:]\s{0,3}[\"']([^\"']{8,30})[\"']")


@dataclass(frozen=True, slots=True)
class Embedded:
    """An article found in a script; ``fields`` by the names of `Release`."""

    markup: str
    fields: dict[str, str]


def find_embedded(tree: LexborHTMLParser) -> Embedded | None:
    """The largest article in the page's scripts."""
    found = [one for value, title in values_in(tree) for one in _articles(value, title)]
    found += _in_textareas(tree)
    return max(found, key=lambda one: len(one.markup), default=None)


def _in_textareas(tree: LexborHTMLParser) -> list[Embedded]:
    """An article that scripts take from hidden ``textarea`` elements (huanqiu.com, 2020-2025).

    One holds the markup, others beside it title, source and time, as their classes say.
    """
    texts = [
        ((node.attributes.get("class") or node.attributes.get("id") or "").lower(), node.text())
        for node in tree.css("textarea")
    ]
    markup = max((text for _, text in texts), key=len, default="")
    if len(markup) < _MIN_TEXT or "<p" not in markup:
        return []
    names = {
        "title": "title",
        "source": "source-name",
        "published_at": "time",
        "author": "author",
        "editor": "editor",
    }
    fields = {
        name: text.strip()
        for name, word in names.items()
        for mark, text in texts
        if mark.endswith(word) and text.strip() and "<" not in text
    }
    return [Embedded(markup, fields)]


def published_in_script(text: str) -> str | None:
    """A publication time that a script states (WeChat: ``var ct = "1581517074"``)."""
    for name in _NAMES:
        at = text.find(name)
        if at >= 0 and (found := _STATED.match(text, at + len(name))):
            return found[1]
    return None


def _articles(value: Any, title: str) -> Iterator[Embedded]:
    """Articles in a value; a thing may be named by what it lies in, up to two levels above."""
    start = {"title": title} if title else {}
    stack, count = [(value, [start, start])], 0
    while stack and count < _MAX_THINGS:
        count += 1
        one, above = stack.pop()
        if isinstance(one, dict):
            fields = _fields(one)
            if article := _article(
                one, fields if "title" in fields else {**above[0], **above[1], **fields}
            ):
                yield article
            stack.extend(
                (v, [above[1], fields]) for v in one.values() if isinstance(v, dict | list)
            )
        elif isinstance(one, list):
            stack.extend((v, above) for v in one if isinstance(v, dict | list))


def _fields(one: dict[str, Any]) -> dict[str, str]:
    lower = {key.lower(): value for key, value in one.items() if isinstance(key, str)}
    return {name: value for name, keys in _FIELDS.items() if (value := _text(lower, keys))}


def _article(one: dict[str, Any], fields: dict[str, str]) -> Embedded | None:
    values = [
        value for key, value in one.items() if isinstance(key, str) and key.lower() in _CONTENT
    ]
    markup = max((_markup(value) for value in values), key=len, default="")
    if (
        "title" not in fields
        or len(markup) < _MIN_TEXT
        or len(_CHINESE.findall(markup[:2000])) < 20
    ):
        return None
    pictures = one.get("sub_images")
    return Embedded(markup + (_markup(pictures) if isinstance(pictures, list) else ""), fields)


def _markup(value: Any) -> str:
    """A content as markup: HTML, escaped HTML, plain lines, or a list of such pieces and pictures."""
    if isinstance(value, list):
        return "".join(map(_piece, value[:500]))
    text = value if isinstance(value, str) else ""
    if "&lt;" in text and "<" not in text:
        text = html.unescape(text)
    if "<" in text:
        return text
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))


def _piece(item: Any) -> str:
    if isinstance(item, str):
        return _markup(item)
    if not isinstance(item, dict):
        return ""
    text, address = _text(item, _PIECES), _text(item, _ADDRESSES)
    if address and not _CHINESE.search(text):
        return f'<img src="{html.escape(address)}">'
    return _markup(text)


def _text(lower: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = lower.get(key)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
