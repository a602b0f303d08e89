"""Articles that stand only in a page's scripts (``__NEXT_DATA__``, ``__INITIAL_STATE__`` …).

The largest text under a key that means "content" is taken, with what stands beside it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

_CONTENT = ("content", "contenthtml", "html", "body", "text", "articlecontent", "detail", "article",
            "contents", "article_content", "contenttext", "txt", "newscontent", "doccontent")  # fmt: skip
_TITLE = ("title", "articletitle", "headline", "doctitle", "newstitle")
_SOURCE = ("source", "publisher", "medianame", "media_name", "sourcename", "contentsource", "publisher_name",
           "copyfrom", "origin")  # fmt: skip
_TIME = ("publishtime", "publish_time", "pubtime", "pubdate", "display_publish_time", "publishdate",
         "published_at", "createtime", "create_time", "date", "releasetime", "datepublished")  # fmt: skip
_AUTHOR = ("author", "authorname", "author_name", "reporter")
_EDITOR = ("editor", "editorname", "editor_name", "duty_editor")
_START = re.compile(r"(?:=|\(|:)\s{0,9}(?=[{\[])")
_UNDEFINED = re.compile(r"(?<=[:,\[])\s{0,4}(?:undefined|NaN|void 0)(?=\s{0,4}[,}\]])")
_MIN_SCRIPT = 150
_MIN_TEXT = 60
_MAX_STARTS = 12
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
    found = [
        one for script in _scripts(tree) for thing in _json_in(script) for one in _articles(thing)
    ]
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


def _scripts(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("script"):
        text = node.text()
        if len(text) >= _MIN_SCRIPT and "ld+json" not in (node.attributes.get("type") or ""):
            yield text


def _json_in(script: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    script = script.strip()
    if "undefined" in script or "void 0" in script:
        script = _UNDEFINED.sub("null", script)
    starts = [0] if script.startswith(("{", "[")) else []
    starts += [found.end() for found in _START.finditer(script)]
    end = failures = 0
    for start in starts:
        if start < end or failures >= _MAX_STARTS:
            continue
        try:
            thing, end = decoder.raw_decode(script, start)
            yield thing
        except (ValueError, RecursionError):
            failures += 1


def _articles(thing: Any) -> Iterator[Embedded]:
    stack, count = [thing], 0
    while stack and count < _MAX_THINGS:
        count += 1
        one = stack.pop()
        if isinstance(one, dict):
            if article := _article(one):
                yield article
            stack.extend(value for value in one.values() if isinstance(value, dict | list))
        elif isinstance(one, list):
            stack.extend(value for value in one if isinstance(value, dict | list))


def _article(one: dict[str, Any]) -> Embedded | None:
    lower = {key.lower(): value for key, value in one.items() if isinstance(key, str)}
    title = _text(lower, _TITLE)
    texts = [lower[key] for key in _CONTENT if isinstance(lower.get(key), str)]
    markup = max(texts, key=len, default="")
    if not title or len(markup) < _MIN_TEXT or len(_CHINESE.findall(markup[:2000])) < 20:
        return None
    if "&lt;" in markup and "<" not in markup:
        markup = html.unescape(markup)
    if "<" not in markup:
        markup = "".join(f"<p>{html.escape(line)}</p>" for line in markup.split("\n"))
    names = {"source": _SOURCE, "published_at": _TIME, "author": _AUTHOR, "editor": _EDITOR}
    fields = {name: value for name, keys in names.items() if (value := _text(lower, keys))}
    return Embedded(markup, {"title": title, **fields})


def _text(lower: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = lower.get(key)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
