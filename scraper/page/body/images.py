"""The article's pictures: absolute addresses, captions, credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from scraper.page.addresses import Base, absolute
from scraper.page.layout.elements import SMALL, pixels
from scraper.page.layout.lines import Attributes, Block
from scraper.record.release import Image
from scraper.text.credits import bare_names
from scraper.text.plain import key, plain

_LAZY = (
    "data-original", "data-src", "data-lazy-src", "data-lazyload", "data-lazy", "data-actualsrc",
    "data-url", "data-original-src", "original", "data-echo", "_src", "data-layzr", "lay-src",
    "src", "data-srcset", "srcset", "oldsrc", "data-backsrc", "file",
)  # fmt: skip
_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".avif", ".jfif", ".svg", ".tif")
_FURNITURE = re.compile(
    r"(?:^|[/_.-])(?:icons?|logo|qr-?code|qr|ewm|erweima|share|weixin|wechat|weibo|blank|loading|spacer|placeholder|"
    r"avatar|pixel|next_?page|prev_?page|transparent|arrow|btn|button|bg|print|close|dot|line|1x1|lazy|default_?img|emoji|face|"
    r"filetype|icon_\w{2,5}|ico|space|grey|gray|empty|gg|ads?|guanggao)(?:[/_.\d-]|$)"
)
_ICONS = re.compile(
    r"/(?:qr-?codes?|ewm|erweima|icons?|ico|fileicons?|filetypeimages?|emoticons?|emoji|ads?|adv|advert\w{0,10}|guanggao|avatars?|userfaces?|portraits?|touxiang)/"
)
_BADGE = re.compile(
    r"(?:^|[\s_-])(?:avatar|head-?img|user-?img|emoji|emotion|icon|logo|qr-?code|ewm)(?:$|[\s_\d-])"
)
_SOLD = re.compile(
    r"下载.{0,12}(?:客户端|app)|(?:客户端|app)(?:下载)?$|二维码|扫一扫|扫码|公众号|^(?:广告|logo)",
    re.IGNORECASE,
)
"""What ``alt`` or ``title`` say of a picture that advertises the site."""
_CREDIT = re.compile(
    r"[\s(（|]{0,3}(?:(?:图片|照片)?(?:来源|提供)[:\s]{1,2}|供图\s{0,2}[:/|]?\s{0,2}|图源\s{0,2}[:/]?\s{0,2}|摄影\s{0,2}[:/|]\s{0,2}|摄影\s{1,2}|图片?\s{0,2}[:/]\s{0,2})"
    r"([^()（）。]{2,30})[)）]?$"
)
_GIVEN_BY = re.compile(
    r"(?:^|(?<=[\s(（,，。;；]))[(（]?(?:以上|本文|文中)?(?:图片|照片|图)(?:均)?由([^()（）。，,由]{2,24}?)(?:提供|供图)[)）]?[。.]?$"
)
"""``（图片由县水务局提供）``."""
_RESERVED = re.compile(
    r"[\s,，;；]{1,3}(?:如|若|有|如有)?(?:侵|版权|转载|请勿|仅[供作限]|未经|联系).*$"
)
"""What is said of rights behind a credit: 侵删, 版权归原作者."""
_TAKEN_BY = re.compile(
    r"(?:\s{0,3}/?\s{0,3}(?:供图|摄影报道|摄影|摄)|\s{1,3}/?\s{0,2}图|/图)\s{0,2}[)）]?\s{0,2}[。.]?$"
)
"""What stands behind a credit: 张三 摄, 张三/摄, 县委宣传部供图."""
_PLACED = re.compile(
    r"[(（](?:[上下左右前后中][图排]?|.{0,5}(?:(?<![供源])图|[一二三四五左右上下]))[)）]$"
)
"""``（左图）``: which picture a caption is of; a part of it."""
_ISSUED = re.compile(r"(?:^|(?<=[\s。，,(（]))([\u4e00-\u9fff]{1,8}社发)\s?[(（]$")
"""``新华社发（张三 摄）``: the agency that gave the picture, before its maker."""
_PARTED = re.compile(r"[\s(（。，,！？；|]")
_ROLE = re.compile(r"(?:社发|记者|通讯员|摄影|实习生|社|报|网|台|部|局|委|办|中心|客户端)$")
_PERSON = re.compile(r"^[\u4e00-\u9fff·]{2,6}$")
_LONGEST = 24
_CREDITED = 600
"""A longer ``alt`` is no caption with a credit."""
_NAME = re.compile(
    r"^[\w.-]{1,80}\.(?:jpe?g|png|gif|webp|bmp)$|^[\w-]{1,60}$|^图片$|^image$",
    re.IGNORECASE | re.ASCII,
)
_FILE_SIGN = re.compile(
    r"^(?:icon|file|ico)?[_-]?(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|txt|word|excel|wps|ofd)[_-]?(?:icon|ico|16|32)?\.(?:gif|png|jpg)$"
)
"""The sign before a linked file: ``pdf.gif``."""
_SIZED = re.compile(r"[_-]w(\d{1,5})[_-]?h\d{1,5}\b")
_SLASH = re.compile(r"[/\\]")
_CAPTION = 100


def images_of(blocks: Sequence[Block], base: Base, title: str) -> tuple[Image, ...]:
    """The pictures among the article's blocks, each once, in order."""
    found: dict[str, Image] = {}
    centred = _are_centred(blocks)
    for index, block in enumerate(blocks):
        if block.picture is None:
            continue
        address = address_of(block.picture, base)
        if address and address not in found and not _is_furniture(block.picture, address):
            line = _caption_line(blocks, index, centred=centred)
            found[address] = _described(block, line, address, title)
    return tuple(found.values())


