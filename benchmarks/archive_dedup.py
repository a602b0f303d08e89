"""How well reposts are folded and series kept apart, on a truth set made from a seed.

Run:  make bench-dedup    (or  python -m benchmarks.archive_dedup --stories 300 --seed 1)

Every text goes through the whole write path into a database of its own, or with ``--folder DIR`` into an
archive of ``make bench-load``, once for each seed. A pair is found when both ended in one release.
Prints recall by kind of edit, precision over all pairs, and false merges by series.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from benchmarks.archive_database import observation_of, temporary_archive
from benchmarks.archive_load import write_path
from benchmarks.archive_texts import (
    BEYOND_THE_BAR,
    SERIES,
    Newsroom,
    Story,
    bulletins,
    copies,
    policy_and_reading,
    same_event,
)


def truth_set(seed: int, stories: int, series: int) -> list[Story]:
    """Stories with one copy of every kind, series, events told twice, policies and readings."""
    room = Newsroom(seed)
    texts: list[Story] = []
    for number in range(stories):
        story = room.story(number)
        texts += [story, *copies(room, story)]
    for kind in SERIES:
        texts += bulletins(room, kind, series)
    for number in range(stories // 3):
        texts += [*same_event(room, number), *policy_and_reading(room, number)]
    random.Random(seed).shuffle(texts)
    return texts


def recall_by_kind(texts: Iterable[tuple[Story, int]]) -> dict[str, tuple[int, int]]:
    """Kind of edit to (pairs of copy and original in one release, pairs)."""
    home = {story.label: release for story, release in texts if story.kind == "original"}
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for story, release in texts:
        if story.label in home and story.kind != "original":
            total[story.kind] += 1
            found[story.kind] += release == home[story.label]
    return {kind: (found[kind], total[kind]) for kind in total}


def merged_pairs(texts: Iterable[tuple[Story, int]]) -> Iterator[tuple[Story, Story]]:
    """All pairs that ended in one release."""
    releases: dict[int, list[Story]] = defaultdict(list)
    for story, release in texts:
        releases[release].append(story)
    for members in releases.values():
        yield from combinations(members, 2)


def report(texts: list[tuple[Story, int]], series: int) -> None:
    """Print the three tables."""
    print(f"{'edit':<14}{'found':>7}{'pairs':>7}{'recall':>8}")
    named = [0, 0]
    for kind, (found, total) in recall_by_kind(texts).items():
        print(f"{kind:<14}{found:>7}{total:>7}{found / total:>8.3f}")
        if kind not in BEYOND_THE_BAR:
            named = [named[0] + found, named[1] + total]
    print(f"{'named by bar':<14}{named[0]:>7}{named[1]:>7}{named[0] / named[1]:>8.3f}")
    pairs = list(merged_pairs(texts))
    false = [(one, other) for one, other in pairs if one.label != other.label]
    print(
        f"merged pairs {len(pairs)}, false {len(false)}, precision {1 - len(false) / len(pairs):.4f}"
    )
    kinds = Counter(one.kind if one.kind == other.kind else "mixed" for one, other in false)
    for kind in SERIES:
        possible = series * (series - 1) // 2
        print(
            f"{kind:<14} false merges {kinds[kind]:>5} of {possible} pairs = {kinds[kind] / possible:.4%}"
        )
    print("other false merges:", {k: n for k, n in kinds.items() if k not in SERIES})


async def measure(options: argparse.Namespace) -> None:
    """Store the truth set and report."""
    seed, folder = options.seed, options.folder
    texts = truth_set(seed, options.stories, options.series)
    observed = [observation_of(story, seed * 100_000_000 + n) for n, story in enumerate(texts)]
    async with temporary_archive(folder) as (archive, pool):
        async with pool.connection() as connection:
            rows = await connection.execute("SELECT count(*) FROM tonggao.release")
            print(f"seed {seed}: {len(texts)} texts beside {(await rows.fetchone() or (0,))[0]}")
        if folder:
            await write_path(archive, pool, folder, observed)
        else:
            await archive.store_many(observed)
        async with pool.connection() as connection:
            rows = await connection.execute(
                "SELECT url, release_id FROM tonggao.publication WHERE url = ANY (%s)",
                ([each.url for each in observed],),
            )
            release_of = dict(await rows.fetchall())
    report(
        [(s, release_of[each.url]) for s, each in zip(texts, observed, strict=True)], options.series
    )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument("--series", type=int, default=200)
    parser.add_argument(
        "--folder", type=Path, help="of an archive to which nothing of this seed was written"
    )
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
