"""Which pictures are the article's, told from where they stand and where they lead."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scraper.page.body.evidence import is_linked
from scraper.page.body.further import is_page_of
from scraper.page.body.images import address_of
from scraper.page.layout.labels import labels_of
from scraper.page.layout.lines import Block, past
from scraper.page.rules.page import Page

_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|jfif|tiff?)\b", re.IGNORECASE)
_NO_PLACE = re.compile(r"^\s{0,3}(?:#|javascript:|data:|blob:|$)", re.IGNORECASE)
_COLUMN = re.compile(r"^[^?]*/(?:(?:index|default|home|main)(?:\.\w{3,5})?)?$", re.IGNORECASE)
"""The front page of a column: ``/zt/``, ``/zt/index.html``."""
_HOST = re.compile(r"\s{0,3}(?:https?:)?//([\w.-]{1,253})", re.ASCII)
_ALIKE = frozenset(("com", "net", "org", "gov", "edu", "ac"))
_DESIGN = re.compile(
    r"/(?:images?\d?|img|skins?|static|css|styles?|templates?|themes?|public|common|assets?|icons?|_\w{1,20})/"
)
"""Folders of a site's design; an editor's pictures lie in upload folders or beside the article."""
_SCAN = re.compile(
    r"^.{0,4}(?:请?用?微信)?(?:扫一扫|扫码|扫描二维码).{0,12}(?:打开|浏览|查看|阅读|分享|当前|本页)"
)
"""What stands below the picture by which a page is opened on a telephone."""
_CHANNEL = re.compile(
    r"(?:扫码|扫一扫|扫描|长按|识别|二维码).{0,14}(?:关注|公众号|客户端|分享|下载|订阅|打开|手机)|(?:关注|公众号|客户端).{0,10}二维码"
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|wps|ofd|et)\b|^\W{0,2}附件", re.IGNORECASE)
_ABOVE = 12


def leading_away(page: Page) -> set[int]:
    """Identities of the text's pictures that are links to another site (advertisements) or to a column.

    A picture of the article leads nowhere, to its larger self, to a page that shows it larger,
    or to the article's next page.
    """
    found: set[int] = set()
    if page.span is None or not any(block.picture is not None for block in page.body):
        return found
    titled: list[list[Block]] = []
    first, last = page.span.first, page.span.last
    blocks, home = page.layout.blocks, _site(page.base.url)
    for link in page.layout.links_from(0, last):
        if link.first == link.last or link.last < first:
            continue
        pictures = [b for b in blocks[link.first : link.last] if b.picture is not None]
        if not pictures or _NO_PLACE.match(link.href) or _PICTURE.search(link.href):
            continue
        target = _site(link.href)
        away = bool(target and home and target != home)
        if away or (_COLUMN.search(link.href) and not is_page_of(page, link.href)):
            found.update(map(id, pictures))
        inside = blocks[link.first : past(link)]
        told = (b for b in inside if b.picture is None and len(b.text) >= _TITLED and is_linked(b))
        if any(told) and not is_page_of(page, link.href):
            titled.append(inside)
    if len(titled) > 1:  # a row of teasers: each picture with the headline that it leads to
        found.update(id(block) for inside in titled for block in inside)
    return found


_TITLED = 6


def _site(address: str) -> str:
    """The host of an address without what stands before its registered name; empty if it has none."""
    found = _HOST.match(address)
    parts = found[1].lower().split(".") if found else []
    return ".".join(parts[-3 if len(parts) > 2 and parts[-2] in _ALIKE else -2 :])


def pictures_above(page: Page) -> list[Block]:
    """Pictures between the line of labels and the container: shown before the text (a slider)."""
    span, blocks = page.span, page.layout.blocks
    if span is None:
        return []
    found: list[Block] = []
    for index in range(span.first - 1, max(-1, span.first - _ABOVE), -1):
        block = blocks[index]
        if block.picture is None:
            dated = {note.kind for note in labels_of(block)} & {"source", "time"}
            return found[::-1] if dated else []
        if not (block.hidden or block.chrome) and _is_upload(page, block):
            found.append(block)
    return []


def _is_upload(page: Page, block: Block) -> bool:
    address = address_of(block.picture or {}, page.base)
    return address is not None and not _DESIGN.search(urlsplit(address).path.lower())


def without_signs(blocks: list[Block]) -> list[Block]:
    """Blocks without the page's own code to scan and without icons before linked files."""
    around = zip([None, *blocks], blocks, [*blocks[1:], None], strict=False)
    return [
        block
        for above, block, following in around
        if not (_is_sign(block, following) or _is_asked_for(above, block))
    ]


def _is_asked_for(above: Block | None, block: Block) -> bool:
    """Whether the line above a picture asks to scan it for the site's own channels."""
    if block.picture is None or above is None or above.picture is not None:
        return False
    return len(above.text) < 40 and _CHANNEL.search(above.text) is not None


def _is_sign(block: Block, following: Block | None) -> bool:
    """Whether a picture is one to scan, or an icon; told by the line below it or before it."""
    if block.picture is None or following is None or following.picture is not None:
        return False
    if len(following.text) < 30 and (
        _SCAN.match(following.text) or _CHANNEL.search(following.text)
    ):
        return True
    linked = following.linked > 0.8 * len(following.text) and _FILE.search(following.text)
    return bool(linked and _DESIGN.search((block.picture.get("src") or "").lower()))
