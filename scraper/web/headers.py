"""Headers of every answer. A page of ours runs one script of ours and shows pictures that are kept; nothing else."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOTHING = "default-src 'none'; base-uri 'none'"
PAGE_POLICY = (
    f"{_NOTHING}; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self';"
    " frame-ancestors 'none'"
)
FRAME_POLICY = f"{PAGE_POLICY}; frame-src 'self'"
"""Only the page around a snapshot may have a frame."""
_SNAPSHOT = (
    f"{_NOTHING}; sandbox; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'"
)
SNAPSHOT_POLICY = f"{_SNAPSHOT}; img-src 'none'"
PICTURES_POLICY = f"{_SNAPSHOT}; img-src http: https:"
FILE_POLICY = (
    "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A kept file acts nowhere: it has no origin, loads nothing, and nobody frames it."""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def guard(headers: MutableHeaders) -> None:
    """Give an answer the strict policy, unless its handler set one of those above."""
    headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    headers.update(_ALWAYS)


class SafeHeaders:
    """Guards every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                guard(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, safely)
