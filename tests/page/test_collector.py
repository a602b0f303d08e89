"""The collector of cyclic garbage rests while a page is read, and finds nothing afterwards."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

import pytest

from scraper.collector import CollectorPaused
from scraper.errors import PageError
from scraper.page import explain_page, parse_page
from tests.page.golden import NOW, fixtures

_URL = "http://www.qc.gov.cn/xw/content_1.html"


@pytest.fixture
def _restored() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.usefixtures("_restored")
def test_it_rests_inside_and_runs_again_behind() -> None:
    with CollectorPaused():
        with CollectorPaused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.usefixtures("_restored")
def test_it_runs_again_after_an_error() -> None:
    with pytest.raises(PageError):
        parse_page(b"", _URL)
    assert gc.isenabled()


@pytest.mark.usefixtures("_restored")
def test_who_turned_it_off_finds_it_off() -> None:
    gc.disable()
    parse_page(fixtures()[0].read_bytes(), _URL, received_at=NOW)
    assert not gc.isenabled()


@pytest.mark.usefixtures("_restored")
def test_it_runs_again_when_the_last_of_several_threads_is_done() -> None:
    both, page = threading.Barrier(4), fixtures()[0].read_bytes()

    def work() -> None:
        for _ in range(5):
            both.wait()
            parse_page(page, _URL, received_at=NOW)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


@pytest.mark.long
@pytest.mark.usefixtures("_restored")
def test_pages_leave_no_cycles() -> None:
    """Records, refusals and explanations: what a page made is freed by counting references."""
    pages = [path.read_bytes() for path in fixtures()] + [b"", b"<p>", b"<h1>404 Not Found</h1>"]
    for page in pages:  # what is made once (caches, lazy imports) is no page's
        _read(page)
    gc.collect()
    gc.disable()
    left = {number: found for number, page in enumerate(pages) if (found := _garbage_of(page))}
    assert left == {}


def _garbage_of(page: bytes) -> int:
    _read(page)
    return gc.collect()


def _read(page: bytes) -> None:
    with contextlib.suppress(PageError):
        parse_page(page, _URL, received_at=NOW)
    with contextlib.suppress(PageError):
        explain_page(page, _URL, received_at=NOW)
