"""The one way to read a list document."""

from __future__ import annotations

from scraper.errors import EmptyListing
from scraper.listing.document import open_document
from scraper.listing.engines import choose, engine_named
from scraper.listing.model import Listing
from scraper.listing.rules import NO_RULES, ListRules


def read_listing(
    document: bytes,
    url: str,
    http_charset: str | None = None,
    engine: str = "auto",
    *,
    rules: ListRules = NO_RULES,
) -> Listing:
    """Read a list page, a feed, a sitemap or a list API's answer.

    Args:
        document: the bytes as delivered.
        url: where they came from, after redirects; relative addresses are resolved against it.
        http_charset: what Content-Type names.
        engine: a name of ``ENGINE_NAMES``; "auto" looks at the document.
        rules: selectors and paths of the source, where it has some.

    Raises:
        EmptyListing: there is no row and no next page in it.
        ListingTooLarge: it exceeds a limit.
        ListingError: it is not what the engine reads.
    """
    opened = open_document(document, url, http_charset, rules)
    reader = choose(opened) if engine == "auto" else engine_named(engine)
    listing = reader.read(opened)
    if not listing.links and listing.next_url is None:
        raise EmptyListing(
            f"{url}: read as {reader.name}, the page holds no list of links;"
            " see it with `tonggao sources add URL` and name its rows in the source"
        )
    return listing
