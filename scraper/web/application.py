"""The web reader as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from psycopg import OperationalError, errors
from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from scraper.access.called import Called
from scraper.access.gate import Gate
from scraper.access.hosts import LOOPBACK
from scraper.access.rate import REQUESTS_A_MINUTE, Rate
from scraper.access.tokens import TokenFile
from scraper.errors import Altered, UsageError
from scraper.log import get_logger
from scraper.web import exports, following, outputs, pages, watching
from scraper.web.api.application import create_api
from scraper.web.api.endpoints import PREFIX
from scraper.web.archive import Reading
from scraper.web.headers import SafeHeaders, guard
from scraper.web.rendering import failure

_log = get_logger(__name__)
_STATIC = Path(__file__).parent / "static"
_SENTENCES = {
    400: "bad_request",
    404: "not_found",
    405: "not_found",
    410: "deleted",
    413: "too_large",
    503: "busy",
}


class Word(Convertor[str]):
    """A part of an address that a row can be named by: without control characters, which no database takes."""

    regex = r"[^/\x00-\x1f\x7f]+"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("word", Word())
_ROUTES = (
    Route("/", pages.search),
    Route("/search", pages.search_elsewhere),
    Route("/feed.atom", outputs.atom),
    Route("/feed.json", outputs.json_feed),
    Route("/export.{form}", exports.export),
    Route("/calendar", pages.calendar_page),
    Route("/changes", following.changes),
    Route("/changes.atom", following.changes_feed),
    Route("/carried", following.carried),
    Route("/watch/{feed:word}.atom", watching.watch_atom),
    Route("/watch/{feed:word}.json", watching.watch_json),
    Route("/release/{release_id:int}", pages.release),
    Route("/release/{release_id:int}/cite/{style}", exports.citation),
    Route("/publication/{publication_id:int}/revisions", pages.revisions),
    Route("/snapshot/{snapshot_id:int}", outputs.snapshot),
    Route("/snapshot/{snapshot_id:int}/page", outputs.snapshot_page),
    Route("/snapshot/{snapshot_id:int}/source", outputs.snapshot_source),
    Route("/file/{digest:word}", outputs.file_bytes),
    Route("/file/{digest:word}/text", outputs.file_text),
    Route("/regions", pages.regions),
    Route("/regions/{code:word}", pages.regions),
    Route("/sources", pages.sources),
    Route("/sources.opml", outputs.sources_opml),
    Route("/sources/{source_id:word}", pages.source),
    Route("/language/{code}", pages.choose_language),
    Mount("/static", StaticFiles(directory=_STATIC)),
)


def create_application(
    reading: Reading,
    hosts: Sequence[str] = LOOPBACK,
    tokens: TokenFile | None = None,
    rate: int = REQUESTS_A_MINUTE,
) -> Starlette:
    """The application.

    Args:
        reading: the archive to show.
        hosts: names it may be called by. Others are refused, so that no web page can reach it
            under a name of its own that resolves to this machine (DNS rebinding).
        tokens: the file of tokens; None where nobody is asked for one.
        rate: requests of the API that each caller may send a minute.
    """
    application = Starlette(
        routes=[*_ROUTES, Mount(PREFIX, create_api(reading.served))],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(Called, names=hosts, programs=f"{PREFIX}/"),
            Middleware(Gate, tokens=tokens, rate=Rate(rate), limited=f"{PREFIX}/"),
            Middleware(GZipMiddleware),
        ],
        exception_handlers=_HANDLERS,
    )
    application.state.reading = reading
    return application


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return failure(request, status, _SENTENCES.get(status, "bad_request"))


async def _unusable(request: Request, error: Exception) -> Response:
    return failure(request, 400, "bad_request", str(error))


async def _altered(request: Request, _: Exception) -> Response:
    return failure(request, 500, "altered")


async def _too_slow(request: Request, _: Exception) -> Response:
    return failure(request, 503, "too_slow")


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.warning("the database did not answer", path=request.url.path, reason=str(error))
    return failure(request, 503, "unavailable")


async def _broken(request: Request, _: Exception) -> Response:
    answer = failure(request, 500, "broken")
    guard(
        answer.headers
    )  # starlette answers this one outside of every middleware, and logs the error
    return answer


_HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _refused,
    UsageError: _unusable,
    Altered: _altered,
    errors.QueryCanceled: _too_slow,
    OperationalError: _unavailable,
    Exception: _broken,
}
