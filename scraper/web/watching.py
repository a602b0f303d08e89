"""The feed of a watch: what it matched, for whoever has its address."""

from __future__ import annotations

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scraper.web import feeds
from scraper.web.outputs import feed_answer
from scraper.web.pages import reading
from scraper.web.rows import WatchEntry


async def _found(request: Request) -> tuple[str, list[WatchEntry]]:
    """The words of the watch, and its matches, the newest first."""
    rows = await reading(request).watch_feed(request.path_params["feed"], feeds.ENTRIES)
    if not rows:
        raise HTTPException(404)
    return f"通稿 · {rows[0].query or '监视'}", [row for row in rows if row.match_id is not None]


async def watch_atom(request: Request) -> Response:
    """A watch's matches as Atom."""
    title, entries = await _found(request)
    base = str(request.base_url).rstrip("/")
    body = feeds.atom_of_watch(title, base, request.url.path, entries)
    return feed_answer(request, body, "application/atom+xml", feeds.updated(entries))


async def watch_json(request: Request) -> Response:
    """A watch's matches as JSON Feed."""
    title, entries = await _found(request)
    base = str(request.base_url).rstrip("/")
    feed = feeds.json_of_watch(title, base, request.url.path, entries)
    body = json.dumps(feed, ensure_ascii=False).encode()
    return feed_answer(request, body, "application/feed+json", feeds.updated(entries))
