"""Every case ends within its limit with the right outcome, memory stays bounded, and life goes on.

The cases run at once, as a daemon meets them, and before a test looks at each. With
TONGGAO_HOSTILE_TABLE=1 they run one after another and a table of them is printed at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg
import pytest
import trustme

from scraper.database import migrate, open_pool
from scraper.fetch import Answer, Fetcher, Request
from tests.fetch.hostile import bodies, h2, protocol, redirects, timing, tls
from tests.fetch.hostile.case import Case
from tests.fetch.web import Web, listening, policy, serving

CASES = [*timing.CASES, *bodies.CASES, *redirects.CASES, *protocol.CASES, *tls.CASES, *h2.CASES]
MEMORY = 200 * (1 << 20)
ONE_BY_ONE = os.environ.get("TONGGAO_HOSTILE_TABLE") == "1"
AT_ONCE = 1 if ONE_BY_ONE else 24


@dataclass(frozen=True)
class Result:
    answer: Answer
    seconds: float
    memory: int


class Memory:
    """Samples the resident memory of this process in a thread; tells the peak above the start."""

    def __init__(self) -> None:
        self.idle = self.peak = _resident()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def above(self) -> int:
        return self.peak - self.idle

    def restart(self) -> None:
        self.peak = _resident()

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            self.peak = max(self.peak, _resident())


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


async def resolve(host: str, _port: int) -> Sequence[str]:
    if host == redirects.REBINDING:
        return ["127.0.0.1"]
    if host == "hanging.example":
        await asyncio.sleep(30)
    if host == "nothing.example":
        return []
    if host in redirects.RESOLVED:
        return redirects.RESOLVED[host]
    raise OSError(f"no such name: {host}")


@pytest.fixture(scope="module")
def results(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Result]]:
    name = f"tonggao_hostile_{os.getpid()}"
    authority = trustme.CA()
    trusted = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(trusted))
            found = asyncio.run(run_all(f"{server} dbname={name}", authority))
        yield found
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    if ONE_BY_ONE:
        print_table(found)


async def run_all(database: str, authority: trustme.CA) -> dict[str, Result]:
    await migrate(database)
    async with contextlib.AsyncExitStack() as stack:
        places = await start_servers(stack, authority)
        pool = await stack.enter_async_context(open_pool(database))
        rules = policy(port=0, test_hosts=places, slot_wait=3.0, connect_timeout=1.0)
        fetcher = await stack.enter_async_context(Fetcher(pool, rules, resolve=resolve))
        memory = stack.enter_context(Memory())
        turn = asyncio.Semaphore(AT_ONCE)
        found = await asyncio.gather(*(run_case(each, fetcher, memory, turn) for each in CASES))
        goes_on = await fetcher.fetch(Request(url="http://alive.test/alive"))
    return dict(zip((each.name for each in CASES), found, strict=True)) | {
        "alive": Result(goes_on, 0.0, memory.above)
    }


async def run_case(each: Case, fetcher: Fetcher, memory: Memory, turn: asyncio.Semaphore) -> Result:
    request = Request(url=each.url, source_id=each.name, **each.request)  # type: ignore[arg-type]
    async with turn:
        if ONE_BY_ONE:
            memory.restart()
        begun = time.monotonic()
        answer = await asyncio.wait_for(fetcher.fetch(request), 20)
        return Result(answer, time.monotonic() - begun, max(0, memory.above))


async def start_servers(
    stack: contextlib.AsyncExitStack, authority: trustme.CA
) -> dict[str, tuple[str, int]]:
    """One web for plain cases, one with robots.txt of each case's own, one for each TLS failure."""
    plain = await stack.enter_async_context(serving(Web()))
    places: dict[str, tuple[str, int]] = {"alive.test": ("127.0.0.1", plain.port)}
    hosts = {each.server: each.name_of_host for each in CASES if each.server}
    ports = {
        "silent": await raw_server(stack, 5.0),
        "plain": await raw_server(stack, 0.0, b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        "closing": await raw_server(stack, 0.0),
        "nothing": 1,
    }
    for kind, context in tls.server_contexts(authority, hosts).items():
        ports[kind] = (await stack.enter_async_context(serving(Web(), context))).port
    for each in CASES:
        if each in h2.CASES:
            context = tls.http_2_context(authority, each.name_of_host)
            serve = h2.server(h2.SENT[each.name.removeprefix("h2_")])
            ports[each.name] = await stack.enter_async_context(listening(serve, context))
        each.install(plain)
        if each.server is not None:
            places[each.name_of_host] = ("127.0.0.1", ports[each.server])
        elif each.robots is not None:
            own = await stack.enter_async_context(serving(Web()))
            own.on("/robots.txt", each.robots)
            places[each.name_of_host] = ("127.0.0.1", own.port)
        elif each.host is None:
            places[each.name_of_host] = ("127.0.0.1", plain.port)
    return places


async def raw_server(stack: contextlib.AsyncExitStack, seconds: float, says: bytes = b"") -> int:
    """A server that says one thing, listens to nothing, waits and closes."""

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says)
        await asyncio.sleep(seconds)
        writer.close()

    return await stack.enter_async_context(listening(serve))


def print_table(found: dict[str, Result]) -> None:
    print(f"\n{'case':32} {'outcome':15} {'status':>6} {'seconds':>8} {'MiB above idle':>15}")
    for name, result in found.items():
        answer = result.answer
        status = answer.status or "-"
        mib = result.memory / (1 << 20)
        print(
            f"{name:32} {answer.outcome.value:15} {status!s:>6} {result.seconds:8.2f} {mib:15.1f}"
        )
    print(f"{len(found)} cases")


def test_there_are_enough_cases_and_no_name_twice() -> None:
    assert len({each.name for each in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("each", CASES, ids=lambda each: each.name)
def test_case(results: dict[str, Result], each: Case) -> None:
    result = results[each.name]
    assert result.answer.outcome in each.expected, result.answer.detail
    if each.body is not None:
        assert result.answer.body == each.body
    assert result.answer.attempt_id is not None
    assert result.seconds < each.limit * (1 if ONE_BY_ONE else 5)


def test_memory_stays_bounded(results: dict[str, Result]) -> None:
    assert max(result.memory for result in results.values()) < MEMORY


def test_the_next_page_still_comes(results: dict[str, Result]) -> None:
    assert results["alive"].answer.outcome.good
