"""What can be asked: each endpoint once, from which routes and OpenAPI document are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scraper.archive.querying.changes import after, latest
from scraper.archive.querying.citing import cited
from scraper.archive.querying.files import FileRow, FileSelection, list_files, readings_of_content
from scraper.archive.querying.finding import facets, require_archived_source
from scraper.archive.querying.histories import revisions_of
from scraper.archive.querying.paging import page_of
from scraper.archive.querying.reading import show_release, texts_in_force
from scraper.archive.querying.tombstones import tombstones
from scraper.archive.writing.file_store import FileArchive
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import Erased
from scraper.record.citation import cite
from scraper.web.api import parameters as asked
from scraper.web.api.answers import answer, tagged

PREFIX = "/api/v1"
_LARGEST_ID = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Served:
    """What the endpoints read from.

    Attributes:
        pool: sees schema ``archive`` alone.
        keeper: sees the base tables, for what files say; it writes nothing.
        files: their bytes.
    """

    pool: Pool
    keeper: Pool
    files: FileArchive


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address.

    Attributes:
        path: below the prefix, as Starlette writes it.
        name: of the operation.
        summary: what it gives, in one line.
        parameters: what may be asked.
        gives: name of the schema of an item (``schemas.ITEMS``); None where ``media`` is no JSON.
        many: ``page``: items and a next cursor; ``list``: items; ``one``: the object itself.
        media: type of the answer.
    """

    path: str
    name: str
    summary: str
    parameters: type[Any]
    handle: Callable[[Request, Served, Any], Awaitable[Response]]
    gives: str | None
    many: str = "one"
    media: str = "application/json"


def _page(request: Request, items: list[Any], next_cursor: str | None) -> Response:
    headers = {}
    if next_cursor is not None:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
        address = f"{request.url.path}?{urlencode([*kept, ('cursor', next_cursor)])}"
        headers["Link"] = f'<{address}>; rel="next"'
    return answer(request, {"items": items, "next_cursor": next_cursor}, headers)


async def _search(request: Request, served: Served, given: asked.Hits) -> Response:
    await require_archived_source(served.pool, given.source)
    wanted = given.search(now().date(), given.sort, given.count)
    return _page(request, *await page_of(served.pool, wanted, given.cursor))


async def _releases(request: Request, served: Served, given: asked.Releases) -> Response:
    await require_archived_source(served.pool, given.source)
    wanted = given.search(now().date(), count=given.count)
    hits, following = await page_of(served.pool, wanted, given.cursor)
    records = await texts_in_force(served.pool, [hit.release_id for hit in hits])
    return _page(request, [record.record() for record in records], following)


async def _facets(request: Request, served: Served, given: asked.Filters) -> Response:
    await require_archived_source(served.pool, given.source)
    found = await facets(served.pool, given.search(now().date()))
    return answer(request, {"items": found})


async def _following(request: Request, served: Served, given: asked.Following) -> Response:
    changes = await after(served.pool, given.cursor, given.count)
    end = changes[-1].cursor if changes else given.cursor
    return _page(request, list(changes), end)


async def _latest(request: Request, served: Served, given: asked.Latest) -> Response:
    await require_archived_source(served.pool, given.source)
    changes = await latest(served.pool, given.asked(now().date()))
    shown = changes[: given.count]
    return _page(request, list(shown), shown[-1].cursor if len(changes) > given.count else None)


async def _release(request: Request, served: Served, _: asked.Parameters) -> Response:
    asked_for = _number(request)
    found = await show_release(served.pool, asked_for)
    if found.release_id != asked_for:
        return RedirectResponse(f"{PREFIX}/releases/{found.release_id}", 301)
    return answer(request, found.record())


async def _revisions(request: Request, served: Served, _: asked.Parameters) -> Response:
    found = await show_release(served.pool, _number(request))
    return answer(request, {"items": await revisions_of(served.pool, found.release_id)})


async def _copies(request: Request, served: Served, _: asked.Parameters) -> Response:
    found = await show_release(served.pool, _number(request))
    return answer(request, {"items": found.members})


