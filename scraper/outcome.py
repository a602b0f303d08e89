"""The closed vocabulary of what can become of a page: on the way, and when it is read."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Outcome(StrEnum):
    """How an attempt to bring and to read a page ended.

    The same words stand in ``tonggao.attempt.outcome``, ``tonggao.poll`` and in the reasons of
    ``archive.runs``. Those of reading are given afterwards, through ``Fetcher.amend``; every
    `scraper.errors.PageError` and `scraper.errors.ListingError` names its own.
    """

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    GONE = "gone"
    BLOCKED_ROBOTS = "blocked_robots"
    REFUSED_UNSAFE = "refused_unsafe"
    OFF_LIST = "off_list"
    BAD_REDIRECT = "bad_redirect"
    WALL = "wall"
    RATE_LIMITED = "rate_limited"
    MAINTENANCE = "maintenance"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    CHARSET = "charset"
    BUSY = "busy"

    PARSE_ERROR = "parse_error"
    TOO_SHORT = "too_short"
    NO_HEADLINE = "no_headline"
    NOT_AN_ARTICLE = "not_an_article"
    LIST_PAGE = "list_page"
    MISSING_PAGE = "missing_page"
    LOGIN_PAGE = "login_page"
    VIDEO_ONLY = "video_only"
    PARSER_CRASHED = "parser_crashed"
    UNSTORABLE = "unstorable"
    ERASED = "erased"
    UNREADABLE = "unreadable"
    EMPTY_LISTING = "empty_listing"

    @classmethod
    def of_word(cls, word: str) -> Self | None:
        """The outcome of a stored word, former spellings included; None for one nobody knows."""
        try:
            return cls(FORMER.get(word, word))
        except ValueError:
            return None

    @property
    def good(self) -> bool:
        """Whether the page is in hand: delivered, or known to be unchanged."""
        return self in _GOOD

    @property
    def transient(self) -> bool:
        """Whether the same request may well succeed within minutes."""
        return self in _TRANSIENT

    @property
    def strains_host(self) -> bool:
        """Whether the host asks, in words or by its behaviour, to be asked less often."""
        return self in _STRAIN

    @property
    def says_gone(self) -> bool:
        """Whether the site says, by status or in words, that there is no such page."""
        return self in _GONE

    @property
    def rests_host(self) -> bool:
        """Whether one such answer tells that the host is to be left alone for a while.

        A wall before one page is that page's; the second in a visit is the host's.
        """
        return self in _RESTS


FORMER: dict[str, str] = {
    "EmptyPage": "empty",
    "TooShort": "too_short",
    "TooLarge": "too_large",
    "ParserCrashed": "parser_crashed",
    "Wall": "wall",
    "NotAnArticle": "not_an_article",
    "ListPage": "list_page",
    "MissingPage": "missing_page",
    "LoginPage": "login_page",
    "VideoOnly": "video_only",
    "PageError": "parse_error",
}
"""Words that version 0.1 stored as reasons. ``tonggao.reasons_now`` in SQL says the same."""

_GOOD = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
_TRANSIENT = frozenset(
    {Outcome.DNS, Outcome.CONNECT, Outcome.TIMEOUT, Outcome.PROTOCOL, Outcome.SERVER_ERROR}
)
_STRAIN = frozenset(
    {
        Outcome.RATE_LIMITED,
        Outcome.MAINTENANCE,
        Outcome.SERVER_ERROR,
        Outcome.TIMEOUT,
        Outcome.WALL,
        Outcome.CONNECT,
    }
)

_GONE = frozenset({Outcome.GONE, Outcome.MISSING_PAGE})
_RESTS = frozenset({Outcome.RATE_LIMITED, Outcome.MAINTENANCE, Outcome.BUSY})

MEANING: dict[Outcome, str] = {
    Outcome.OK: "the page came",
    Outcome.NOT_MODIFIED: "the server says, or the digest shows, that the page is unchanged",
    Outcome.GONE: "404 or 410",
    Outcome.BLOCKED_ROBOTS: "robots.txt forbids it, or cannot be read at present",
    Outcome.REFUSED_UNSAFE: "the address is not public, or the URL is disguised; nothing was sent",
    Outcome.OFF_LIST: "the host or port is not one of the source's; nothing was sent there",
    Outcome.BAD_REDIRECT: "too many redirects, a circle, or a redirect that names no address",
    Outcome.WALL: "a JavaScript challenge, captcha or firewall page stood in front of it",
    Outcome.RATE_LIMITED: "429: too many requests",
    Outcome.MAINTENANCE: "503 with Retry-After: the site says when it will be back",
    Outcome.CLIENT_ERROR: "another status of 400 to 499",
    Outcome.SERVER_ERROR: "another status of 500 to 599, or one that HTTP does not know",
    Outcome.DNS: "the host's name could not be resolved",
    Outcome.CONNECT: "no connection could be made, or not in time",
    Outcome.TLS: "the TLS handshake or the certificate failed",
    Outcome.TIMEOUT: "reading, or the whole request, took too long",
    Outcome.PROTOCOL: "the answer breaks HTTP or its own content coding, or was cut off",
    Outcome.TOO_LARGE: "more bytes than the limit, as sent or once decompressed",
    Outcome.WRONG_TYPE: "the content is of a kind that was not asked for",
    Outcome.EMPTY: "a good status with nothing in it",
    Outcome.CHARSET: "the bytes can be read in no character set",
    Outcome.BUSY: "the host's next slot lies further ahead than the request may wait",
    Outcome.PARSE_ERROR: "the page came and could not be read",
    Outcome.TOO_SHORT: "the page has a headline, and hardly anything below it",
    Outcome.NO_HEADLINE: "the page has a text, but no headline anywhere",
    Outcome.NOT_AN_ARTICLE: "the page is of some other kind than an article",
    Outcome.LIST_PAGE: "the page is a list of articles",
    Outcome.MISSING_PAGE: "the page says that there is no such page, under a good status",
    Outcome.LOGIN_PAGE: "the page is a login form",
    Outcome.VIDEO_ONLY: "the page is a player without text",
    Outcome.PARSER_CRASHED: "the parser died, hung or outgrew its memory on the page",
    Outcome.UNSTORABLE: "the database refuses what was read from the page",
    Outcome.ERASED: "what stood there was erased for good; it is not archived again",
    Outcome.UNREADABLE: "the list page came and could not be read",
    Outcome.EMPTY_LISTING: "the list page holds no link that belongs to the source",
}
"""One line for each outcome, for the operator."""
