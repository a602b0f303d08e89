"""Articles on several pages: where the further ones are, and how they become one record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from scraper.page.addresses import absolute, split
from scraper.page.layout.lines import Link
from scraper.page.rules.page import Page
from scraper.record.release import Release
from scraper.text.plain import key

MAX_PAGES = 50
"""At most this many pages are joined; the longest article met had 21 (a gallery)."""

_PAGE_LINK = re.compile(
    r"^[\[(\s]{0,3}(?:第?\s{0,2}(\d{1,2})\s{0,2}页?|下一?页|后一?页|>|›|»|>>)[\])>\s]{0,4}$"
)
_PAGE_BEGINS = frozenset("[(第下后>›»")
_NUMBERED = re.compile(r"^(.*?)(?:[_-](\d{1,3}))?(\.[a-z]{3,6}|/)?$", re.DOTALL)
_QUERY = re.compile(r"(?:^|&)(?:page|p|pageno|curpage|pagenum)=(\d{1,3})(?=&|$)", re.IGNORECASE)
_CREATED = re.compile(
    r"createPageHTML\(\s{0,5}(\d{1,3})\s{0,5},\s{0,5}(\d{1,3})\s{0,5},\s{0,5}[\"']([\w-]{1,80})[\"']\s{0,5},\s{0,5}[\"'](\w{3,6})[\"']"
)
_ADDRESS = re.compile(r"[\"']([^\"'\s]{1,300}\.s?html?)[\"']")
_ALL = re.compile(r"[\"']?allUrl[\"']?\s{0,5}:\s{0,5}[\"']([^\"'\s]{1,300})[\"']", re.IGNORECASE)
_PAGE_SIGN = re.compile(r"[(第]?\d{1,2}(?:/\d{1,2})?[页)]?$")
_BELOW, _LINKS = 25, 1_000


def next_pages_of(page: Page) -> tuple[str, ...]:
    """Absolute addresses of the article's further pages, in order, this one left out.

    CRI states them in ``pagedata`` of the text's element (``allUrl``: all on one page), TRS in a
    script, others link them below the text; such a link counts only if its address is this
    page's with another number.
    """
    stated = _page_data(page) or _created(page) or _linked(page)
    own = page.url.split("#", 1)[0]
    found = (address for address in stated if address and address != own)
    return tuple(dict.fromkeys(found))[: MAX_PAGES - 1]


def _absolute(page: Page, reference: str) -> str | None:
    """A reference resolved, if it stays on the page's host."""
    address = absolute(page.base, reference)
    own, other = split(page.url), split(address or "")
    if not address or own is None or other is None or own.netloc != other.netloc:
        return None
    return address.split("#", 1)[0]


def _page_data(page: Page) -> list[str | None]:
    for element in page.layout.marks("#abody"):
        stated = element.attributes.get("pagedata") or ""
        if found := _ALL.search(stated):
            return [_absolute(page, found[1])]
        return [_absolute(page, address) for address in _ADDRESS.findall(stated[:50_000])]
    return []


def _created(page: Page) -> list[str | None]:
    """TRS: ``createPageHTML(pages, current, name, suffix)``; page N is ``name_{N-1}.suffix``."""
    own = split(page.url)
    name = own.path.rpartition("/")[2].partition(".")[0] if own else ""
    if not name or "createPageHTML" not in page.decoded.text:
        return []
    for found in _CREATED.finditer(page.decoded.text):
        if found[3] == name and found[2] == "0":
            count = min(int(found[1]), MAX_PAGES)
            return [_absolute(page, f"{name}_{number}.{found[4]}") for number in range(1, count)]
    return []


def _linked(page: Page) -> list[str | None]:
    span = page.span
    if span is None:
        return []
    numbered: dict[int, str] = {}
    near = (
        link
        for link in page.layout.links_from(span.first, span.last + _BELOW + 1)
        if link.href and _may_page(page, link)
    )
    for element in islice(near, _LINKS):
        if element.last > element.first + 1:
            continue
        if not _PAGE_LINK.match(page.layout.text_of(element, " ")[:20]):
            continue
        address = _absolute(page, element.href)
        number = _number(address, page.url) if address else None
        if address and number is not None:
            numbered.setdefault(number, address)
    return [numbered[number] for number in sorted(numbered)]


