"""Bytes become text: which encoding a page is in, and who says so.

Order of evidence: byte order mark, HTTP header, the page's own declaration (WHATWG HTML §13.2.3.2
"encoding sniffing"); each is only a claim. A claim that a strict decoding refutes is overruled,
and UTF-8 is tried first, because other encodings hardly ever form valid UTF-8 by chance while
GB 18030 accepts nearly every byte string (bj.wenming.cn, 2024: declared gb2312, sent UTF-8).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_HEAD = 4096
_DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([a-z0-9_.:-]{1,40})""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE = "gb18030"
_OTHERS = re.compile(
    r"^(?:windows-|iso-?8859-|koi8-|shift_?jis$|euc-(?:jp|kr)$|iso-2022-jp$|macintosh$)[a-z0-9-]{0,12}$"
)
"""Further labels of the Encoding Standard; Python also knows codecs that are no encodings."""
_ALIASES = dict.fromkeys(
    ("gb2312", "gbk", "gb_2312-80", "gb_2312", "x-gbk", "chinese", "csgb2312", "gb2312-80", "cp936",
     "iso-ir-58", "csiso58gb231280", "gb18030", "euc-cn", "hz-gb-2312"),
    _CHINESE,
) | {
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "csbig5": "big5hkscs", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "unicode": "utf-16-le",
    "utf-16be": "utf-16-be", "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "iso8859-1": "cp1252", "windows-1252": "cp1252",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, the encoding it was read with, and the evidence (``bom``, ``header`` …).

    ``exact`` tells that the page's bytes are the text in UTF-8 as they stand.
    """

    text: str
    encoding: str
    evidence: str
    exact: bool = False

    @property
    def origin(self) -> str:
        """As it is recorded in ``Release.origins["charset"]``."""
        return f"{self.evidence}:{self.encoding}"


def codec_of(label: str | None) -> str | None:
    """Python's codec for an encoding label as WHATWG understands it; None for an unknown one.

    Every GB label means GB 18030, of which GB 2312 and GBK are subsets (Encoding Standard §4.2).
    """
    name = (label or "").strip().strip("\"'").lower()
    if name in _ALIASES:
        return _ALIASES[name]
    if not _OTHERS.match(name):
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def declared_charset(page: bytes) -> str | None:
    """The label in a ``meta`` element (either spelling) or XML declaration near the page's start."""
    head = page[:_HEAD].lower()
    if b"charset" not in head and b"encoding" not in head:
        return None
    found = _DECLARED.search(head)
    return page[found.start(1) : found.end(1)].decode("ascii") if found else None


def decode(page: bytes, http_charset: str | None = None, forced: str | None = None) -> Decoded:
    """Read a page's bytes as text; never fails, bytes that fit no encoding become U+FFFD.

    Args:
        page: the bytes as delivered.
        http_charset: ``charset`` of the Content-Type header.
        forced: the encoding that the source's definition states, believed before the others.
    """
    for mark, codec in _MARKS:
        if page.startswith(mark):
            return Decoded(page[len(mark):].decode(codec, "replace"), codec, "bom")  # fmt: skip
    claims = _claims(page, http_charset, forced)
    return _first_strict(page, claims) or _least_damaged(page, claims)


def _claims(page: bytes, http_charset: str | None, forced: str | None) -> list[tuple[str, str]]:
    stated = (
        ("source", codec_of(forced)),
        ("header", codec_of(http_charset)),
        ("meta", codec_of(declared_charset(page))),
    )
    return [(evidence, codec) for evidence, codec in stated if codec]


def _first_strict(page: bytes, claims: list[tuple[str, str]]) -> Decoded | None:
    """The first of: what was claimed, if UTF-8 does not refute it; UTF-8; GB 18030; UTF-16."""
    utf8 = _strictly(page, "utf-8")
    if utf8 is not None and not (page.isascii() and claims):
        evidence = next((who for who, codec in claims if codec == "utf-8"), "trial")
        return Decoded(utf8, "utf-8", evidence if not page.isascii() else "ascii", exact=True)
    trials = [*claims, ("trial", _CHINESE)]
    if _looks_wide(page):
        trials.insert(0, ("trial", "utf-16-le" if page[1:2] == b"\0" else "utf-16-be"))
    for evidence, codec in trials:
        if codec.startswith("utf-16") and not _looks_wide(page):
            continue  # a page whose own declaration could be read as ASCII is not UTF-16
        text = _strictly(page, codec) if codec != "cp1252" or page.isascii() else None
        if text is not None:
            return Decoded(text, codec, evidence)
    return None


def _looks_wide(page: bytes) -> bool:
    """Whether half of the first bytes are zero, as in markup written in UTF-16."""
    head = page[:200]
    return len(head) >= 4 and head.count(0) * 3 >= len(head)


def _strictly(page: bytes, codec: str) -> str | None:
    try:
        return page.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _least_damaged(page: bytes, claims: list[tuple[str, str]]) -> Decoded:
    """The reading with fewest U+FFFD: a page cut in the middle, or with one bad byte."""
    usable = [(who, codec) for who, codec in claims if codec != "cp1252" and "utf-16" not in codec]
    readings = [
        Decoded(_loosely(page, codec), codec, who)
        for who, codec in [*usable, ("trial", "utf-8"), ("trial", _CHINESE)]
    ]
    return min(readings, key=lambda reading: reading.text.count("�"))


def _loosely(page: bytes, codec: str) -> str:
    try:
        return page.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError):
        return page.decode("utf-8", "replace")
