"""Only who calls a server by a name of its own is served, against DNS rebinding."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scraper.access.gate import refusal
from scraper.access.hosts import as_called


class Called:
    """Refuses requests under another name: in words, and as a problem where programs ask.

    Args:
        app: what stands behind it.
        names: that it may be called by, as they stand in ``Host`` or as addresses.
        programs: beginning of the paths that programs ask.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str], programs: str) -> None:
        self._app, self._programs = app, programs
        allowed = list(map(as_called, names))
        self._served = TrustedHostMiddleware(app, allowed_hosts=allowed, www_redirect=False)
        self._asked = TrustedHostMiddleware(_reached, allowed_hosts=allowed, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith(self._programs):
            await self._served(scope, receive, send)
            return
        asked = dict(scope)
        await self._asked(asked, receive, _dropped)
        answer = self._app if _REACHED in asked else _REFUSED
        await answer(scope, receive, send)


_REACHED = "tonggao.called"
_REFUSED = refusal(
    400, "unknown host", "the reader is not called by the name in Host",
    "call it by a name of its own; the operator adds one by `tonggao web --name`",
)  # fmt: skip


async def _reached(scope: Scope, _: Receive, __: Send) -> None:
    """Stands behind the check, to learn that it lets a request through."""
    scope[_REACHED] = True


async def _dropped(_: Message) -> None:
    """The refusal in words is not sent."""
