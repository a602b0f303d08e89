"""What a source may say about its list pages where automatic detection is not enough."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListRules:
    """Selectors and paths of one column. Everything is optional: None means detect.

    Attributes:
        rows: CSS of one row of the list; ``a`` takes every link that the source accepts, which
            suits home pages. Where it finds nothing the list is detected.
        link, title, date: CSS inside a row; ``title`` and ``date`` may end in ``@attribute``.
        items, item_url, item_title, item_date: for JSON, paths of names and numbers joined by
            dots; ``items`` from the document, the others from one item.
        url_template: for JSON whose items have no address, with ``{name}`` for an item's value.
        page_template: address of the following pages, with ``{page}`` for the number.
        first_number: the number that ``{page}`` has on the second page.
        charset: the encoding, where a site declares a wrong one.
    """

    rows: str | None = None
    link: str | None = None
    title: str | None = None
    date: str | None = None
    items: str | None = None
    item_url: str | None = None
    item_title: str | None = None
    item_date: str | None = None
    url_template: str | None = None
    page_template: str | None = None
    first_number: int = 2
    charset: str | None = None


NO_RULES = ListRules()
