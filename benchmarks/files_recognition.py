"""Errors of recognition, font by font, on pages that came well and badly; seconds and memory.

Bars: 2 in 100 characters wrong on clean pages, 5 in 100 on those turned by 2 degrees, pressed to
JPEG 40, scanned at 150 dots an inch, under noise of deviation 12, in a shadow; 20 s of a processor
a page and 1.5 GiB. Exit code 1 where one is missed.
"""

from __future__ import annotations

import resource
import sys
import time

from rapidfuzz.distance import Levenshtein

from scraper.files import recognise
from tests.files.making.fonts import PACKAGES, installed
from tests.files.making.scans import LINES, SPOILED, typeset

CLEAN_BAR, SPOILED_BAR, SECONDS_BAR, GIBIBYTES_BAR = 0.02, 0.05, 20.0, 1.5


def error_of(found: str) -> float:
    """Which share of the signs is wrong, blanks left out (edits to the number of signs)."""
    wanted = "".join("".join(LINES).split())
    return float(Levenshtein.distance("".join(found.split()), wanted) / len(wanted))


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    missed, slowest = False, 0.0
    print(f"{'font':12}" + "".join(f"{name:>13}" for name in SPOILED))
    for font, path in installed().items():
        document, row = typeset(path, LINES), f"{font:12}"
        for name, spoil in SPOILED.items():
            picture, began = spoil(document), time.process_time()
            error = error_of(recognise(picture).part.text)
            slowest = max(slowest, time.process_time() - began)
            missed |= error > (CLEAN_BAR if name == "clean" else SPOILED_BAR)
            row += f"{100 * error:12.2f}%"
        print(row, flush=True)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    print(f"slowest page {slowest:.1f} s of a processor; {used:.2f} GiB at most")
    if len(installed()) < 6:
        print(f"{len(installed())} fonts are here; install {PACKAGES}")
        return 1
    return int(missed or slowest > SECONDS_BAR or used > GIBIBYTES_BAR)


if __name__ == "__main__":
    sys.exit(main())
