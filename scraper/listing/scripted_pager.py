"""Next pages that a page's script would compute.

The forms, with where they were observed (public code and stored pages, 2017 to 2026):

- TRS ``createPageHTML(pages, current, "index", "shtml")``: ``current`` counts from 0, page n is
  ``index_{n}``; Guangxi appends the number of records; some sites put it first.
- UCAP and Hunan ``createPageHTML('paging', pages, current, 'list', 'html', records)``: ``current``
  counts from 1, page n is ``list_{n}``.
- TRS without the function: ``var countPage = 12; var currentPage = 0;``.
- Shanghai ``setPage(current, total)`` and ``pagination("setPage", current, total)``; Anhui
  ``Ls.pagination("#p", function(n){location.href='…?pageIndex=' + n}, {currPage: …, pageCount: …})``;
  jQuery plug-ins with ``totalPage: 54``; both ``index_{n}``.
- jyhcms (Yunnan): the pager is Base64 of URL-encoded HTML in ``#pages``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote_plus, urlsplit

from scraper.listing.document import Document
from scraper.listing.model import Link

_CALL = re.compile(r"reatePage\w{0,40}\s{0,20}\(([^(){};]{3,300}?)\)")
_ARGUMENT = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)"|([^,'"]+))\s*(?:,|$)""")
_NAME = re.compile(r"^[A-Za-z_$][\w$]{0,40}$")
_LINE_COMMENT = re.compile(r"(?:^|[^:\w\"'])//")
_CALLS = 20
"""Calls of one page, and definitions of what is called, that are looked at."""
_LONGEST_LINE, _NEAR = 400, 2000
"""Characters before a call in which the comment that it stands in begins."""
_EXTENSION = re.compile(r"^\.?(s?html?|jsp|aspx?|php)$", re.IGNORECASE)
_COUNT_PAGE = re.compile(r"countPage\s*=\s*[\"']?(\d+)")
_CURRENT_PAGE = re.compile(r"currentPage\s*=\s*[\"']?(\d+)")
_SET_PAGE = re.compile(r"setPage[\"']?\s*[(,]\s*(\d+)\s*,\s*(\d+)")
_MADE = re.compile(
    r"""location(?:\.href)?\s{0,9}=\s{0,9}["']([^"'<>\s]{1,300}[?&]\w{1,30}=)["']\s{0,9}\+\s{0,9}\w{1,30}(?:\s{0,9}\+\s{0,9}["']([^"'<>\s]{0,200})["'])?"""
)
"""An address that a script makes of a text and the number of the page."""
_PRESENT = re.compile(
    r"\bcurr?(?:ent)?Page\w{0,9}[\"']?\s{0,9}[:=]\s{0,9}[(\"']?(\d{1,6})(?:\s{0,9}\+\s{0,9}(\d))?"
)
_TOTAL = re.compile(r"(?:otalPages?|ageCount|otal_page)[\"']?\s*[:=]\s*[\"']?(\d+)")
_COUNTED = ("otalPage", "ageCount", "otal_page")
_STEM = re.compile(r"""["'/]([\w-]*?_)["']\s*\+""")
_STEM_ANY = re.compile(r"""["'](?:[^"'\s]*/)?((?:index|list|default)\w*_)["']""")
_NUMBERED = re.compile(r"^(.*?)_(\d+)(\.\w+)?$")
_TRS_ARTICLE = re.compile(r"/t20\d{6}_\d+(\.s?html?)$")
_SAYS_PAGES = re.compile(r"[上下]一?页|共\s*\d+\s*页|尾页|末页|countPage|totalPage")
_FEWEST_ROWS = 5
_BASE64 = re.compile(r">\s*([A-Za-z0-9+/]{60,}={0,2})\s*<")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: ``index_3.html`` is folder, name "index", number 3, suffix ".html"."""

    name: str
    number: int | None
    suffix: str


def place_of(url: str) -> Place:
    """Take the last part of an address to pieces."""
    last = urlsplit(url).path.rpartition("/")[2]
    if found := _NUMBERED.match(last):
        return Place(found.group(1), int(found.group(2)), found.group(3) or "")
    name, dot, suffix = last.rpartition(".")
    return Place(name if dot else last, None, dot + suffix if dot else "")


def create_page_call(document: Document) -> tuple[bool, str | None]:
    """The next page by ``createPageHTML``.

    Returns:
        Whether the page calls it, and the next page's address (None on the last page).
    """
    if "reatePage" not in document.text:
        return False, None
    asleep: list[str] = []
    for call in islice(_CALL.finditer(document.text), _CALLS):
        if document.text.endswith(("function c", "function C"), 0, call.start()):
            continue
        if _is_comment_of_script(document.text, call.start()):
            continue
        arguments = ["".join(each).strip() for each in _ARGUMENT.findall(call.group(1))]
        step = _next_of_call(_valued(arguments, document.text), place_of(document.url))
        if step is None:
            continue
        if not _is_comment(document.text, call.start()):
            return True, document.absolute(step) if step else None
        asleep.append(step)
    return bool(asleep), document.absolute(asleep[0]) if asleep and asleep[0] else None


def _is_comment_of_script(text: str, place: int) -> bool:
    """Whether a place in a script is behind ``//`` in its line, or between ``/*`` and ``*/``."""
    line = text[text.rfind("\n", max(0, place - _LONGEST_LINE), place) + 1 : place]
    script = line[line.find(">", line.rfind("<script")) + 1 :] if "<script" in line else line
    if _LINE_COMMENT.search(script):
        return True
    near = text[max(0, place - _NEAR) : place]
    opened = near.rfind("/*")
    return opened >= 0 and near.find("*/", opened) < 0 and near.find("</script", opened) < 0


