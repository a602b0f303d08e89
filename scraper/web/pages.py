"""The pages: search, release, revisions, regions, sources."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scraper.clock import now
from scraper.errors import UsageError
from scraper.record.citation import Cited, Style, cite
from scraper.text.differences import compare, compare_line, folded
from scraper.web import bars, calendar, facets, places
from scraper.web.archive import Reading
from scraper.web.forms import MOST, MOST_BYTES, forms
from scraper.web.language import COOKIE, language_of
from scraper.web.query import Query, read_query, read_year, words_of
from scraper.web.rendering import failure, render
from scraper.web.rows import Activity, RegionPlace, Revision, SourceName
from scraper.words import LANGUAGES, words

_YEAR = 31_536_000


def reading(request: Request) -> Reading:
    """The archive that this application reads."""
    found: Reading = request.app.state.reading
    return found


async def gone(request: Request, *, otherwise: int = 404, **asked: int | str) -> Response:
    """The tombstones of what was erased, as 410.

    Raises:
        HTTPException: ``otherwise``, for nothing was.
    """
    stones = await reading(request).stones(**asked)  # type: ignore[arg-type]
    if not stones:
        raise HTTPException(otherwise)
    return failure(request, 410, "erased", stones=stones)


async def search(request: Request) -> Response:
    """The newest releases, or those that hold some words."""
    archive = reading(request)
    problem = None
    try:
        query = read_query(request.query_params, now().date())
    except UsageError as error:
        query, problem = Query(words=words_of(request.query_params)), str(error)
    hits, more = ([], False) if problem else await archive.search(query)
    counts = None if problem else await archive.days(query)
    counted = await archive.facets(query) if counts is not None else None
    names = words(language_of(request))
    place = await archive.region(query.region) if query.region else None
    sources = await archive.sources()
    values = {
        "query": query,
        "problem": problem,
        "hits": hits,
        "more": more,
        "chart": bars.by_time(counts) if counts is not None else None,
        "facets": facets.groups(counted, query, names) if counted is not None else None,
        "chosen": facets.chosen(query, names, _names_of(query, place, sources)),
        "forms": forms(),
        "most": MOST,
        "most_megabytes": MOST_BYTES // 1_000_000,
        "provinces": await archive.provinces(),
        "sources": sources,
        "place": place,
    }
    return render(request, "search.html", values, status=400 if problem else 200)


def _names_of(
    query: Query, place: RegionPlace | None, sources: Sequence[SourceName]
) -> dict[str, str]:
    """The names behind the codes of a search, by the field they stand in."""
    source = next((each.name for each in sources if each.source_id == query.source), None)
    found = {"region": place.name if place else None, "source": source}
    return {field: name for field, name in found.items() if name}


async def search_elsewhere(request: Request) -> Response:
    """The search stands at the root; who guesses its address is led there."""
    return RedirectResponse(f"/?{request.url.query}", 308)


async def release(request: Request) -> Response:
    """One release: text, pictures, copies, and ways to what it was read from."""
    archive = reading(request)
    number = request.path_params["release_id"]
    found = await archive.release(number)
    if found is None:
        if (winner := await archive.merged_into(number)) is not None:
            return RedirectResponse(f"/release/{winner}", status_code=301)
        return await gone(request, release_id=number)
    values = {
        "release": found,
        "paragraphs": found.body.split("\n") if found.body else [],
        "copies": await archive.copies(number),
        "related": await archive.related(number),
        "regions": await archive.region_names(found.region),
        "snapshots": await archive.snapshots(found.publication_id),
        "files": {each.url: each for each in await archive.files(number)},
        "citations": _citations(await archive.cited(found)),
    }
    return render(request, "release.html", values)


def _citations(cited: Cited) -> list[tuple[Style, str]]:
    return [(style, cite(cited, style)) for style in Style]


async def revisions(request: Request) -> Response:
    """The texts of a publication, and what changed from each to the next; newest first."""
    texts = await reading(request).revisions(request.path_params["publication_id"])
    if not texts:
        return await gone(request, publication_id=request.path_params["publication_id"])
    steps = [_step(old, new) for old, new in pairwise(texts)]
    values = {"texts": texts, "steps": steps[::-1], "newest": texts[-1]}
    return render(request, "revisions.html", values)


def _step(old: Revision, new: Revision) -> dict[str, object]:
    fields = ("title", "named_source", "author", "editor")
    changed = [
        (name, compare_line(getattr(old, name) or "", getattr(new, name) or ""))
        for name in fields
        if getattr(old, name) != getattr(new, name)
    ]
    body = folded(compare(old.body, new.body)) if old.body != new.body else []
    return {"old": old, "new": new, "fields": changed, "body": body}


async def regions(request: Request) -> Response:
    """Divisions and how many releases name them."""
    archive = reading(request)
    code = request.path_params.get("code")
    place = await archive.region(code) if code else None
    if code and place is None:
        raise HTTPException(404)
    below = await archive.regions(code)
    top = max((each.releases for each in below), default=0) or 1
    return render(request, "regions.html", {"place": place, "below": below, "top": top})


async def sources(request: Request) -> Response:
    """How all sources do, by region; narrowed by words, a region and a state."""
    archive = reading(request)
    wanted = places.read_wanted(request.query_params)
    found = [each for each in await archive.health() if wanted.takes(each)]
    activity: defaultdict[str, list[Activity]] = defaultdict(list)
    for each in await archive.activity():
        activity[each.source_id].append(each)
    today = now().date()
    provinces = await archive.provinces()
    values = {
        "wanted": wanted,
        "count": len(found),
        "groups": places.by_province(found, provinces),
        "charts": {one.source_id: bars.by_day(activity[one.source_id], today) for one in found},
        "provinces": provinces,
        "states": places.STATES,
    }
    return render(request, "sources.html", values)


async def calendar_page(request: Request) -> Response:
    """A year of a search, day by day."""
    query = read_query(request.query_params, now().date())
    year = read_year(request.query_params, now().date())
    of_year = query.within(dt.date(year, 1, 1), dt.date(year, 12, 31))
    counts = await reading(request).days(of_year) if of_year else []
    months = calendar.months(year, counts) if counts is not None else None
    values = {"query": query, "year": year, "months": months, "this_year": now().year}
    return render(request, "calendar.html", values)


async def source(request: Request) -> Response:
    """How one source does, and its last runs."""
    archive = reading(request)
    name = request.path_params["source_id"]
    found = await archive.health(name)
    if not found:
        raise HTTPException(404)
    region = found[0].region
    values = {
        "health": found[0],
        "place": await archive.region(region) if region else None,
        "chart": bars.by_day(await archive.activity(name), now().date()),
        "runs": await archive.runs(name),
    }
    return render(request, "source.html", values)


async def choose_language(request: Request) -> Response:
    """Keep the language chosen and go back to where the reader was, on this site only."""
    code = request.path_params["code"]
    if code not in LANGUAGES:
        raise HTTPException(404)
    wanted = request.query_params.get("to", "/")
    own = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    answer = RedirectResponse(wanted if own and wanted.isprintable() else "/", 303)
    answer.set_cookie(COOKIE, code, max_age=_YEAR, httponly=True, samesite="lax")
    return answer
