"""Any list in plain HTML: by the source's selectors, else by finding the main list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from scraper.listing.dates import date_of_row, date_of_text
from scraper.listing.document import Document
from scraper.listing.embedded import embedded_links
from scraper.listing.hidden import hidden_fragments
from scraper.listing.limits import MAX_LINKS, require_count
from scraper.listing.mainlist import find_links, unique, worth
from scraper.listing.model import Link, Listing
from scraper.listing.pager import read_pager
from scraper.listing.scripted_pager import next_by_rule
from scraper.listing.skeleton import CLICKED, Anchor, skeleton_of, squeeze
from scraper.listing.titles import parts_of, title_of

_CLICKS = re.compile(r"<(?!a\s)\w{1,8}\s[^<>]{0,300}\b(?:onclick|data-href)\s{0,3}=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HtmlEngine:
    """Reads every HTML page; the last one to be asked."""

    name: str = "html"

    def recognises(self, document: Document) -> bool:  # noqa: ARG002  (the protocol's shape)
        """Whatever no other engine knows."""
        return True

    def read(self, document: Document) -> Listing:
        """Rows and next page of an HTML list; see ``Engine.read``."""
        skeleton = skeleton_of(document)
        links = selected_links(document) or find_links(skeleton, document)
        if not any(link.date for link in links):
            links = _unseen(document, links)
        if not links and _CLICKS.search(document.text):
            links = find_links(skeleton_of(document, CLICKED), document)
        require_count(len(links), MAX_LINKS, document.url)
        if not links:
            return Listing((), None, self.name)
        pager = read_pager(document, skeleton.anchors)
        engine = "trs" if pager.by_call and self.name == "html" else self.name
        if pager.url is None and not pager.stated and (guess := next_by_rule(document, links)):
            return Listing(links, guess, "trs", next_by_rule=True)
        return Listing(links, pager.url, engine)


def selected_links(document: Document) -> tuple[Link, ...]:
    """The rows that the source's selectors name; none when it names none, or the site changed."""
    rows = document.tree.css(document.rules.rows) if document.rules.rows else []
    return unique(link for row in rows if (link := _selected(document, row)))


def fragment_links(document: Document) -> tuple[Link, ...]:
    """The rows of an HTML fragment that holds nothing but a list."""
    return find_links(skeleton_of(document), document)


def _unseen(document: Document, shown: tuple[Link, ...]) -> tuple[Link, ...]:
    """The better of the rows that the page shows and those that its scripts would show."""
    fragments = (replace(document, text=each) for each in hidden_fragments(document.text))
    hidden = max(map(fragment_links, fragments), key=len, default=())
    readings = (shown, hidden, embedded_links(document))
    return max(readings, key=lambda links: worth(links, document.url))


def _selected(document: Document, row: LexborNode) -> Link | None:
    rules = document.rules
    node = row if row.tag == "a" and not rules.link else row.css_first(rules.link or "a[href]")
    url = document.absolute(node.attributes.get("href") or "") if node else None
    if node is None or url is None:
        return None
    hint = squeeze(node.attributes.get("title") or "")
    anchor = Anchor(node, "", url, squeeze(node.text(deep=True)), hint)
    title = _value(row, rules.title) if rules.title else title_of(anchor)
    if rules.date:
        stated = _value(row, rules.date) or ""
        day = date_of_text(stated) or date_of_row([stated], title, url)
    else:
        day = date_of_row(parts_of(row), title, url)
    return Link(url, title, day)


def _value(row: LexborNode, selector: str) -> str | None:
    css, _, attribute = selector.partition("@")
    node = row.css_first(css) if css.strip() else row
    if node is None:
        return None
    text = node.attributes.get(attribute) if attribute else node.text(deep=True)
    return squeeze(text or "") or None