def _is_comment(text: str, place: int) -> bool:
    """Whether a script is in a comment of the page (``<!--`` within a script is none)."""
    opened = text.rfind("<!--", 0, place)
    return (
        opened >= 0
        and text.find("-->", opened, place) < 0
        and text.find("<script", opened, place) >= 0
    )


def _valued(arguments: Sequence[str], text: str) -> list[str]:
    """The arguments of a call, names of variables replaced by the numbers that they are given."""
    return [_number_of(each, text) if _NAME.match(each) else each for each in arguments]


def _number_of(name: str, text: str) -> str:
    found = re.search(
        rf"(?<![\w.$]){re.escape(name)}\s{{0,9}}=\s{{0,9}}[\"']?(\d{{1,6}})[\"']?\s{{0,9}}[;,\n]",
        text,
    )
    return found[1] if found else name


def counted_pages(document: Document) -> tuple[bool, str | None]:
    """The next page by ``countPage``/``currentPage``, ``setPage`` or a plug-in's ``totalPage``."""
    text = document.text
    if (total := _COUNT_PAGE.search(text)) and (current := _CURRENT_PAGE.search(text)):
        number = int(current.group(1)) + 1
        return True, _numbered(document, number) if number < int(total.group(1)) else None
    if found := _SET_PAGE.search(text):
        number = int(found.group(1)) + 1
        return True, _numbered(document, number) if number <= int(found.group(2)) else None
    counted = any(word in text for word in _COUNTED)
    if counted and (made := _MADE.search(text)) and (total := _TOTAL.search(text)):
        here = _PRESENT.search(text)
        number = (int(here[1]) + int(here[2] or 0) if here else 1) + 1
        address = f"{made[1]}{number}{made[2] or ''}"
        return True, document.absolute(address) if number <= int(total.group(1)) else None
    if (
        counted
        and (total := _TOTAL.search(text))
        and (_STEM.search(text) or _STEM_ANY.search(text))
    ):
        number = (place_of(document.url).number or 1) + 1
        return True, _numbered(document, number) if number <= int(total.group(1)) else None
    return False, None


def next_by_rule(document: Document, links: Sequence[Link]) -> str | None:
    """The next page of a TRS column that shows no pager: ``index_1.html`` follows ``./``.

    Only for a column's own page whose rows mostly are TRS articles of that folder, and only when
    the page says nothing about paging. TRS publishes at least two rows a page.
    """
    place, parts = place_of(document.url), urlsplit(document.url)
    if place.name not in {"", "index"} or parts.path in {"", "/"} or parts.query:
        return None
    folder = parts.path.rpartition("/")[0] + "/"
    own = [
        found for each in links if folder in each.url and (found := _TRS_ARTICLE.search(each.url))
    ]
    if len(own) < _FEWEST_ROWS or len(own) * 2 < len(links) or _SAYS_PAGES.search(document.text):
        return None
    suffix = place.suffix or own[0].group(1)
    return document.absolute(f"index_{(place.number or 0) + 1}{suffix}")


def hidden_pager(text: str) -> str | None:
    """The HTML of a pager that stands in the page as Base64, None where there is none."""
    if "page" not in text:
        return None
    for found in _BASE64.finditer(text):
        try:
            decoded = unquote_plus(base64.b64decode(found.group(1), validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue
        if "<a" in decoded:
            return decoded
    return None


def _next_of_call(arguments: list[str], place: Place) -> str | None:
    """Name of the next page; "" on the last page; None when this is no such call."""
    ending = next((n for n, each in enumerate(arguments) if n and _EXTENSION.match(each)), None)
    if ending is None:
        return None
    name, suffix = arguments[ending - 1], arguments[ending].lstrip(".")
    numbers = [int(each) for each in arguments[: ending - 1] if each.isdecimal()]
    if len(numbers) < 2 or not name:
        return None
    pages, current = numbers[-2:]
    from_one = not arguments[0].isdecimal() or (place.number is None and current == 1)
    last = pages if from_one else pages - 1
    return f"{name}_{current + 1}.{suffix}" if current < last else ""


def _numbered(document: Document, number: int) -> str | None:
    place = place_of(document.url)
    stem = _STEM.search(document.text) or _STEM_ANY.search(document.text)
    name = stem.group(1) if stem else f"{place.name or 'index'}_"
    if len(name) < 2:
        name = f"{place.name or 'index'}_"
    suffix = place.suffix or _suffix_in(document.text)
    return document.absolute(f"{name}{number}{suffix}")


def _suffix_in(text: str) -> str:
    found = re.search(r"""["'](\.(?:s?html?|jsp))["']""", text)
    return found.group(1) if found else ".html"
