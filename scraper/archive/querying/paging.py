"""A search in pages for programs: each release once, though new ones arrive between two pages.

A cursor names the last release that was given and how many were given before it. The next page
begins behind that release, wherever it stands by then; where it stands no more (it was withdrawn from
the search by an edit or a merge), behind as many as were given.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace

from scraper.archive.querying.finding import Hit, Search, find
from scraper.database import Pool
from scraper.errors import UsageError

FARTHEST = 5000
"""So many hits can be walked through; who wants all takes an export, or narrows the days."""
_BACK = 20
"""Hits looked at again before the place where the cursor stood: so many may have gone between two pages."""
_ARRIVED = 200
"""So many may have come before it between two pages."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: behind ``release_id``, the ``given``-th hit."""

    release_id: int
    given: int

    def cursor(self) -> str:
        """The place as it stands in an address."""
        text = f"{self.release_id}.{self.given}".encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def place_of(cursor: str) -> Place:
    """The place that a cursor names.

    Raises:
        UsageError: it names none.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        release_id, given = (int(part) for part in text.decode("ascii").split("."))
        place = Place(release_id, given)
    except (ValueError, binascii.Error) as error:
        raise _no_cursor(cursor) from error
    if place.cursor() != cursor or not 0 < release_id < 1 << 63 or not given > 0:
        raise _no_cursor(cursor)
    return place


async def page_of(pool: Pool, wanted: Search, cursor: str | None) -> tuple[list[Hit], str | None]:
    """A page of ``wanted.count`` hits behind the cursor, and the next cursor; None behind the last page.

    Raises:
        UsageError: the cursor is none or leads too far, or the query cannot be used.
    """
    size = wanted.count or 0
    place = place_of(cursor) if cursor else Place(0, 0)
    if place.given > FARTHEST:
        raise UsageError(
            f"a search is walked through to its {FARTHEST}th hit; narrow it by since and until, or follow /changes"
        )
    begin = max(0, place.given - _BACK)
    again = place.given - begin
    hits = await find(pool, replace(wanted, skip=begin, count=again + size + 1))
    start = _behind(hits, place)
    if start is None:
        hits = await find(pool, replace(wanted, skip=begin, count=again + _ARRIVED + size + 1))
        start = _behind(hits, place)
    start = again if start is None else start
    if start > again and len(hits) <= start + size:
        hits = await find(pool, replace(wanted, skip=begin, count=start + size + 1))
    given = hits[start : start + size]
    more = len(hits) > start + size
    end = Place(given[-1].release_id, begin + start + len(given)) if more and given else None
    return given, end.cursor() if end else None


def _behind(hits: list[Hit], place: Place) -> int | None:
    """Where the page begins among the hits; None where the last release that was given is not there."""
    if not place.given:
        return 0
    stands = (at + 1 for at, hit in enumerate(hits) if hit.release_id == place.release_id)
    return next(stands, None)


def _no_cursor(cursor: str) -> UsageError:
    return UsageError(
        f"{cursor[:80]!r} is no cursor of a search; take next_cursor of a page as it is"
    )
