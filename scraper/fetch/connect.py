"""Connections to addresses that were resolved and judged here, and to nothing else.

The transport is given this in place of its own way to the network: a name is resolved once, every
address is judged, and the connection is made to one of those addresses. So there is no moment in
which a name could come to mean another address (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpcore

from scraper.fetch.guard import Refusal, unsafe_address

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Takes a host and a port, gives addresses; raises OSError where there are none."""

_SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)
_MOST_ADDRESSES = 4


class NameFailure(Exception):
    """A host's name could not be resolved."""


class SystemResolver:
    """The system's resolver, in threads of its own so that dead names hold up nobody else."""

    def __init__(self, threads: int = 32) -> None:
        self._threads = ThreadPoolExecutor(threads, "resolve")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Resolve a name to addresses, in the system's order of preference."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def close(self) -> None:
        """End the threads without waiting for names that are still being looked for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only; to a test host where the policy names one."""

    def __init__(self, resolve: Resolver, test_hosts: Mapping[str, tuple[str, int]]) -> None:
        self._resolve, self._test_hosts = resolve, test_hosts
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, judge, connect: the addresses in turn, the timeout for each.

        Raises:
            NameFailure: the name leads nowhere.
            Refusal: one of its addresses is not public.
            httpcore.ConnectError, httpcore.ConnectTimeout: no address answered.
        """
        if test := self._test_hosts.get(host):
            return await self._inner.connect_tcp(*test, timeout, local_address, socket_options)
        addresses = await self._judged(host, port, timeout)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the last one's failure is the one that is told
        return await self._inner.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's interface
        socket_options: Iterable[_SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no page lies behind a socket of this machine."""
        raise Refusal(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait, as the transport asks."""
        await self._inner.sleep(seconds)

    async def _judged(self, host: str, port: int, limit: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(limit):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise NameFailure(f"{host} was not resolved within {limit} s") from error
        except (OSError, UnicodeError) as error:
            raise NameFailure(f"{host}: {error}") from error
        if not addresses:
            raise NameFailure(f"{host} has no address")
        for address in addresses:
            if reason := unsafe_address(address):
                raise Refusal(f"{host} leads to {reason}")
        return addresses[:_MOST_ADDRESSES]
