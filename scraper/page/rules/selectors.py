"""What a source's own definition may say about its article pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldRules:
    """CSS selectors of one source, per field; the first that finds something is used.

    A selector's value is the text of the element, or its ``content`` attribute if it is a
    ``meta`` element. What a source states is believed before every other layer.

    Attributes:
        title, subtitle, kicker, source, author, editor, published_at: one text each.
        body: the element that holds the article's text and pictures.
        images: further elements that hold pictures of the article (a gallery beside the text).
        drop: elements that are no part of the article although they stand inside ``body``.
        charset: encoding that is believed before header and declaration.
        default_region: GB/T 2260 code used where the page names no place.
        url_date: regular expression with the groups ``year``, ``month``, ``day`` over the URL.
        title_suffix: text cut off at the end of a headline.
    """

    title: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    kicker: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    editor: tuple[str, ...] = ()
    published_at: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    charset: str | None = None
    default_region: str | None = None
    url_date: str | None = None
    title_suffix: tuple[str, ...] = ()


NO_RULES = FieldRules()
"""The rules of a source that states none."""
