"""``/metrics``, ``/healthz`` and ``/readyz``, on loopback unless told otherwise, from a thread of their own.

A thread, because it must still answer when the event loop hangs: that is what ``/healthz`` is for.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from scheduler.daemon.vitals import Vitals

LOOPBACK = "127.0.0.1"


@contextmanager
def endpoint(
    port: int | None, vitals: Vitals, registry: CollectorRegistry, *, host: str = LOOPBACK
) -> Iterator[int | None]:
    """Serve while the block runs; nothing without a port.

    Args:
        port: to listen on.
        vitals: of the process.
        registry: its figures.
        host: address to listen on; beyond loopback, whoever reaches it may read.

    Yields:
        The port, also where 0 was given to have any.

    Raises:
        OSError: the port is taken.
    """
    if port is None:
        yield None
        return
    server = _server_class(host)((host, port), _handler(vitals, registry))
    thread = threading.Thread(target=server.serve_forever, name="endpoint", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _server_class(host: str) -> type[ThreadingHTTPServer]:
    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    return Server


def _handler(vitals: Vitals, registry: CollectorRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pages = {"/metrics": self._metrics, "/healthz": self._health, "/readyz": self._ready}
            page = pages.get(self.path.split("?")[0])
            if page is None:
                self._answer(HTTPStatus.NOT_FOUND, b"/metrics /healthz /readyz\n")
            else:
                page()

        def _metrics(self) -> None:
            self._answer(HTTPStatus.OK, generate_latest(registry), CONTENT_TYPE_LATEST)

        def _health(self) -> None:
            self._verdict(well=vitals.alive)

        def _ready(self) -> None:
            self._verdict(well=vitals.ready)

        def _verdict(self, *, well: bool) -> None:
            status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
            text = (
                "ok" if well else "stopping" if vitals.stopping else ", ".join(vitals.complaints())
            )
            self._answer(status, f"{text or 'starting'}\n".encode())

        def _answer(
            self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8"
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name there)
            """Say nothing: a probe every few seconds is not an event."""

    return Handler
