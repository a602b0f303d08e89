"""The name that a server gives a file: Content-Disposition, as RFC 6266 has it and as it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_to_bytes, urlsplit

_LONGEST = 2000
_NAME = 200
_EXTENDED = re.compile(
    r"filename\*\s{0,3}=\s{0,3}([\w-]{0,20})'[\w-]{0,20}'([^;\s]{1,1500})", re.IGNORECASE
)
_PLAIN = re.compile(
    r'filename\s{0,3}=\s{0,3}(?:"([^"]{1,1500})"|([^;"\s][^;"]{0,1500}))', re.IGNORECASE
)
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_WORDS = re.compile(r"=\?[\w-]{1,20}\?[bq]\?[^?\s]{1,1500}\?=", re.IGNORECASE)


def served_name(headers: Mapping[str, str]) -> str | None:
    """The file's name as the server gives it, without any path; None where it gives none.

    Args:
        headers: names in small letters; values as Latin-1, as HTTP has them: the bytes behind them are
            UTF-8 or GB 18030 in practice.
    """
    value = headers.get("content-disposition", "")[:_LONGEST]
    if found := _EXTENDED.search(value):
        raw = unquote_to_bytes(found[2])
        return _fit(_decoded(raw, found[1] or "utf-8"))
    if found := _PLAIN.search(value):
        text = (found[1] or found[2]).strip()
        if _WORDS.fullmatch(text):
            return _fit(_of_words(text))
        raw = text.encode("latin-1", "replace")
        if "%" in text:
            raw = unquote_to_bytes(raw)
        return _fit(_decoded(raw, "utf-8"))
    return None


def is_offered_as_file(headers: Mapping[str, str]) -> bool:
    """Whether the server says that this is to be saved, and not shown."""
    value = headers.get("content-disposition", "")[:_LONGEST].lstrip().lower()
    return value.startswith("attachment")


def name_in(url: str) -> str | None:
    """The last part of an address's path as a name; None where it is no file's."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    name = _fit(unquote(path.rpartition("/")[2]))
    return name if name and "." in name else None


def _decoded(raw: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "gb18030"):
        try:
            return raw.decode(name)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _of_words(text: str) -> str:
    """An encoded word of RFC 2047, which belongs into mail and is sent all the same."""
    from email.header import decode_header, make_header  # noqa: PLC0415 - hardly ever needed

    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text


def _fit(name: str) -> str | None:
    """A name without path, controls and marks that turn its reading round."""
    name = _UNFIT.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return name[:_NAME] or None
