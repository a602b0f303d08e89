"""A page's bytes laid out: charset, DOM, lines, and the zone in which the text is."""

from __future__ import annotations

import datetime as dt

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import EmptyPage
from scraper.page.body.evidence import weight
from scraper.page.layout import limits
from scraper.page.layout.charset import decode
from scraper.page.layout.container import Span, below_headline, find_container
from scraper.page.layout.head import read_head
from scraper.page.layout.walk import lay_out
from scraper.page.rules.page import Layers, Page
from scraper.page.rules.selectors import FieldRules
from scraper.page.scripts import embedded
from scraper.text.plain import key, sound

_FEW, _SHORT = 60, 400
Dated = tuple[dt.datetime | None, dt.date | None]
"""When a page was received, and the day that its row states."""
NOTHING: Dated = (None, None)


def open_page(
    html: bytes,
    url: str,
    http_charset: str | None,
    *,
    rules: FieldRules,
    layers: Layers,
    dated: Dated = NOTHING,
    asked: bool = False,
) -> Page:
    """Decode, lay out, and choose where the text is.

    Raises:
        EmptyPage, TooLarge: it is not parsed further.
    """
    limits.refuse_large(html, url)
    decoded = decode(html, http_charset, rules.charset)
    limits.refuse_deep(html, decoded.text, url)
    tree = LexborHTMLParser(html if decoded.exact else decoded.text)  # a text is encoded again
    if tree.root is None or tree.body is None:
        raise EmptyPage(f"{url}: delivered, but with nothing in it; fetch it again later")
    head = read_head(tree)
    layout = lay_out(tree.body, keep_nodes=bool(rules.body or rules.drop))
    opened = Page(url, decoded, tree, head, layout, rules, *dated, layers=layers, asked=asked)
    page = opened.following(span=_chosen(opened))
    if _text_size(page) >= _SHORT or "paragraphs/script" in layers.without:
        return page
    return _from_scripts(page)


def _chosen(page: Page) -> Span | None:
    """The container: the source's own selector first."""
    for selector in page.rules.body if "paragraphs/rules" not in page.layers.without else ():
        node = page.tree.css_first(selector)
        if node is None:
            continue
        for element in page.layout.elements:
            if element.node is not None and element.node.mem_id == node.mem_id:
                last = element.last + (element.end > 0)
                return Span(element.first, last, f"rules:{selector}", element)
    off = page.layers.without
    found = find_container(page.layout, families=page.layers.families, off=off)
    return found or (below_headline(page.layout) if "paragraphs/generic" not in off else None)


def _text_size(page: Page) -> int:
    return weight(block for block in page.body if not block.hidden)


def _from_scripts(page: Page) -> Page:
    """The page with the article of its scripts in place of the text it does not show."""
    found, size = embedded.find_embedded(page.tree), _text_size(page)
    if found is None or len(found.markup) <= size:
        return page
    if size >= _FEW and not (
        len(found.markup) > 2 * size and _is_named(page, found.fields.get("title", ""))
    ):
        return page
    fragment = LexborHTMLParser(f"<body>{sound(found.markup)}</body>")
    if fragment.body is None:
        return page
    layout = lay_out(fragment.body)
    return Page(
        page.url, page.decoded, page.tree, page.head, layout, page.rules, page.received_at, page.listed_on,
        layers=page.layers, scripts=found.fields, outer=page, asked=page.asked,
        span=Span(0, len(layout.blocks), "script", layout.elements[0]),
    )  # fmt: skip


def _is_named(page: Page, title: str) -> bool:
    """Whether the page itself bears the headline that a script states."""
    return len(key(title)) >= 6 and key(title) in key(page.head.title)