def _may_page(page: Page, link: Link) -> bool:
    """Whether a link begins as one to a further page does; most are told by their first sign."""
    blocks = page.layout.blocks
    if link.first != link.last or link.first >= len(blocks):
        return True
    parts = blocks[link.first].parts[link.start : link.end]
    text = next((told for part in parts if (told := part.lstrip())), "")
    return bool(text) and (text[0] in _PAGE_BEGINS or text[0].isdecimal())


def _number(address: str, own: str) -> int | None:
    """The number of a later page of the article at ``own``; None for any other address.

    ``c100.html`` goes on at ``c100-2.html`` (or ``c100_1.html`` where counting begins with 0),
    ``c100_2.html`` at ``c100_3.html``, ``show?id=5`` at ``show?id=5&page=2``.
    """
    one, other = split(address), split(own)
    if one is None or other is None:
        return None
    if one.path == other.path:
        return _query_number(one.query, other.query)
    mine, theirs = _NUMBERED.match(other.path), _NUMBERED.match(one.path)
    if mine is None or theirs is None or mine[3] != theirs[3] or not theirs[2]:
        return None
    number = int(theirs[2])
    if theirs[1] == other.path.removesuffix(mine[3] or ""):
        return number
    later = mine[2] is not None and theirs[1] == mine[1] and number > int(mine[2])
    return number if later else None


def is_page_of(page: Page, reference: str) -> bool:
    """Whether a reference leads to the article itself or to a later page of it."""
    address = _absolute(page, reference)
    own = page.url.split("#", 1)[0]
    return address is not None and (address == own or _number(address, own) is not None)


def _query_number(query: str, own: str) -> int | None:
    found, mine = _QUERY.search(query), _QUERY.search(own)
    if not found or _QUERY.sub("", query).strip("&") != _QUERY.sub("", own).strip("&"):
        return None
    number = int(found[1])
    return number if number > (int(mine[1]) if mine else 1) else None


def continues(first: Release, later: Release) -> bool:
    """Whether a page is a later page of the same article, as its headline says.

    On a site that numbers its articles, a door to the next article has the form of a page link.
    """
    mine, theirs = (_PAGE_SIGN.sub("", key(each.title)) for each in (first, later))
    half = (min(len(mine), len(theirs)) + 1) // 2
    return mine[:half] == theirs[:half] or mine in theirs or theirs in mine


def join_pages(first: Release, rest: Iterable[Release], *, limit: int = MAX_PAGES) -> Release:
    """One record of an article's pages: texts, pictures and files in order, each page once.

    Args:
        first: the record of the first page; its fields stand.
        rest: the records of further pages in order; those with an address already joined, and
            those beyond ``limit`` pages, are left out, and so is everything from the first page
            on that is another article. A page that holds the whole article again (CRI's
            ``allUrl``) adds only what is new.
        limit: pages joined at most, the first included.

    Returns:
        The record; its ``next_pages`` are those that were joined.
    """
    joined, seen = first, [first.url]
    for release in rest:
        if len(seen) >= limit or not continues(first, release):
            break
        if release.url not in seen:
            seen.append(release.url)
            joined = _appended(joined, release)
    return replace(joined, next_pages=tuple(seen[1:]))


def _appended(joined: Release, release: Release) -> Release:
    known = set(joined.paragraphs)
    whole = bool(known) and known <= set(release.paragraphs)
    texts = release.paragraphs if whole else joined.paragraphs + release.paragraphs
    pictures = {image.url: image for image in (*joined.images, *release.images)}
    files = {file.url: file for file in (*joined.attachments, *release.attachments)}
    return replace(
        joined,
        paragraphs=texts,
        images=tuple(pictures.values()),
        attachments=tuple(files.values()),
        author=joined.author or release.author,
        editor=joined.editor or release.editor,
    )
