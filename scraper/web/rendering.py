"""Templates and what they may call. Everything is escaped; marks are made here, of escaped text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from scraper.archive.querying.tombstones import Tombstone
from scraper.clock import SHANGHAI
from scraper.web.language import language_of
from scraper.web.rows import Dated
from scraper.words import LANGUAGES, said, words

_MARKED = re.compile("⟦([^⟦⟧]*)⟧")
_HTTP = re.compile(r"https?://[^\s]+\Z", re.IGNORECASE)


def marked(snippet: str) -> Markup:
    """A snippet with the words that were searched for marked."""
    return Markup(_MARKED.sub(r"<mark>\1</mark>", str(escape(snippet))))  # noqa: S704 - escaped


def stated(row: Dated) -> str:
    """When a release says it was published, as exactly as it says it."""
    if row.published_at is None or row.published_precision == "day":
        return f"{row.dated_at:%Y-%m-%d}"
    return f"{row.published_at:%Y-%m-%d %H:%M}"


def moment(value: dt.datetime | None) -> str:
    """A time of Asia/Shanghai to the minute."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def web_address(value: str | None) -> str | None:
    """An address that may be linked to: http and https only, never javascript: or data:."""
    return value if value and _HTTP.match(value) else None


def host(address: str) -> str:
    """Whose an address is, for people; empty for what is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def lapse(delay: dt.timedelta) -> str:
    """A length of time in its largest unit: 3 d, 5 h, 12 min."""
    minutes = int(abs(delay.total_seconds()) // 60)
    if minutes >= 2880:
        return f"{minutes // 1440} d"
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "marked": marked,
        "stated": stated,
        "moment": moment,
        "web_address": web_address,
        "lapse": lapse,
        "host": host,
    }
    return environment


_ENVIRONMENT = _environment()


def render(
    request: Request, name: str, values: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """A page in the reader's language."""
    language = language_of(request)
    known = {
        "language": language,
        "languages": LANGUAGES,
        "t": words(language),
        "say": partial(said, language=language),
    }
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    page = _ENVIRONMENT.get_template(name).render({**known, "here": here, **values})
    return HTMLResponse(page, status, headers={"Vary": "Accept-Language, Cookie"})


def failure(
    request: Request,
    status: int,
    sentence: str,
    detail: str | None = None,
    stones: Sequence[Tombstone] = (),
) -> HTMLResponse:
    """The page that says why there is none, and what the reader can do.

    Args:
        request: what was asked.
        status: of HTTP.
        sentence: the name of one of our sentences; its advice stands under the same name.
        detail: an error's message in English, where one names the value that is wrong.
        stones: what stays of what was erased there, told below.
    """
    values = {"status": status, "sentence": sentence, "detail": detail, "stones": stones}
    return render(request, "failure.html", values, status=status)
