"""Damaged pages through the parser, many of them: what comes out besides records and page errors?

    python -m benchmarks.parse_fuzz 1000000 [--seed 1] [--corpus ../shared/corpus/pages]

Every input is made from a seed and a number, so a failure is repeated with ``--only NUMBER``.
Prints outcomes, the slowest input, and the process's memory at the start and at the end; then what pages
of 2 MB cost that say one thing again and again (``0`` as number of pages: these alone).
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import random
import resource
import time
from collections import Counter
from pathlib import Path

from scraper.errors import PageError
from scraper.page import parse_page
from tests.page.golden import NOW, fixtures
from tests.page.hostile import broken
from tests.page.test_growth import MOTIFS

_URLS = (
    "http://a.gov.cn/art/2023/4/18/art_1_2.html",
    "http://[::1",
    "",
    "http://a.cn/t20240101_1.html",
)
_SMALL = 30_000
_LARGE = 2_000_000


def main() -> None:
    options = _options()
    pages = _pages(options.corpus)
    faulthandler.enable()
    numbers = [options.only] if options.only is not None else range(options.count)
    outcomes: Counter[str] = Counter()
    slowest, before = (0.0, 0), 0
    started = time.monotonic()
    for number in numbers:
        began = time.process_time()
        outcomes[_outcome(options.seed, number, pages)] += 1
        slowest = max(slowest, (time.process_time() - began, number))
        if number == 20_000:
            before = _megabytes()
        if number % 50_000 == 49_999:
            print(f"{number + 1} inputs, {_uncaught(outcomes)} uncaught", flush=True)
    print(
        f"{sum(outcomes.values())} inputs in {time.monotonic() - started:.0f} s, seed {options.seed}"
    )
    print(f"slowest: input {slowest[1]}, {slowest[0]:.2f} s of processor time")
    print(f"largest memory: {before} MB after 20000 inputs, {_megabytes()} MB at the end")
    for name, count in outcomes.most_common():
        print(f"{count:9} {name}")
    _repeat_motifs()
    if uncaught := _uncaught(outcomes):
        raise SystemExit(f"{uncaught} uncaught exceptions")


def _repeat_motifs() -> None:
    """Processor time of a page of 2 MB for each motif, the slowest first; the best of three."""
    times = sorted(((min(map(_seconds, [motif] * 3)), motif) for motif in MOTIFS), reverse=True)
    for seconds, motif in times:
        print(f"{seconds:6.2f} s for {_LARGE // 1_000_000} MB of {motif}")


def _seconds(motif: str) -> float:
    page = f"<body>{motif * (_LARGE // len(motif.encode()))}".encode()
    began = time.process_time()
    with contextlib.suppress(PageError):
        parse_page(page, _URLS[0], received_at=NOW)
    return time.process_time() - began


def _uncaught(outcomes: Counter[str]) -> int:
    return sum(count for name, count in outcomes.items() if name.startswith("UNCAUGHT"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--corpus", type=Path, help="folder of further pages to damage")
    return parser.parse_args()


def _pages(corpus: Path | None) -> list[bytes]:
    """Our own fixtures, and the smaller pages of a corpus (large ones cost time, not variety)."""
    own = [page.read_bytes() for page in fixtures()]
    further = sorted(corpus.glob("*.html")) if corpus else []
    return own + [page.read_bytes() for page in further if page.stat().st_size < _SMALL]


def _outcome(seed: int, number: int, pages: list[bytes]) -> str:
    chance = random.Random(f"{seed}/{number}")
    page, url = broken(chance, pages), chance.choice(_URLS)
    charset = chance.choice((None, None, "gbk", "utf-8", "big5", "utf-16", "nonsense"))
    try:
        parse_page(page, url, charset, received_at=NOW)
    except PageError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001 - finding these is what this program is for
        return f"UNCAUGHT {type(error).__name__} (first seen: --seed {seed} --only {number})"
    return "Release"


def _megabytes() -> int:
    """The largest resident memory so far (Linux counts it in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