def address_of(attributes: Attributes, base: Base) -> str | None:
    """A picture's absolute address; None for one that lies in the page (``data:``).

    Lazy-load attributes come before ``src``, which then holds a placeholder.
    """
    for name in _LAZY:
        stated = (attributes.get(name) or "").strip()
        if name.endswith("srcset"):
            stated = stated.split(",")[0].strip().split(" ")[0]
        if not stated or stated.startswith(("data:", "blob:", "javascript:", "file:")):
            continue
        if name != "src" and not _SLASH.search(stated) and not stated.lower().endswith(_SUFFIXES):
            continue
        if address := absolute(base, stated):
            return address
    return None


def _is_furniture(attributes: Attributes, address: str) -> bool:
    sizes = [pixels(attributes.get(side)) for side in ("width", "height")]
    if any(size is not None and size < SMALL for size in sizes):
        return True
    if _BADGE.search((attributes.get("class") or "")[:200].lower()):
        return True
    if _FILE_SIGN.match(urlsplit(address).path.lower().rsplit("/", 1)[-1]):
        return True
    if any(_SOLD.search(attributes.get(name) or "") for name in ("alt", "title")):
        return True
    path = urlsplit(address).path.lower()
    if (stated := _SIZED.search(path)) and int(stated[1]) < SMALL:
        return True
    return (
        bool(_FURNITURE.search(path.rsplit("/", 1)[-1]))
        or _ICONS.search(path) is not None
        or path.endswith(".svg")
        or (path.endswith("/") and not urlsplit(address).query)
    )


def _described(block: Block, line: str | None, address: str, title: str) -> Image:
    attributes = block.picture or {}
    alt = _worded(attributes.get("alt"))
    stated = line or alt or _worded(attributes.get("title"))
    caption, credit = credited(stated) if stated else (None, None)
    if caption and line is None and key(caption) == key(title):
        caption = None  # an ``alt`` that repeats the headline tells nothing of the picture
    return Image(address, caption, credit, alt)


def _worded(text: str | None) -> str | None:
    """An ``alt`` or ``title`` that says something: no file name."""
    text = " ".join((text or "").split())
    return text if text and not _NAME.match(text) else None


def captions_in(blocks: Sequence[Block]) -> set[int]:
    """Identities of the blocks that explain the picture above them: no part of the text."""
    centred = _are_centred(blocks)
    return {
        id(blocks[index + 1])
        for index, block in enumerate(blocks[:-1])
        if block.picture is not None and _caption_line(blocks, index, centred=centred)
    }


def _are_centred(blocks: Sequence[Block]) -> bool:
    """Whether the text's own sentences are centred, most of them: that makes no line a caption then."""
    prose = [_is_centred(block) for block in blocks if block.prose]
    return sum(prose) * 2 > len(prose)


