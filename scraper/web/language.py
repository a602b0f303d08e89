"""Which language a reader is answered in."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from scraper.words import LANGUAGES

COOKIE = "language"


def language_of(request: HTTPConnection) -> str:
    """What the reader chose, else what the browser prefers, else Chinese."""
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    preferred = request.headers.get("accept-language", "")
    for part in preferred.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in LANGUAGES:
            return tag
    return "zh"
