"""Values that a page's scripts hold: JSON, JSON inside strings, object literals of JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

_START = re.compile(r"(?:=|\(|:)\s{0,9}(?=[{\[])")
_UNDEFINED = re.compile(r"(?<=[:,\[])\s{0,4}(?:undefined|NaN|void 0)(?=\s{0,4}[,}\]])")
_PARSED = re.compile(r"JSON\.parse\(\s{0,4}(?=[\"'])")
_LITERAL = re.compile(
    r"\b(title|content|source|time|author)[\"']?\s{0,3}:\s{0,3}(?=['\"])", re.IGNORECASE
)
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_BYTE = re.compile(r"\\x([0-9a-fA-F]{2})")
_MIN_SCRIPT = 150
_MAX_STARTS = 12
_MAX_LITERALS = 60
_BEFORE = 600
_DECODER = json.JSONDecoder(strict=False)


def values_in(tree: LexborHTMLParser) -> Iterator[tuple[Any, str]]:
    """What can be read from the scripts that may hold Chinese, each with a title that stands before it."""
    for node in tree.css("script"):
        text = node.text().strip()
        if len(text) < _MIN_SCRIPT or not _may_tell(text):
            continue
        if "ld+json" in (node.attributes.get("type") or ""):
            continue
        if text.startswith("%7B"):  # toutiao.com, 2022: RENDER_DATA
            text = unquote(text)
        for value in _json_in(text):
            yield value, ""
        if "JSON.parse" in text:
            yield from _json_in_strings(text)
        if "content" in text:
            yield from ((value, "") for value in _literals(text))


def _may_tell(script: str) -> bool:
    """Whether a script can hold a Chinese text: as it is, or escaped in one of the usual ways."""
    return not script.isascii() or any(sign in script for sign in ("\\u", "\\x", "&#", "%"))


def _json_in(script: str) -> Iterator[Any]:
    if "undefined" in script or "void 0" in script:
        script = _UNDEFINED.sub("null", script)
    starts = [0] if script.startswith(("{", "[")) else []
    starts += [found.end() for found in _START.finditer(script)]
    end = failures = 0
    for start in starts:
        if start < end or failures >= _MAX_STARTS:
            continue
        try:
            thing, end = _DECODER.raw_decode(script, start)
            yield thing
        except (ValueError, RecursionError):
            failures += 1


def _json_in_strings(script: str) -> Iterator[tuple[Any, str]]:
    """``JSON.parse("…")``."""
    for number, found in enumerate(_PARSED.finditer(script)):
        text = _string_at(script, found.end()) if number < _MAX_STARTS else None
        if text is None:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        before = dict(_fields(script[max(0, found.start() - _BEFORE) : found.start()]))
        yield value, before.get("title", "")


def _literals(script: str) -> Iterator[dict[str, str]]:
    """Object literals that are no JSON: ``{title: '…', content: '…'}``; one a ``content``."""
    fields: dict[str, str] = {}
    for name, value in _fields(script):
        if name == "content" and "content" in fields:
            yield fields
            fields = {}
        fields.setdefault(name, value)
    if "content" in fields:
        yield fields


def _fields(script: str) -> Iterator[tuple[str, str]]:
    for number, found in enumerate(_LITERAL.finditer(script)):
        if number >= _MAX_LITERALS:
            return
        value = _string_at(script, found.end())
        if value:
            yield found[1].lower(), value.removeprefix("&quot;").removesuffix("&quot;")


def _string_at(script: str, start: int) -> str | None:
    """A JavaScript string literal's value."""
    found = _STRING.match(script, start)
    if not found:
        return None
    inner = found[0][1:-1]
    if found[0][0] == "'":
        inner = inner.replace("\\'", "'").replace('\\"', '"').replace('"', '\\"')
    try:
        value = json.loads(f'"{_BYTE.sub(_as_unicode, inner)}"', strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _as_unicode(found: re.Match[str]) -> str:
    return f"\\u00{found[1]}"