def _caption_line(blocks: Sequence[Block], index: int, *, centred: bool) -> str | None:
    """The line below a picture if it is a ``figcaption``, centred in a text that is not, or ends with a credit."""
    for block in blocks[index + 1 : index + 2]:
        if block.picture is not None or len(block.text) > _CAPTION:
            return None
        alt = blocks[index].picture or {}
        if _is_caption(block, centred=centred) or block.text == (alt.get("alt") or "").strip():
            return " ".join(block.text.split())
    return None


_HEADS = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[章节条、])"
)
"""How the heading of a part of the text begins."""


def _is_centred(block: Block) -> bool:
    owner = block.owner
    style = (owner.attributes.get("style") or "").replace(" ", "").lower()
    return (
        (owner.attributes.get("align") or "").lower() == "center"
        or "text-align:center" in style
        or owner.tag == "center"
        or (owner.tag == "p" and "center" in owner.marks)
    )


def _is_caption(block: Block, *, centred: bool) -> bool:
    owner = block.owner
    return (
        owner.tag == "figcaption"
        or (not centred and _is_centred(block) and _HEADS.match(block.text) is None)
        or any(
            word in owner.marks
            for word in (
                "caption",
                "img-desc",
                "imgdesc",
                "tushuo",
                "pictext",
                "img_descr",
                "zhushi",
                "img_wrapper",
                "picintro",
                "pic-intro",
                "pic_desc",
                "picinfo",
                "img_desc",
                "text-pic-tt",
            )
        )
        or block.text.startswith(("▲", "△", "↑"))
        or bool(_CREDIT.search(plain(block.text)) or _is_credited(plain(block.text)))
    )


def _is_credited(line: str) -> bool:
    """Whether a line below a picture ends with who took it."""
    return len(line) <= _CAPTION and credited(line)[1] is not None


def credited(text: str) -> tuple[str | None, str | None]:
    """A caption and its credit: ``发布会现场 供图 天津市政府新闻办`` -> (发布会现场, 天津市政府新闻办)."""
    line = " ".join(text[:_CREDITED].split())
    found = _GIVEN_BY.search(line) or _CREDIT.search(_level(line))
    if found:
        credit = _RESERVED.sub("", found[1]).strip(" :：")
        return _trimmed(line[: found.start()]), credit or None
    behind = None if _PLACED.search(line) else _TAKEN_BY.search(line)
    split = _split_credit(line[: behind.start()]) if behind else None
    return split or (line or None, None)


def _level(line: str) -> str:
    """A line with plain signs, sign for sign."""
    told = plain(line)
    return told if len(told) == len(line) else line


def _trimmed(caption: str) -> str | None:
    """What is left of a caption; brackets that a credit closed are closed again."""
    text = caption.strip(" 　(（,，;；|")
    opened = max(text.rfind("（"), text.rfind("("))
    if opened > max(text.rfind("）"), text.rfind(")")):
        text += "）" if text[opened] == "（" else ")"
    return text or None


def _split_credit(line: str) -> tuple[str | None, str] | None:
    """Caption and credit of a line whose end, 摄, was cut off.

    The credit is the last word; a name's role before it (新华社记者 王明), and further names, go with it.
    """
    start = _last_word(line, len(line))
    credit = line[start:].strip(" /、:：")
    if not 2 <= len(credit) <= _LONGEST or any(sign in credit for sign in "。！？"):
        return None
    while start > 1 and line[start - 1] in " 、":
        above = _last_word(line, start - 1)
        word = line[above : start - 1]
        person = _PERSON.match(word) and bool(bare_names(word)) and bool(line[:above].strip())
        if not 2 <= len(word) <= _LONGEST or not (_ROLE.search(word) or person):
            break
        start = above
        credit = line[start:].strip(" /、:：")
    if start and (issued := _ISSUED.search(line[:start])):
        return _trimmed(line[: issued.start(1)]), f"{issued[1]} {credit}"
    return _trimmed(line[:start]), credit


def _last_word(line: str, end: int) -> int:
    """Where the last word before ``end`` begins."""
    cuts = [found.end() for found in _PARTED.finditer(line, 0, max(0, end - 1))]
    return cuts[-1] if cuts else 0
