"""The API as an ASGI application of its own, which the reader mounts under ``/api/v1``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from scraper.archive.querying.description import describe
from scraper.web.api.answers import HANDLERS, answer
from scraper.web.api.document import document
from scraper.web.api.endpoints import ENDPOINTS, Endpoint, Served
from scraper.web.api.parameters import Parameters, read


def create_api(served: Served) -> Starlette:
    """The application.

    Args:
        served: what it reads from.
    """
    told: dict[str, Any] = {}

    async def openapi(request: Request) -> Response:
        """The document, made when it is first asked for: a release of the program has one schema."""
        read(Parameters, request.query_params.multi_items())
        if not told:
            told.update(document(await describe(served.pool)))
        return answer(request, told)

    routes = [Route(each.path, _handler(each, served), name=each.name) for each in ENDPOINTS]
    return Starlette(routes=[Route("/openapi.json", openapi), *routes], exception_handlers=HANDLERS)


def _handler(endpoint: Endpoint, served: Served) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        given = read(endpoint.parameters, request.query_params.multi_items())
        return await endpoint.handle(request, served, given)

    return handle
