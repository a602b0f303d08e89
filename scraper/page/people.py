"""The people that a field's value names: authors as people, editors as people, desks or accounts."""

from __future__ import annotations

import re

from scraper.text.credits import read_credits

_CODE = re.compile(r"(?:[_\s(-]{1,2}[A-Z]{1,4}\d{2,6}\)?|\(\w{1,20}\))$")
_NOBODY = frozenset(("编辑", "责编", "责任编辑"))


def author_of(text: str) -> str | None:
    """The people named, joined by one blank; all of them or none. A unit, an account is no author."""
    names = read_credits(text, "writer").writers
    return " ".join(names) or None


def editor_of(text: str) -> str | None:
    """The editor as stated; unlike an author it may be a desk (秭归融媒体中心) or an account."""
    found = read_credits(text, "editor")
    if found.editors or found.roles:  # 校对：李四 names no editor
        return " ".join(found.editors) or None
    words = [_CODE.sub("", w.strip("()[]【】:。 ")) for w in re.split(r"[\s、,;/\x1f]+", text)]
    word = words[0] if words and not words[0].isdecimal() else ""
    return word if 2 <= len(word) <= 16 and not _NOBODY.intersection(words) else None
