"""What a source may say about its list pages where automatic detection is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

_NOTHING = LexborHTMLParser("<p>")


def check_selector(text: str) -> str:
    """Refuse what is no CSS selector; it may end in ``@attribute``.

    Raises:
        ValueError: it is none.
    """
    css, mark, attribute = text.partition("@")
    try:
        if css.strip() or not (mark and attribute):
            _NOTHING.css(css)
    except SelectolaxError as error:
        raise ValueError(f"{text!r} is no CSS selector") from error
    return text


def check_template(text: str) -> str:
    """Refuse a template of pages that has no place for the number.

    Raises:
        ValueError: it has none.
    """
    if "{page}" not in text:
        raise ValueError(f"{text!r} has no {{page}} where the number would stand")
    return text


Selector = Annotated[str, AfterValidator(check_selector)]


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

    rows: Selector | None = None
    link: Selector | None = None
    title: Selector | None = None
    date: Selector | None = None
    items: str | None = None
    item_url: str | None = None
    item_title: str | None = None
    item_date: str | None = None
    url_template: str | None = None
    page_template: Annotated[str, AfterValidator(check_template)] | None = None
    first_number: int = 2
    charset: str | None = None


NO_RULES = ListRules()
