"""Answers in JSON with an ETag, and errors as problems (RFC 9457) that say what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from psycopg import OperationalError, errors
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scraper.access.gate import refusal
from scraper.errors import Altered, Erased, UnknownRelease, UsageError
from scraper.log import get_logger
from scraper.record.forms import in_json

_log = get_logger(__name__)
_DOCUMENT = "/api/v1/openapi.json"
_CACHE = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
"""Kept by the caller alone, and asked for anew each time: 304 is what saves the bytes."""
_ADVICE = {
    404: f"see {_DOCUMENT} for what there is",
    405: "the archive is only read: GET and HEAD",
    410: "only its text and digest are here: ask for its text, or for the file at its own address",
}


def answer(request: Request, value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A value as JSON; the keys are those of the command line's ``--json``."""
    body = json.dumps(in_json(value), ensure_ascii=False, default=str).encode()
    return tagged(request, body, "application/json", headers)


def tagged(
    request: Request, body: bytes, kind: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Bytes with their tag; 304 without them where the caller has these already (RFC 9110, 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {**_CACHE, **(headers or {}), "ETag": tag}
    known = {each.strip().removeprefix("W/") for each in _known(request)}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=told)
    return Response(body, headers=told, media_type=kind)


def _known(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")


async def _not_http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return refusal(status, detail, detail, _ADVICE.get(status, f"see {_DOCUMENT}"), headers)


def _parted(error: Exception) -> tuple[str, str]:
    """Our messages say what is wrong, then after a semicolon what to do."""
    said, _, advice = str(error).partition("; ")
    return said, advice


async def _usage(_: Request, error: Exception) -> Response:
    said, advice = _parted(error)
    return refusal(400, "bad request", said, advice or f"see {_DOCUMENT}")


async def _unknown(_: Request, error: Exception) -> Response:
    return refusal(404, "no such release", str(error).partition("; ")[0], "search for its number")


async def _erased(_: Request, error: Exception) -> Response:
    advice = "its address and digests are kept and its text is not; search for another"
    return refusal(410, "erased", str(error), advice)


async def _altered(_: Request, error: Exception) -> Response:
    said, advice = _parted(error)
    return refusal(500, "a stored value is altered", said, advice)


async def _too_slow(_: Request, __: Exception) -> Response:
    return refusal(
        503, "too slow", "the database did not answer in time",
        "narrow the search by since, until, region or source, or ask again later", {"Retry-After": "10"},
    )  # fmt: skip


async def _unavailable(request: Request, error: Exception) -> Response:
    _log.warning("the database did not answer", path=request.url.path, reason=str(error))
    return refusal(
        503,
        "no database",
        "the database cannot be reached",
        "ask again later",
        {"Retry-After": "10"},
    )


async def _broken(_: Request, __: Exception) -> Response:
    return refusal(
        500, "a fault", "this is a fault of the program", "the operator's log tells where"
    )


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    HTTPException: _not_http,
    Erased: _erased,
    UnknownRelease: _unknown,
    UsageError: _usage,
    Altered: _altered,
    errors.QueryCanceled: _too_slow,
    OperationalError: _unavailable,
    Exception: _broken,
}
