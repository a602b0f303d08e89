"""The text of generated files: the share of characters that are there in order, pages a second.

Bars: 99 in 100 characters of every file in order, in six fonts; 40 pages of text PDF a second of
one core. Exit code 1 where one is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rapidfuzz.distance import LCSseq

from benchmarks.files_made import Made, all_files, typeset_files
from scraper.files import read_file
from tests.files.making.fonts import PACKAGES, installed

ORDER_BAR, FONTS_BAR, FILES_BAR, SPEED_BAR = 0.99, 6, 60, 40.0


def in_order(found: str, says: str) -> float:
    """Which share of the longer of two texts is in both in the same order; blanks do not count."""
    one, other = "".join(found.split()), "".join(says.split())
    same = LCSseq.similarity(one, other)
    return float(same / max(len(one), len(other), 1))


def measured(made: Made) -> float:
    """The share of one file."""
    return in_order(read_file(made.data, name=made.name.replace(" ", ".")).text, made.says)


def pages_a_second() -> tuple[int, float]:
    """Pages of the typeset reports, and how many are read in a second of one core (best of 3)."""
    reports = [made.data for made in typeset_files() if "report" in made.name]
    best, pages = 0.0, 0
    for _ in range(3):
        began = time.process_time()
        pages = sum(len(read_file(data).parts) for data in reports)
        best = max(best, pages / (time.process_time() - began))
    return pages, best


def main() -> int:
    """Print the table; 1 where a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path, help="a folder to which files below the bar go")
    keep = options.parse_args().keep
    shares = []
    for made in all_files():
        share = measured(made)
        shares.append(share)
        if share < ORDER_BAR:
            print(f"{share:8.4f}  {made.name}")
            if keep:
                (keep / made.name.replace(" ", "_")).write_bytes(made.data)
    fonts = len(installed())
    print(f"{len(shares)} files in {fonts} fonts: lowest {min(shares):.4f}, "
          f"mean {sum(shares) / len(shares):.4f} of characters in order")  # fmt: skip
    pages, speed = pages_a_second() if fonts else (0, 0.0)
    print(f"{pages} pages of text PDF: {speed:.0f} a second of one core")
    missed = min(shares) < ORDER_BAR or len(shares) < FILES_BAR or speed < SPEED_BAR
    if fonts < FONTS_BAR:
        print(f"{fonts} of {FONTS_BAR} fonts are here; install {PACKAGES}")
    return int(missed or fonts < FONTS_BAR)


if __name__ == "__main__":
    sys.exit(main())
