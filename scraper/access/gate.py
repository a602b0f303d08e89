"""The gate before an application: a token where one is asked for, and no more requests than the rate."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from scraper.access.rate import Rate
from scraper.access.tokens import TokenFile, token_of
from scraper.errors import SettingsError

PROBLEM = "application/problem+json"
_ASKS = 'Basic realm="tonggao", charset="UTF-8"'
_NEEDED = "this address asks for a token"
_ADVICE = (
    "send it as Authorization: Bearer TOKEN, or as the password of Basic with any name; "
    "the operator makes one by `tonggao web token add NAME`"
)
_IN_CHINESE = "请以令牌作为密码登录（用户名任意）；令牌由管理员以 tonggao web token add 生成。"


class Gate:
    """Lets through who may come in, as ``scope["state"]["caller"]``: a token's name, else an address.

    Args:
        app: what stands behind it.
        tokens: the file of tokens; None where nobody is asked for one.
        rate: of requests to addresses that begin with ``limited``.
        limited: beginning of the paths that the rate holds for.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        app: ASGIApp,
        tokens: TokenFile | None,
        rate: Rate,
        limited: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._tokens, self._rate = app, tokens, rate
        self._limited, self._clock = limited, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = self._refusal(scope)
        await (answer or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        request = HTTPConnection(scope)
        for_programs = scope["path"].startswith(self._limited)
        caller = f"address {request.client.host if request.client else '?'}"
        holder = None
        try:
            if self._tokens is not None:
                token = token_of(request.headers.get("authorization", ""))
                holder = self._tokens.holder(token) if token else None
        except SettingsError as error:
            return refusal(
                503, "tokens cannot be read", str(error), "the operator has to mend the file"
            )
        if holder is not None:
            caller = f"token {holder}"
        elif self._tokens is not None and not for_programs:
            return PlainTextResponse(
                f"{_IN_CHINESE}\n{_NEEDED}: {_ADVICE}\n", 401, {"WWW-Authenticate": _ASKS}
            )
        if for_programs and (wait := self._rate.wait(caller, self._clock())) > 0:
            seconds = math.ceil(wait)
            return refusal(
                429, "too many requests",
                f"{self._rate.a_minute} requests a minute are answered to each caller",
                f"ask again in {seconds} s", {"Retry-After": str(seconds)},
            )  # fmt: skip
        if holder is None and self._tokens is not None:
            return refusal(
                401, "no token", _NEEDED, _ADVICE, {"WWW-Authenticate": f"Bearer, {_ASKS}"}
            )
        return None


def refusal(
    status: int, title: str, detail: str, advice: str, headers: dict[str, str] | None = None
) -> Response:
    """An error for programs (RFC 9457): what happened, and what to do about it."""
    told = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "advice": advice,
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    return Response(body, status, headers, PROBLEM)