async def _files_of(request: Request, served: Served, _: asked.Parameters) -> Response:
    found = await show_release(served.pool, _number(request))
    selection = FileSelection(release_id=found.release_id)
    return answer(request, {"items": await list_files(served.keeper, selection)})


async def _citation(request: Request, served: Served, given: asked.Citation) -> Response:
    text = cite(await cited(served.pool, _number(request)), given.style)
    return tagged(request, f"{text}\n".encode(), "text/plain; charset=utf-8")


async def _file(request: Request, served: Served, _: asked.Parameters) -> Response:
    return answer(request, {"items": await _offered(request, served)})


async def _file_text(request: Request, served: Served, _: asked.Parameters) -> Response:
    await _offered(request, served)
    return answer(request, {"items": await readings_of_content(served.keeper, _digest(request))})


async def _file_bytes(request: Request, served: Served, _: asked.Parameters) -> Response:
    offered = await _offered(request, served)
    body = await served.files.read(_digest(request)) if offered[0].kept else None
    if body is None:
        await _refuse_erased(request, served)
        raise HTTPException(410, "the bytes of this file are not kept")
    name = quote(offered[0].file_name, safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return tagged(request, body, "application/octet-stream", headers)


async def _offered(request: Request, served: Served) -> list[FileRow]:
    found = await list_files(served.keeper, FileSelection(digest=_digest(request)))
    if not found:
        await _refuse_erased(request, served)
        raise HTTPException(404, "no file of a release has this digest")
    return found


async def _refuse_erased(request: Request, served: Served) -> None:
    if stones := await tombstones(served.pool, file=_digest(request)):
        raise Erased("; ".join(map(str, stones)))


def _number(request: Request) -> int:
    given = str(request.path_params["release_id"])
    if not (given.isdecimal() and given.isascii()) or not 0 < int(given[:20]) <= _LARGEST_ID:
        raise HTTPException(404, "a release is named by its number")
    return int(given)


def _digest(request: Request) -> str:
    given = str(request.path_params["digest"]).lower()
    if len(given) != 64 or set(given) - set("0123456789abcdef"):
        raise HTTPException(404, "a file is named by its SHA-256, 64 hexadecimal digits")
    return given


ENDPOINTS = (
    Endpoint("/search", "search", "Releases that hold the words, with the place where they stand.",
             asked.Hits, _search, "Hit", "page"),
    Endpoint("/facets", "facets", "The same search counted by region, source, column, kind and month.",
             asked.Filters, _facets, "Facet", "list"),
    Endpoint("/releases", "releases", "Whole records, the newest first; each a line of the JSONL export.",
             asked.Releases, _releases, "Record", "page"),
    Endpoint("/releases/{release_id}", "release", "A release: its record, its publications, and what is near it.",
             asked.Parameters, _release, "Release"),
    Endpoint("/releases/{release_id}/revisions", "revisions", "The texts that its publications had, oldest first.",
             asked.Parameters, _revisions, "Revision", "list"),
    Endpoint("/releases/{release_id}/copies", "copies", "Its publications, and why each belongs to it.",
             asked.Parameters, _copies, "Publication", "list"),
    Endpoint("/releases/{release_id}/files", "files_of_release", "The files that its publications offer.",
             asked.Parameters, _files_of, "File", "list"),
    Endpoint("/releases/{release_id}/citation", "citation", "How it is cited.",
             asked.Citation, _citation, None, media="text/plain"),
    Endpoint("/changes", "changes", "Every change in the order of commits; the last cursor goes on from there.",
             asked.Following, _following, "Change", "page"),
    Endpoint("/changes/latest", "latest_changes", "The newest changes first, narrowed as a search is.",
             asked.Latest, _latest, "Change", "page"),
    Endpoint("/files/{digest}", "file", "The publications that offer a file, and what is known of it.",
             asked.Parameters, _file, "File", "list"),
    Endpoint("/files/{digest}/text", "file_text", "What a file says, and what was recognised in its pictures.",
             asked.Parameters, _file_text, "FileText", "list"),
    Endpoint("/files/{digest}/bytes", "file_bytes", "The bytes of a file that is kept, to be saved.",
             asked.Parameters, _file_bytes, None, media="application/octet-stream"),
)  # fmt: skip
