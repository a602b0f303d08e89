"""The one way to read a list document."""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.errors import EmptyListing, ListingError
from scraper.listing.document import Document, open_document
from scraper.listing.engines import choose, engine_named
from scraper.listing.engines.protocol import Engine
from scraper.listing.model import FormFields, Listing
from scraper.listing.rules import NO_RULES, ListRules
from scraper.listing.scripts import script_behind


def read_listing(
    document: bytes,
    url: str,
    http_charset: str | None = None,
    engine: str = "auto",
    *,
    rules: ListRules = NO_RULES,
    form: FormFields | None = None,
) -> Listing:
    """Read a list page, a feed, a sitemap or a list API's answer.

    Args:
        document: the bytes as delivered.
        url: where they came from, after redirects; relative addresses are resolved against it.
        http_charset: what Content-Type names.
        engine: a name of ``ENGINE_NAMES``; "auto" looks at the document.
        rules: selectors and paths of the source, where it has some.
        form: the fields that were posted to get it; some answers do not say which page they are.

    Raises:
        EmptyListing: there is no row and no next page in it.
        ListingTooLarge: it exceeds a limit.
        ListingError: it is not what the engine reads.
        TypeError: ``document`` is no bytes.
    """
    if not isinstance(document, bytes):
        kind = type(document).__name__  # type: ignore[unreachable]
        raise TypeError(f"document is {kind}: give the bytes as delivered (response.content)")
    opened = open_document(document, url, http_charset, rules, form)
    reader = choose(opened) if engine == "auto" else engine_named(engine)
    listing = _numbered(opened, _read(reader, opened))
    if not listing.links and listing.next_url is None:
        broken = f" ({listing.lost} rows in it are broken)" if listing.lost else ""
        raise EmptyListing(
            f"{url}: read as {reader.name}, the page holds no list of links{broken};{_lead(opened)}"
            " name another list page, or its rows in `list` of the source's definition"
        )
    return listing


def _lead(document: Document) -> str:
    if document.looks_like_json or not (script := script_behind(document)):
        return ""
    return f" a script fills it, perhaps from {script};"


def _read(reader: Engine, opened: Document) -> Listing:
    """What the engine reads; an error that it does not document is told as the document's fault."""
    try:
        return reader.read(opened)
    except (ArithmeticError, LookupError, RecursionError, ValueError) as error:
        raise ListingError(
            f"{opened.url}: read as {reader.name}, the document breaks its reader ({error!r});"
            " name another `engine` in the source, and report the page"
        ) from error


def _numbered(document: Document, listing: Listing) -> Listing:
    """The next page by the source's ``page_template``, where the page itself names none."""
    template = document.rules.page_template
    if template is None or listing.next_url or not listing.links:
        return listing
    form = re.compile(re.escape(template).replace(r"\{page\}", r"(\d+)") + "$")
    here = form.search(document.url)
    number = int(here.group(1)) + 1 if here else document.rules.first_number
    following = document.absolute(template.replace("{page}", str(number)))
    return replace(listing, next_url=following, next_by_rule=True)
