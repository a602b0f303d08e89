"""Where the time of a record goes: pages/s of one core, part by part.

    python -m benchmarks.parse_speed [--corpus ../shared/corpus/pages] [--profile]

Processor time, best of five rounds, so that other programs on the machine count less. With
resiliparse installed its body-only extraction is timed on the same pages.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import importlib.util
import pstats
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import PageError
from scraper.page import parse_page
from scraper.page.layout.charset import decode
from scraper.page.layout.walk import lay_out
from tests.page.golden import NOW, fixtures

_ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of pages, instead of our own")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    files = sorted(options.corpus.glob("*.html")) if options.corpus else fixtures()
    pages = [page.read_bytes() for page in files]
    print(f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.1f} MB")
    _report("decode", decode, pages)
    _report("decode, DOM", lambda page: LexborHTMLParser(decode(page).text), pages)
    _report("decode, DOM, layout", _laid_out, pages)
    _report("record", _record, pages)
    if importlib.util.find_spec("resiliparse"):
        _report("resiliparse", _body_only, pages)
    if options.profile:
        _profile(pages)


def _report(name: str, work: Callable[[bytes], object], pages: list[bytes]) -> None:
    best = min(_seconds(work, pages) for _ in range(_ROUNDS))
    print(f"{name:20} {len(pages) / best:8.0f} pages/s {best / len(pages) * 1000:8.2f} ms/page")


def _seconds(work: Callable[[bytes], object], pages: list[bytes]) -> float:
    started = time.process_time()
    for page in pages:
        work(page)
    return time.process_time() - started


def _laid_out(page: bytes) -> None:
    body = LexborHTMLParser(decode(page).text).body
    if body is not None:
        lay_out(body)


def _record(page: bytes) -> None:
    with contextlib.suppress(PageError):
        parse_page(page, "http://a.cn/1.html", received_at=NOW)


def _body_only(page: bytes) -> object:
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - not ours to need

    return extract_plain_text(decode(page).text, main_content=True)


def _profile(pages: list[bytes]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for page in pages:
        _record(page)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
