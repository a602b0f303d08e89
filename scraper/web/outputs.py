"""What is no page of ours: stored pages, and feeds."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from dataclasses import replace
from email.utils import format_datetime
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from scraper.clock import now
from scraper.web import feeds, places
from scraper.web.api.answers import tagged
from scraper.web.headers import FILE_POLICY, FRAME_POLICY, PICTURES_POLICY, SNAPSHOT_POLICY
from scraper.web.language import language_of
from scraper.web.opml import opml
from scraper.web.pages import gone, reading
from scraper.web.query import Query, read_query
from scraper.web.rendering import failure, render
from scraper.web.rows import Entry, Snapshot
from scraper.web.snapshot_page import LARGEST, cleaned, source_text
from scraper.words import words

_SHOWN = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)
"""What files are shown as that hold nothing that acts; never what their server called them."""
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)


async def snapshot(request: Request) -> Response:
    """The page around a stored page: where and when it is from, and the frame."""
    found = await _snapshot(request)
    others = await reading(request).snapshots(found.publication_id)
    values = {
        "snapshot": found,
        "others": others,
        "pictures": "pictures" in request.query_params,
        "too_large": (found.size or 0) > LARGEST,
    }
    answer = render(request, "snapshot.html", values)
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    return answer


async def snapshot_page(request: Request) -> Response:
    """A stored page, made harmless, for the frame."""
    found = await _snapshot(request)
    page = await _bytes(request, found)
    if len(page) > LARGEST:
        raise HTTPException(413)
    pictures = "pictures" in request.query_params
    text = await asyncio.to_thread(cleaned, page, found.http_charset, found.url, pictures=pictures)
    policy = PICTURES_POLICY if pictures else SNAPSHOT_POLICY
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})


async def snapshot_source(request: Request) -> Response:
    """A stored page's markup as text."""
    found = await _snapshot(request)
    page = await _bytes(request, found)
    return PlainTextResponse(await asyncio.to_thread(source_text, page, found.http_charset))


async def file_bytes(request: Request) -> Response:
    """A kept file: pictures and PDF are shown, everything else is handed over to be saved."""
    found = await reading(request).file(request.path_params["digest"])
    body = await reading(request).file_bytes(found.digest or "") if found and found.kept else None
    if found is None or body is None:
        return await _no_file(request, known=found is not None)
    kind = shown_type(body)
    saved = kind is None or "download" in request.query_params
    name = quote(found.file_name, safe="")
    how = "attachment" if saved else "inline"
    headers = {
        "Content-Security-Policy": FILE_POLICY,
        "Content-Disposition": f"{how}; filename*=UTF-8''{name}",
    }
    return Response(body, media_type=kind or "application/octet-stream", headers=headers)


async def file_text(request: Request) -> Response:
    """What a file says, as text; recognised text stands behind a line that says so."""
    found = await reading(request).file(request.path_params["digest"])
    if found is None or found.state == "erased":
        return await _no_file(request)
    parts = [found.text or ""]
    if found.recognised_text:
        sure = f"{found.confidence:.2f}" if found.confidence is not None else "?"
        parts.append(f"[recognised in pictures, confidence {sure}]\n{found.recognised_text}")
    text = "\n\n".join(part for part in parts if part) or f"[{found.state}]"
    return PlainTextResponse(text, headers={"Content-Security-Policy": FILE_POLICY})


def shown_type(body: bytes) -> str | None:
    """The type under which a browser may show a file, by its bytes; None for what is only saved."""
    if _WEBP.match(body):
        return "image/webp"
    return next((kind for start, kind in _SHOWN if body.startswith(start)), None)


async def _no_file(request: Request, *, known: bool = False) -> Response:
    """What stays of an erased file; else that its bytes are not kept, or an error of HTTP."""
    try:
        return await gone(request, file=request.path_params["digest"].lower())
    except HTTPException:
        if known:
            return failure(request, 410, "not_kept")
        raise


async def atom(request: Request) -> Response:
    """A search as Atom."""
    feed, entries = await _found(request)
    return feed_answer(
        request, feeds.atom(feed, entries), "application/atom+xml", feeds.updated(entries)
    )


async def json_feed(request: Request) -> Response:
    """A search as JSON Feed."""
    feed, entries = await _found(request)
    body = json.dumps(feeds.json_feed(feed, entries), ensure_ascii=False).encode()
    return feed_answer(request, body, "application/feed+json", feeds.updated(entries))


async def sources_opml(request: Request) -> Response:
    """The feeds of all sources, or of those of some words or a region."""
    archive, wanted = reading(request), places.read_wanted(request.query_params)
    found = [each for each in await archive.sources() if wanted.names(each)]
    groups = places.by_province(found, await archive.provinces())
    t = words(language_of(request))
    base = str(request.base_url).rstrip("/")
    body = opml(f"{t['name']} · {t['sources']}", base, t["no_region"], groups)
    headers = {"Content-Disposition": 'attachment; filename="tonggao.opml"'}
    return Response(body, media_type="text/x-opml", headers=headers)


def feed_answer(request: Request, body: bytes, kind: str, updated: dt.datetime) -> Response:
    """A feed with what a reader asks for it by next time; 304 where it has not changed since.

    Only the tag decides: an entry may go without a later one coming (RFC 9110 section 13.2.2).
    """
    told = {"Last-Modified": format_datetime(updated.astimezone(dt.UTC), usegmt=True)}
    return tagged(request, body, kind, told)


async def _found(request: Request) -> tuple[feeds.Feed, list[Entry]]:
    archive = reading(request)
    query = replace(read_query(request.query_params, now().date()), page=1, sort="newest")
    place = await archive.region(query.region) if query.region else None
    named = await archive.health(query.source) if query.source else []
    title = _title(query, place.name if place else None, named[0].name if named else None)
    feed = feeds.Feed(
        title,
        str(request.base_url).rstrip("/"),
        query.address(),
        query.address(request.url.path),
        await archive.feed_identity(),
    )
    return feed, await archive.feed(query, feeds.ENTRIES)


def _title(query: Query, region: str | None, source: str | None) -> str:
    """What a feed is of, by names; a code or an id where no name is known."""
    days = (query.since_text or query.since, query.until_text or query.until)
    parts = (query.words, region or query.region, source or query.source, query.named, query.column)
    asked = " ".join(str(part) for part in (*parts, *days) if part)
    return f"通稿 · {asked}" if asked else "通稿"


async def _snapshot(request: Request) -> Snapshot:
    found = await reading(request).snapshot(request.path_params["snapshot_id"])
    if found is None:
        raise HTTPException(404)
    return found


async def _bytes(request: Request, found: Snapshot) -> bytes:
    page = await reading(request).page(found)
    if page is None:
        raise HTTPException(410)
    return page
