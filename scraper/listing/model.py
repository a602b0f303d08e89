"""What reading a list page gives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a list page.

    Attributes:
        url: absolute address of the article.
        title: the headline as the list shows it (the ``title`` attribute where the text is cut).
        date: the day the row states, None where it states none.
    """

    url: str
    title: str | None = None
    date: dt.date | None = None


FormFields = tuple[tuple[str, str], ...]
"""What is posted, in order."""


@dataclass(frozen=True, slots=True)
class Form:
    """A next page that is asked for by POST: the fields, in order."""

    fields: FormFields


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page as read.

    Attributes:
        links: the rows of the main list, in the page's order, each article once.
        next_url: where the next page of the same list is, None at the end.
        engine: the engine that read it.
        next_form: the fields to POST to ``next_url``; None means GET.
        next_by_rule: the page does not name ``next_url``, its platform's rule does: when nothing
            is there, the list has ended.
        parts: further list documents that this one is an index of (sitemaps), after ``next_url``.
        lost: rows that are there and could not be read, beside those that were.
    """

    links: tuple[Link, ...]
    next_url: str | None
    engine: str
    next_form: Form | None = None
    next_by_rule: bool = False
    parts: tuple[str, ...] = ()
    lost: int = 0
