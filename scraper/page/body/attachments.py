"""Files that an article offers: linked by name or address, framed, or behind a handler.

A file belongs to the article's zone: from the headline to the box of files below the text. What
stands in the page's furniture, or leads to another site by a picture, is an advertisement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.page.addresses import absolute
from scraper.page.layout.lines import Link, past
from scraper.page.rules.page import Page
from scraper.record.release import Attachment
from scraper.text.vocabulary import one_of, words

SUFFIXES = (
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".rar", ".7z", ".ofd",
    ".wps", ".et", ".dps", ".csv", ".txt", ".rtf", ".ceb", ".cebx", ".mp3", ".tif", ".caj",
)  # fmt: skip
_NAMED = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|ofd|wps|et|dps|csv|txt|rtf|cebx?|caj|tiff?)(?![\w.])",
    re.IGNORECASE | re.ASCII,
)
_HANDLER = re.compile(
    r"downfile|download|down(?:load)?\.(?:jsp|do|asp|aspx|php)|virtual_attach_file|wbfileid=|fileid=|attach(?:ment)?id=|getfile",
    re.IGNORECASE,
)
"""A program that hands files out; it is believed where the link's name is a file's, or says 附件."""
_SAYS_FILE = re.compile(
    r"附件|下载|附表|附图|全文|\.(?:pdf|docx?|xlsx?|zip|rar|wps|ofd)\b", re.IGNORECASE
)
_MAY_BE = re.compile(
    r"\.(?:pdf|doc|xls|ppt|zip|rar|7z|ofd|wps|et|dps|csv|txt|rtf|ceb|mp3|tif|caj)|down|attach|fileid|getfile"
)
"""What the address of every file holds, in lower case, except where the link's name is the file's."""
_QUOTED = re.compile(r"[\"']([^\"'\s<>]{3,400})[\"']")
_SESSION = re.compile(
    r";[a-z]{1,12}sessionid=[^?#/]{0,200}|;jsessionid=[^?#/]{0,200}", re.IGNORECASE
)
_VIEWERS = ("file", "src", "url", "pdf", "filepath", "filename")
_ABOVE, _BELOW = 12, 25
_NAME = 200
_NAMES = ("title", "textvalue", "download")
"""What names a file whose link shows nothing."""
_CALLS = ("javascript:", "#")
_APP = re.compile(r"客户端|app\b|浏览器|插件|阅读器|reader|播放器|输入法", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A file, the rule that found it, and the line beside which it stands."""

    attachment: Attachment
    rule: str
    line: int


def attachments_of(page: Page) -> tuple[Found, ...]:
    """The files of the article's zone, each once, with the name shown."""
    found: dict[str, Found] = {}
    for one in (*_linked(page), *_framed(page)):
        found.setdefault(one.attachment.url, one)
    return tuple(sorted(found.values(), key=lambda one: one.line))


def zone(page: Page) -> range:
    """The lines among which a file is the article's; a page without text is all zone."""
    span, size = page.span, len(page.layout.blocks)
    if span is None:
        return range(size + 1)
    return range(max(0, span.first - _ABOVE), min(size, span.last + _BELOW) + 1)


def _linked(page: Page) -> Iterator[Found]:
    lines, span = zone(page), page.span
    around = page.layout.blocks[lines.start : lines.stop]
    dotted = {block.number for block in around if "." in block.text}  # one line may hold all links
    for link in page.layout.links_from(lines.start, lines.stop):
        if link.hidden:
            continue
        href = link.href.lower()
        if not (
            _MAY_BE.search(href)
            or ("onclick" in link.attributes and href.startswith(_CALLS))
            or link.first in dotted
        ):
            continue
        text = " ".join(page.layout.text_of(link, " ").split())
        told = _of_link(page, link, text)
        if told is None or _is_furniture(page, link):
            continue
        if span and link.first < span.first and not _is_headed(page, link, text):
            continue
        below = span and link.first >= min(span.last, page.text_end or span.last)
        if below and _APP.search(text) and not _NAMED.search(text):
            continue  # 插件下载, 阅读器: what the site's visitors need
        if below and _heads_others(page, link.first):
            continue
        yield Found(Attachment(told[0], _name(link, text)), told[1], link.first)


