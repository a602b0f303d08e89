"""The closed vocabulary of what can be wrong with a source, and what an operator does about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from scraper.outcome import Outcome

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
    MAINTENANCE = "maintenance"
    DNS = "dns"
    TLS = "tls"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    BROKEN_ANSWER = "broken_answer"
    PROGRAM = "program"
    SET_ASIDE = "set_aside"
    OVERDUE = "overdue"
    VISIT_FAILED = "visit_failed"
    OTHER = "other"


TRANSIENT = frozenset(
    {Cause.DNS, Cause.CONNECT, Cause.TIMEOUT, Cause.SERVER_ERROR, Cause.RATE_LIMITED}
    | {Cause.MAINTENANCE}
    | {Cause.BROKEN_ANSWER, Cause.OTHER}
)
"""What passes by itself often enough that one more visit is waited for."""

OF_LIST: dict[Outcome, Cause | None] = {
    Outcome.OK: None,
    Outcome.NOT_MODIFIED: None,
    Outcome.BUSY: None,
    Outcome.GONE: Cause.LIST_GONE,
    Outcome.MISSING_PAGE: Cause.LIST_GONE,
    Outcome.WALL: Cause.WALL,
    Outcome.LOGIN_PAGE: Cause.LOGIN,
    Outcome.RATE_LIMITED: Cause.RATE_LIMITED,
    Outcome.MAINTENANCE: Cause.MAINTENANCE,
    Outcome.CLIENT_ERROR: Cause.REFUSED,
    Outcome.SERVER_ERROR: Cause.SERVER_ERROR,
    Outcome.DNS: Cause.DNS,
    Outcome.CONNECT: Cause.CONNECT,
    Outcome.TLS: Cause.TLS,
    Outcome.TIMEOUT: Cause.TIMEOUT,
    Outcome.PROTOCOL: Cause.BROKEN_ANSWER,
    Outcome.TOO_LARGE: Cause.BROKEN_ANSWER,
    Outcome.WRONG_TYPE: Cause.BROKEN_ANSWER,
    Outcome.BLOCKED_ROBOTS: Cause.ROBOTS,
    Outcome.REFUSED_UNSAFE: Cause.REDIRECTED,
    Outcome.OFF_LIST: Cause.REDIRECTED,
    Outcome.BAD_REDIRECT: Cause.REDIRECTED,
    Outcome.CHARSET: Cause.ENCODING,
    Outcome.EMPTY: Cause.LIST_EMPTY,
    Outcome.EMPTY_LISTING: Cause.LIST_EMPTY,
    Outcome.PARSE_ERROR: Cause.LIST_EMPTY,
    Outcome.UNREADABLE: Cause.LIST_EMPTY,
    Outcome.PARSER_CRASHED: Cause.LIST_EMPTY,
    Outcome.UNSTORABLE: Cause.LIST_EMPTY,
    Outcome.ERASED: None,
    Outcome.TOO_SHORT: Cause.LIST_EMPTY,
    Outcome.NO_HEADLINE: Cause.LIST_EMPTY,
    Outcome.NOT_AN_ARTICLE: Cause.LIST_EMPTY,
    Outcome.LIST_PAGE: Cause.LIST_EMPTY,
    Outcome.VIDEO_ONLY: Cause.LIST_EMPTY,
}
"""What the outcome of a list page means; None: nothing is wrong."""

OF_ARTICLE: dict[Outcome, Cause | None] = {
    **OF_LIST,
    Outcome.GONE: Cause.ARTICLES_GONE,
    Outcome.MISSING_PAGE: Cause.SOFT_404,
    Outcome.EMPTY: Cause.ARTICLE_LAYOUT,
    Outcome.PARSE_ERROR: Cause.ARTICLE_LAYOUT,
    Outcome.PARSER_CRASHED: Cause.ARTICLE_LAYOUT,
    Outcome.UNSTORABLE: Cause.ARTICLE_LAYOUT,
    Outcome.TOO_SHORT: Cause.ARTICLE_LAYOUT,
    Outcome.TOO_LARGE: Cause.ARTICLE_LAYOUT,
    Outcome.NO_HEADLINE: Cause.ARTICLE_LAYOUT,
    Outcome.NOT_AN_ARTICLE: Cause.ARTICLE_LAYOUT,
    Outcome.LIST_PAGE: Cause.ARTICLE_LAYOUT,
    Outcome.VIDEO_ONLY: Cause.ARTICLE_LAYOUT,
    Outcome.UNREADABLE: Cause.ARTICLE_LAYOUT,
    Outcome.EMPTY_LISTING: Cause.ARTICLE_LAYOUT,
}
"""What the outcome of an article means; None: nothing is wrong."""

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
    Cause.MAINTENANCE: "the site says that it is being maintained; it will be asked again when it "
    "said, nothing is to be done",
    Cause.DNS: "the host's name does not resolve: see whether the site has moved",
    Cause.TLS: "the site's TLS has changed: see `tls` and `extra_ca` in the definition",
    Cause.CONNECT: "the site cannot be reached from here; if it can from elsewhere, set `proxy`",
    Cause.TIMEOUT: "the site answers too slowly; it will be tried again",
    Cause.SERVER_ERROR: "the site has an error of its own; it will be tried again",
    Cause.BROKEN_ANSWER: "the answer was cut off or of another kind; it will be tried again",
    Cause.PROGRAM: "an error of tonggao's own ended the visit: see the last runs below, and report it",
    Cause.SET_ASIDE: "its visit killed or hung the process three times; it is tried "
    "once a day, and at once by `tonggao sources enable ID`",
    Cause.OVERDUE: "nobody made its visit: start `tonggao daemon`, or `tonggao run` it from a timer",
    Cause.VISIT_FAILED: "its last visit failed: see why below, then `tonggao run` it once more",
    Cause.OTHER: "see the last attempts below",
}
"""What to do, in one sentence."""


def cause_of_list(word: str) -> Cause | None:
    """What a stored outcome of a list page means; None: nothing is wrong."""
    outcome = Outcome.of_word(word)
    return Cause.OTHER if outcome is None else OF_LIST[outcome]


def cause_of_article(word: str) -> Cause:
    """What the stored reason of a failed article means."""
    outcome = Outcome.of_word(word)
    return (OF_ARTICLE[outcome] if outcome else None) or Cause.OTHER
