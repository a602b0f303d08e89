"""A stored page made harmless: markup that carries text, and nothing that acts or loads.

What remains is served under a policy that forbids everything besides (``SNAPSHOT_POLICY`` in
``scraper.web.headers``), in a frame without any permission: two walls, neither trusting the other.
"""

from __future__ import annotations

from urllib.parse import urljoin

import nh3

from scraper.page.layout.charset import decode

LARGEST = 5 << 20
"""Bytes of a page that are cleaned for display; a longer one can be read as source."""

_DROPPED_WITH_TEXT = {
    "script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object",
    "textarea", "select", "option", "button", "audio", "video", "canvas", "noembed", "noframes",
    "xmp", "plaintext",
}  # fmt: skip
_TAGS = (
    nh3.ALLOWED_TAGS
    | {"font", "section", "main", "dir", "big", "label", "fieldset", "legend"}
) - _DROPPED_WITH_TEXT  # fmt: skip
_EVERYWHERE = {"align", "lang", "dir", "title", "style"}
_OF_TABLES = {"colspan", "rowspan", "width", "valign", "border", "cellpadding", "cellspacing"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size"},
    **dict.fromkeys(("table", "tr", "td", "th"), _OF_TABLES),
}
_STYLES = {
    "text-align", "text-indent", "text-decoration", "font-weight", "font-style", "color",
    "line-height", "width", "vertical-align",
}  # fmt: skip
_SHEET = (
    "body{margin:1rem auto;max-width:60rem;padding:0 1rem;background:#fff;color:#222;"
    "font:16px/1.7 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "img{max-width:100%;height:auto}table{max-width:100%;border-collapse:collapse}"
    "a{color:inherit;text-decoration:underline dotted}"
)


def cleaned(page: bytes, http_charset: str | None, url: str, *, pictures: bool) -> str:
    """A whole HTML document that shows the page's text and tables.

    Links lead nowhere and become underlined words: a reader follows the original from our own
    page. Pictures are named, and loaded from their site only when asked for, because loading
    them tells that site who reads.

    Args:
        page: the bytes as received.
        http_charset: what the server said of their charset.
        url: where they came from, for the addresses of pictures.
        pictures: keep the addresses of pictures.
    """

    def keep(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return urljoin(url, value) if pictures else None
        return value

    body = nh3.clean(
        decode(page, http_charset).text,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_TEXT,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8"><title>snapshot</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_SHEET}</style><body>{body}'
    )


def source_text(page: bytes, http_charset: str | None) -> str:
    """The page's markup as text."""
    return decode(page, http_charset).text
