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
        self._names = list(map(as_called, names))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        for_programs = scope["type"] == "http" and scope["path"].startswith(self._programs)
        if for_programs and not await self._is_ours(scope, receive):
            answer = refusal(
                400, "unknown host", "the reader is not called by the name in Host",
                "call it by a name of its own; the operator adds one by `tonggao web --name`",
            )  # fmt: skip
            await answer(scope, receive, send)
            return
        await self._checked(self._app)(scope, receive, send)

    def _checked(self, app: ASGIApp) -> TrustedHostMiddleware:
        return TrustedHostMiddleware(app, allowed_hosts=self._names, www_redirect=False)

    async def _is_ours(self, scope: Scope, receive: Receive) -> bool:
        """Whether the check lets the request through to what stands behind it."""
        reached = False

        async def reach(_: Scope, __: Receive, ___: Send) -> None:
            nonlocal reached
            reached = True

        async def drop(_: Message) -> None:
            """The refusal in words is not sent."""

        await self._checked(reach)(scope, receive, drop)
        return reached
