"""Articles on several pages: where the further ones are, and how they become one record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from scraper.page.page import Page
from scraper.release import Release

MAX_PAGES = 50
"""At most this many pages are joined; the longest article met had 21 (a gallery)."""

_PAGE_LINK = re.compile(
    r"^[\[(\s]{0,3}(?:第?\s{0,2}(\d{1,2})\s{0,2}页?|下一?页|后一?页|>|›|»|>>)[\])>\s]{0,4}$"
)
_NUMBERED = re.compile(r"^(.*?)(?:[_-](\d{1,3}))?(\.[a-z]{3,6}|/)?$", re.DOTALL)
_QUERY = re.compile(r"(?:^|&)(?:page|p|pageno|curpage|pagenum)=(\d{1,3})(?=&|$)", re.IGNORECASE)
_CREATED = re.compile(
    r"createPageHTML\(\s{0,5}(\d{1,3})\s{0,5},\s{0,5}(\d{1,3})\s{0,5},\s{0,5}[\"']([\w-]{1,80})[\"']\s{0,5},\s{0,5}[\"'](\w{3,6})[\"']"
)
_ADDRESS = re.compile(r"[\"']([^\"'\s]{1,300}\.s?html?)[\"']")
_ALL = re.compile(r"[\"']?allUrl[\"']?\s{0,5}:\s{0,5}[\"']([^\"'\s]{1,300})[\"']", re.IGNORECASE)
_BELOW = 25


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


def _absolute(page: Page, address: str) -> str | None:
    try:
        absolute = urljoin(page.url, address)
        same = urlsplit(absolute).netloc == urlsplit(page.url).netloc
    except ValueError:
        return None
    return absolute.split("#", 1)[0] if same else None


def _page_data(page: Page) -> list[str | None]:
    for element in page.layout.marks("#abody"):
        stated = element.attributes.get("pagedata") or ""
        if found := _ALL.search(stated):
            return [_absolute(page, found[1])]
        return [_absolute(page, address) for address in _ADDRESS.findall(stated[:50_000])]
    return []


def _created(page: Page) -> list[str | None]:
    """TRS: ``createPageHTML(pages, current, name, suffix)``; page N is ``name_{N-1}.suffix``."""
    name = urlsplit(page.url).path.rpartition("/")[2].partition(".")[0]
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
    current = _number(page.url, page.url) or 1
    for element in page.layout.links:
        if not span.first <= element.first <= span.last + _BELOW:
            continue
        if not element.href or element.last > element.first + 1:
            continue
        if not _PAGE_LINK.match(page.layout.text_of(element, " ")[:20]):
            continue
        address = _absolute(page, element.href)
        number = _number(address, page.url) if address else None
        if address and number is not None and number > current:
            numbered.setdefault(number, address)
    return [numbered[number] for number in sorted(numbered)]


def _number(address: str, own: str) -> int | None:
    """The page number in an address that is otherwise the article's own; None for another's."""
    try:
        one, other = urlsplit(address), urlsplit(own)
    except ValueError:
        return None
    mine, theirs = _NUMBERED.match(other.path), _NUMBERED.match(one.path)
    if mine is None or theirs is None or mine[3] != theirs[3]:
        return None
    if one.path == other.path:
        found = _QUERY.search(one.query)
        return (
            int(found[1])
            if found and _QUERY.sub("", one.query) == _QUERY.sub("", other.query)
            else None
        )
    stem = other.path.removesuffix(mine[3] or "")
    if stem not in (theirs[1], f"{theirs[1]}_{mine[2]}", f"{theirs[1]}-{mine[2]}"):
        return None
    return int(theirs[2]) if theirs[2] else None


def join_pages(first: Release, rest: Iterable[Release], *, limit: int = MAX_PAGES) -> Release:
    """One record of an article's pages: texts, pictures and files in order, each page once.

    Args:
        first: the record of the first page; its fields stand.
        rest: the records of further pages in order; those with an address already joined, and
            those beyond ``limit`` pages, are left out. A page that holds the whole article
            again (CRI's ``allUrl``) adds only what is new.
        limit: pages joined at most, the first included.
    """
    joined, seen = first, {first.url}
    for release in rest:
        if len(seen) >= limit:
            break
        if release.url not in seen:
            seen.add(release.url)
            joined = _appended(joined, release)
    return replace(joined, next_pages=())


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
