"""References as browsers read them: the URL Standard (url.spec.whatwg.org), by its parser in ada.

``urllib.parse`` reads RFC 3986, which is not what the web is written in: a backslash is a slash,
tabs and line ends inside an address mean nothing, ``///host`` names a host, and what a query holds
beside ASCII is sent in the page's own encoding (section 4.4; a GBK page's ``?class=要闻``).
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

import ada_url

MAX_LENGTH = 2000
"""Characters of the longest reference that is read; none of the press is a tenth of that."""

_WRITTEN_LENGTH = 4 * MAX_LENGTH
_WEB = ("http://", "https://")
_READ_OTHERWISE = re.compile(
    r"[\\\x00-\x1f\x7f\ud800-\udfff]|%2e|^(?:https?:)?//(?:[/?#:@]|$)|(?!^)(?<!^http:)(?<!^https:)//|^\?(?:#|$)|^https?:(?!//)",
    re.IGNORECASE,
)
"""What the URL Standard and RFC 3986 read in different ways."""
_ORDINARY = re.compile(
    r"(?:https?://|\.{0,2}/)?(?:[\w~-][\w.~-]{0,99}/){0,20}[\w~-][\w.~-]{0,199}(?:\?[\w=&.~-]{1,200})?",
    re.ASCII,
)
"""How most references are written: nothing of `_READ_OTHERWISE` is in them, which takes long to ask."""
_HALF = re.compile(r"[\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_BLANK = " \t\r\n\f\v\u3000"
_QUERY_CODECS = {"gb18030": "gbk"}
"""The codec in which a query is written where it is not the one the page is read with: every GB
label is read as GB 18030, and all but that one are written as GBK (Encoding Standard, section 4.3)."""


def resolve(base: str, reference: str, encoding: str = "utf-8") -> str | None:
    """The absolute http(s) address that a reference leads to; None if it leads to none.

    Where RFC 3986 reads it as browsers do, the spelling stays (``中`` is not escaped): archived
    records hold addresses so, and another spelling would make a revision of each.

    Args:
        base: the document's address; with an empty one only absolute references lead anywhere.
        reference: as it is written in the document, with a fragment or without.
        encoding: Python's name of the encoding that the document is in.
    """
    reference = reference.strip(_BLANK)
    if not reference or len(reference) > MAX_LENGTH:
        return None
    if _ORDINARY.fullmatch(reference):
        address = _ordinary(base, reference)
    elif _READ_OTHERWISE.search(reference):
        address = join(base, reference, encoding)
    else:
        address = _by_rfc(base, _in_encoding(reference, encoding))
    return address if address.startswith(_WEB) else None


def join(base: str, reference: str, encoding: str = "utf-8") -> str:
    """The address of any scheme that a reference means, escaped as a browser sends it.

    Args:
        base: the document's address; with an empty one only absolute references lead anywhere.
        reference: as it is written in the document, with a fragment or without.
        encoding: Python's name of the encoding that the document is in.

    Returns:
        The address in ASCII; an empty text where the reference is empty, malformed
        ("http://[x"), or longer than ``MAX_LENGTH``.
    """
    reference = reference.strip(_BLANK)
    if not reference or len(reference) > MAX_LENGTH:
        return ""
    written = _in_encoding(whole_characters(reference), encoding)
    address = _by_standard(whole_characters(base), written)
    return address if len(address) <= _WRITTEN_LENGTH else ""


def whole_characters(text: str) -> str:
    """The text with U+FFFD for each half surrogate, which no encoding can write; pairs are joined."""
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _by_standard(base: str, reference: str) -> str:
    try:
        return str(ada_url.join_url(base, reference))
    except ValueError:
        pass  # the document's own address may be broken: an absolute reference is not
    try:
        return str(ada_url.normalize_url(reference))
    except ValueError:
        return ""


def _ordinary(base: str, reference: str) -> str:
    """An `_ORDINARY` reference: nothing of it changes where it names its host, or begins at the host's root."""
    if not reference.startswith((*_WEB, "/")):
        return _by_rfc(base, reference)
    try:
        here = urlsplit(base)
    except ValueError:
        return ""
    if reference[0] != "/":
        return reference
    return f"{here.scheme}://{here.netloc}{reference}" if here.netloc else ""


def _by_rfc(base: str, reference: str) -> str:
    try:
        address = urljoin(base, reference)
        return address if urlsplit(address).netloc else ""
    except ValueError:  # "http://[x": the page's fault, not a link
        return ""


def _in_encoding(reference: str, encoding: str) -> str:
    """The reference with what its query holds beside ASCII escaped as the document's encoding has it."""
    if reference.isascii() or "?" not in reference:
        return reference
    codec = _QUERY_CODECS.get(encoding, encoding)
    if codec.startswith(("utf-8", "utf-16", "utf8")):
        return reference
    front, mark, fragment = reference.partition("#")
    path, _, query = front.partition("?")
    written = _BEYOND_ASCII.sub(lambda run: _escaped(run[0], codec), query)
    return f"{path}?{written}{mark}{fragment}"


def _escaped(run: str, codec: str) -> str:
    """Characters that the encoding lacks become ``&#number;``, escaped (section 2.1)."""
    try:
        return quote(run.encode(codec, "xmlcharrefreplace"), safe="")
    except (LookupError, UnicodeError):
        return run  # no encoding of Python's: left to be written as UTF-8
