"""Which script fills a page that has no rows: what an operator can look at next."""

from __future__ import annotations

import re

from scraper.listing.document import Document

_ASKED = re.compile(
    r"""(?:\burl\s*[:=]\s*|\$\.(?:get|post|getJSON|ajax)\s*\(\s*|\bfetch\s*\(\s*|\baxios(?:\.\w+)?\s*\(\s*|\.load\s*\(\s*)["']([^"'\s<>]{2,300})["']"""
)
_SCRIPT = re.compile(
    r"""<script\b[^<>]{0,200}?\bsrc\s*=\s*["']?([^"'\s<>]{2,300})""", re.IGNORECASE
)
_LIST = re.compile(r"list|page|query|search|news|article|channel|column|data", re.IGNORECASE)
_LIBRARY = re.compile(
    r"jquery(?:[.-][\d.]+)?(?:\.min)?\.js|bootstrap|swiper|layui|vue(?:\.min)?\.js|vue\.|axios|echarts|analytics|hm\.js|stat|share|"
    r"wza|polyfill|html5shiv|respond|es5-shim|superslide|ga\.js|cnzz|51\.la",
    re.IGNORECASE,
)  # fmt: skip
_ANSWERS = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg)(?:\?|$)", re.IGNORECASE)


def script_behind(document: Document) -> str | None:
    """The address that a page's script asks for rows, else that of the script itself.

    None where the page names neither. A guess by its name, for a message only.
    """
    asked = [each for each in _ASKED.findall(document.text) if not _ANSWERS.search(each)]
    own = [each for each in _SCRIPT.findall(document.text) if not _LIBRARY.search(each)]
    named = [each for each in (*asked, *own) if _LIST.search(each)]
    found = next(iter((*asked[:1], *named, *own)), None)
    return document.absolute(found) if found else None