def _heads_others(page: Page, index: int) -> bool:
    """Whether the nearest heading above a line below the text is of other articles: 推荐阅读, 相关链接."""
    blocks = page.layout.blocks
    for block in reversed(blocks[max(page.text_end, index - _BELOW) : index]):
        if block.linked or block.picture is not None or len(block.text) > _HEADING:
            continue
        return _OTHERS.match(block.text) is not None
    return False


_HEADING = 24
_OTHERS = re.compile(
    rf"\W{{0,4}}(?:{one_of(word for word in words('headings', 'others') if not word.endswith(('文件', '下载', '政策')))})"
)


def _is_furniture(page: Page, link: Link) -> bool:
    """Whether a link is the page's: in its furniture, or a picture that leads to another site."""
    inside = page.span.element if page.span else None
    if link.chrome and not (inside is not None and inside.chrome):
        return True
    blocks = page.layout.blocks[link.first : past(link)]
    pictured = any(block.picture is not None for block in blocks)
    home, away = _host(page.base.url), _host(link.href)
    return pictured and bool(away) and not _akin(home, away)


def _host(href: str) -> str:
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""  # malformed


def _akin(one: str, other: str) -> bool:
    return (
        one.split(".")[-3:] == other.split(".")[-3:] or one.endswith(other) or other.endswith(one)
    )


def _is_headed(page: Page, link: Link, text: str) -> bool:
    """Whether a link above the text is the article's own (PDF下载): close by, and of one file."""
    block = page.layout.blocks[link.first] if link.first < len(page.layout.blocks) else None
    near = page.span is not None and page.span.first - link.first <= _ABOVE
    return near and block is not None and block.tag != "li" and not _APP.search(text)


def _of_link(page: Page, link: Link, text: str) -> tuple[str, str] | None:
    """Where a link's file is, and by which rule it is one."""
    href = link.href.strip()
    if not href or href.lower().startswith(_CALLS):
        called = href + (link.attributes.get("onclick") or "")
        quoted = (found for found in _QUOTED.findall(called[:2000]) if file_like(found))
        address = next(quoted, None)
        return _resolved(page, address, "script") if address else None
    if href.lower().startswith(("mailto:", "data:")):
        return None
    if rule := file_like(href):
        return _resolved(page, href, rule)
    if _NAMED.search(text[-12:]) and not _is_page(href):
        return _resolved(page, href, "name")
    if _HANDLER.search(href) and _SAYS_FILE.search(text) and not _APP.search(text):
        return _resolved(page, href, "handler")
    return None


def _is_page(href: str) -> bool:
    """Whether an address is that of a page, whatever the link says."""
    return _path(href).endswith((".html", ".htm", ".shtml"))


def _path(href: str) -> str:
    """The path of an address in lower case, without session parameters."""
    return _SESSION.sub("", href.partition("#")[0].partition("?")[0]).lower()


def file_like(href: str) -> str | None:
    """By which part an address is a file's: ``path`` or ``query``; None if by none."""
    if _path(href).endswith(SUFFIXES):
        return "path"
    query = href.partition("?")[2].partition("#")[0]
    if "downfile" in href.lower():
        return "handler"
    if not query or len(query) > 2000:
        return None
    values = (value for _, value in parse_qsl(query, keep_blank_values=False))
    return "query" if any(unquote(value).lower().endswith(SUFFIXES) for value in values) else None


def _resolved(page: Page, href: str, rule: str) -> tuple[str, str] | None:
    address = absolute(page.base, href)
    return (address, rule) if address else None


def _framed(page: Page) -> Iterator[Found]:
    """Files that the page shows in a frame, an ``embed`` or an ``object``, or by pdf.js."""
    lines = zone(page)
    for line, owner, href in page.layout.frames:
        if line not in lines or owner.hidden or (owner.chrome and page.span is not None):
            continue
        target = _viewed(href) or href
        if not file_like(target):
            continue
        if told := _resolved(page, target, "frame"):
            yield Found(Attachment(told[0], None), "frame", line)


def _viewed(href: str) -> str | None:
    """What a viewer in a page is told to show: ``viewer.html?file=/a.pdf``."""
    path, _, query = href.partition("?")
    if not path or not query:
        return None
    for name, value in parse_qsl(query.partition("#")[0]):
        if name.lower() in _VIEWERS and file_like(value):
            return value
    return None


def _name(link: Link, text: str) -> str | None:
    text = text or next((told for at in _NAMES if (told := link.attributes.get(at))), "")
    return text[:_NAME] or None
