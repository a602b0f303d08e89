"""The people that a field's value names: authors as people, editors as people, desks or accounts."""

from __future__ import annotations

import re

from scraper.text.credits import read_credits
from scraper.text.people import kind_of
from scraper.text.reached import without_reached
from scraper.text.vocabulary import one_of, words
from scraper.text.western import names_at_start

_CODE = re.compile(r"(?:[_\s(-]{1,2}[A-Z]{1,4}\d{2,6}\)?|\(\w{1,20}\))$")
_PEN_NAME = re.compile(r"[\w\u4e00-\u9fff·•.-]{2,12}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Z]\S{0,20}\s")
_SAYS = re.compile(f"[您你我]|(?:{one_of(words('not_names', 'titles'))})$")
_NOBODY = frozenset(("编辑", "责编", "责任编辑", *words("addresses", "reached")))


def author_of(text: str) -> str | None:
    """The people named, joined by one blank; all of them or none. A unit, an account is no author."""
    text = without_reached(text)
    if _LATIN.match(text) and not _CHINESE.search(text) and (named := names_at_start(text)):
        return " ".join(named)
    names = read_credits(text, "writer").writers
    return " ".join(names) or None


def pen_name_of(text: str) -> str | None:
    """A pen name that is built like no name (作者：一只小团团), where nothing else is stated."""
    word = without_reached(text).strip(" \x1f,;。、")
    found = _PEN_NAME.fullmatch(word) and _CHINESE.search(word) and not read_credits(word).roles
    return word if found and kind_of(word) == "other" and not _SAYS.search(word) else None


_BETWEEN = re.compile(r"[\s、,;/\x1f]+")


def editor_of(text: str) -> str | None:
    """The editor as stated; unlike an author it may be a desk (秭归融媒体中心) or an account."""
    text = without_reached(text)
    found = read_credits(text, "editor")
    if found.editors or found.roles:  # 校对：李四 names no editor
        return " ".join(found.editors) or None
    words = [_CODE.sub("", w.strip("()[]【】:。 ")) for w in _BETWEEN.split(text)]
    word = words[0] if words and not words[0].isdecimal() else ""
    return word if 2 <= len(word) <= 16 and not _NOBODY.intersection(words) else None
