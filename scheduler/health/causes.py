"""The closed vocabulary of what can be wrong with a source, and what an operator does about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from scraper.visit.run import BROKEN_ROWS

State = Literal["ok", "late", "degraded", "failing"]

RANK: dict[State, int] = {"ok": 0, "late": 1, "degraded": 2, "failing": 3}


class Cause(StrEnum):
    """What is wrong."""

    SILENT = "silent"
    LIST_EMPTY = "list_empty"
    LIST_GONE = "list_gone"
    LIST_SHRUNK = "list_shrunk"
    LIST_BROKEN = "list_broken"
    REDIRECTED = "redirected"
    WALL = "wall"
    SOFT_404 = "soft_404"
    LOGIN = "login"
    ARTICLE_LAYOUT = "article_layout"
    ARTICLES_GONE = "articles_gone"
    DATES_LOST = "dates_lost"
    FIELDS_LOST = "fields_lost"
    FUTURE_DATES = "future_dates"
    ENCODING = "encoding"
    BODY_SHIFT = "body_shift"
    DUPLICATES = "duplicates"
    ROBOTS = "robots"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    DNS = "dns"
    TLS = "tls"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    BROKEN_ANSWER = "broken_answer"
    PROGRAM = "program"
    SET_ASIDE = "set_aside"
    OTHER = "other"


TRANSIENT = frozenset(
    {Cause.DNS, Cause.CONNECT, Cause.TIMEOUT, Cause.SERVER_ERROR, Cause.RATE_LIMITED}
    | {Cause.BROKEN_ANSWER, Cause.OTHER}
)
"""What passes by itself often enough that one more visit is waited for."""

OF_OUTCOME: dict[str, Cause] = {
    "gone": Cause.LIST_GONE,
    "wall": Cause.WALL,
    "rate_limited": Cause.RATE_LIMITED,
    "client_error": Cause.REFUSED,
    "server_error": Cause.SERVER_ERROR,
    "dns": Cause.DNS,
    "connect": Cause.CONNECT,
    "tls": Cause.TLS,
    "timeout": Cause.TIMEOUT,
    "protocol": Cause.BROKEN_ANSWER,
    "too_large": Cause.BROKEN_ANSWER,
    "wrong_type": Cause.BROKEN_ANSWER,
    "blocked_robots": Cause.ROBOTS,
    "refused_unsafe": Cause.REDIRECTED,
    "off_list": Cause.REDIRECTED,
    "bad_redirect": Cause.REDIRECTED,
    "empty": Cause.LIST_EMPTY,
    "empty_listing": Cause.LIST_EMPTY,
    "parse_error": Cause.LIST_EMPTY,
    "unreadable": Cause.LIST_EMPTY,
    "charset": Cause.ENCODING,
    "program": Cause.PROGRAM,
}
"""What a list page's outcome means."""

OF_REASON: dict[str, Cause] = {
    **OF_OUTCOME,
    "gone": Cause.ARTICLES_GONE,
    "empty": Cause.ARTICLE_LAYOUT,
    "parse_error": Cause.ARTICLE_LAYOUT,
    "emptypage": Cause.ARTICLE_LAYOUT,
    "tooshort": Cause.ARTICLE_LAYOUT,
    "toolarge": Cause.ARTICLE_LAYOUT,
    "notanarticle": Cause.ARTICLE_LAYOUT,
    "listpage": Cause.ARTICLE_LAYOUT,
    "videoonly": Cause.ARTICLE_LAYOUT,
    "missingpage": Cause.SOFT_404,
    "loginpage": Cause.LOGIN,
    "wall": Cause.WALL,
    BROKEN_ROWS.replace("_", ""): Cause.LIST_BROKEN,
    "parsercrashed": Cause.ARTICLE_LAYOUT,
}
"""What the reason of a failed article means; reasons are compared in lower case, without ``_``."""

MEND: dict[Cause, str] = {
    Cause.SILENT: "open the list page; if it shows newer items, tell us the page, else wait",
    Cause.LIST_EMPTY: "open the list page; if it was redesigned, set `engine` or `list` selectors "
    "in the source's definition and try `tonggao sources check`",
    Cause.LIST_GONE: "the list has moved: find its new address on the site and set `lists`",
    Cause.LIST_SHRUNK: "compare the list page with what was read from it; set `list` selectors",
    Cause.LIST_BROKEN: "rows of the list are broken in the site's own file, the others were read: look at "
    "them with `tonggao sources check`; tell the site, or read its HTML list instead",
    Cause.REDIRECTED: "pages lead somewhere else: find the column's new address and set `lists`; "
    "add a new host to `hosts`",
    Cause.WALL: "a challenge stands before the pages: use another source of the region "
    "(`tonggao sources list`), or ask the site for access",
    Cause.SOFT_404: "articles answer with an error text: see whether the list still links to them",
    Cause.LOGIN: "articles ask for a login: the column is no longer public",
    Cause.ARTICLE_LAYOUT: "articles were redesigned: set `fields` with `from` = the day of the "
    "change, then `tonggao reparse`",
    Cause.ARTICLES_GONE: "articles the list names do not exist: their addresses may have changed",
    Cause.DATES_LOST: "set `published_at` (or `url_date`) in `fields` from the day of the change, "
    "then `tonggao reparse`",
    Cause.FIELDS_LOST: "set selectors of the lost fields in `fields`, then `tonggao reparse`",
    Cause.FUTURE_DATES: "the date is read from the wrong place: set `published_at` in `fields`",
    Cause.ENCODING: "set `charset` in the source's definition, then `tonggao reparse`",
    Cause.BODY_SHIFT: "compare a new article with an old one; set `body` and `drop` in `fields`",
    Cause.DUPLICATES: "different addresses show one text: open two of them; the site may be broken",
    Cause.ROBOTS: "robots.txt forbids the pages now; ask the site, or override by `ignore_robots`",
    Cause.REFUSED: "the site refuses us (403 or the like): slow down, set `minimum_interval`",
    Cause.RATE_LIMITED: "we ask too often for this site: raise `minimum_interval`",
    Cause.DNS: "the host's name does not resolve: see whether the site has moved",
    Cause.TLS: "the site's TLS has changed: see `tls` and `extra_ca` in the definition",
    Cause.CONNECT: "the site cannot be reached from here; if it can from elsewhere, set `proxy`",
    Cause.TIMEOUT: "the site answers too slowly; it will be tried again",
    Cause.SERVER_ERROR: "the site has an error of its own; it will be tried again",
    Cause.BROKEN_ANSWER: "the answer was cut off or of another kind; it will be tried again",
    Cause.PROGRAM: "an error of tonggao's own ended the visit: see the last runs below, and report it",
    Cause.SET_ASIDE: "its visit killed or hung the process three times; once that is mended, "
    "`tonggao sources enable ID` lets it be visited again",
    Cause.OTHER: "see the last attempts below",
}
"""What to do, in one sentence."""


def cause_of_reason(reason: str) -> Cause:
    """What the reason of a failed article means."""
    plain = reason.lower()
    return OF_REASON.get(plain, OF_REASON.get(plain.replace("_", ""), Cause.OTHER))
