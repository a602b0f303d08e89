"""Damaged files: nothing but text or the documented errors may come out. Exit code 1 otherwise."""

from __future__ import annotations

import random
import sys
import time
import traceback
import warnings
from collections import Counter

from benchmarks.files_made import all_files
from scraper.errors import FileError
from scraper.files import read_file
from tests.files.damage import damaged


def main(count: int, seed: int = 1) -> int:
    """Damage and read so many files; print what came of them."""
    warnings.simplefilter("ignore")
    sound = [made for made in all_files() if len(made.data) < 400_000]
    ends: Counter[str] = Counter()
    slowest, faults = 0.0, 0
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        made = chance.choice(sound)
        data, began = damaged(made.data, chance), time.process_time()
        try:
            read_file(data, name=made.name.replace(" ", "."))
            ends["text"] += 1
        except FileError as error:
            ends[error.refusal.value] += 1
        except Exception:  # noqa: BLE001 - what is looked for
            faults += 1
            print(f"{number}: {made.name}\n{traceback.format_exc()[-700:]}")
        slowest = max(slowest, time.process_time() - began)
    print(dict(ends.most_common()), f"{faults} faults, slowest {slowest:.1f} s")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000))
