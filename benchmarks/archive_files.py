"""Search over an archive of which a fifth of the releases carries a file of twenty pages.

``make bench-file-search`` writes the archive from a seed, then asks for words of one to four characters, taken
from texts and from files: milliseconds for the newest 20, and whether all that LIKE finds is found.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import statistics
import time
from dataclasses import replace

from benchmarks.archive_database import observation_of, temporary_archive
from benchmarks.archive_texts import Newsroom
from scraper.archive import Archive
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.record.release import Attachment

PAGES, PAGE_CHARACTERS, EVERY = 20, 900, 5
WORDS, LENGTHS = 40, (1, 2, 3, 4)
NEWEST = "SELECT release_id, matched_in FROM archive.search(%s)"
FOUND = "SELECT release_id FROM archive.search(%s, count => NULL)"
LIKE = (
    "SELECT DISTINCT p.release_id FROM archive.publications p LEFT JOIN archive.files f USING (publication_id)"
    " WHERE p.title || E'\\n' || p.body LIKE '%%' || %s || '%%' OR f.text LIKE '%%' || %s || '%%'"
)


def document(newsroom: Newsroom) -> str:
    """Twenty pages."""
    lines, size = [], 0
    while size < PAGES * PAGE_CHARACTERS:
        lines.append(newsroom.sentence())
        size += len(lines[-1])
    return "\n".join(lines)


async def fill(archive: Archive, pool: Pool, releases: int) -> list[str]:
    """Write the archive; returns some of the documents."""
    newsroom, files, kept = Newsroom(5), FileArchive(pool), list[str]()
    waiting = []
    for number in range(releases):
        story = newsroom.story(number)
        page = observation_of(story, number)
        if number % EVERY == 0:
            url = page.url.replace("/t", "/f") + ".pdf"
            offering = replace(page.release, attachments=(Attachment(url, None),))
            page = replace(page, release=offering, files=(WantedFile(url, "attachment", 1, False),))
        waiting.append(page)
    await archive.store_many(waiting)
    for page in waiting:
        for wanted in page.files:
            text = document(newsroom)
            digest = hashlib.sha256(text.encode()).hexdigest()
            said = FileReading(False, "read", "bench", text, pages=PAGES)
            content = FileContent(
                wanted.url, "attachment", b"", False, page.fetched_at, digest, readings=(said,)
            )
            await files.store(content)
            if len(kept) < WORDS:
                kept.append(text)
    return kept


async def timed(pool: Pool, words: list[str]) -> list[float]:
    """Milliseconds of each word's newest 20."""
    taken = []
    async with pool.connection() as connection:
        for word in words:
            started = time.perf_counter()
            await (await connection.execute(NEWEST, (word,))).fetchall()
            taken.append(1000 * (time.perf_counter() - started))
    return taken


async def recall(pool: Pool, words: list[str]) -> tuple[int, int]:
    """How many releases LIKE finds, and how many of those the search does."""
    wanted = found = 0
    async with pool.connection() as connection:
        for word in words:
            like = {
                row[0] for row in await (await connection.execute(LIKE, (word, word))).fetchall()
            }
            ours = {row[0] for row in await (await connection.execute(FOUND, (word,))).fetchall()}
            wanted, found = wanted + len(like), found + len(like & ours)
    return wanted, found


async def measure(releases: int) -> None:
    """Fill, ask, print."""
    async with temporary_archive() as (archive, pool):
        started = time.perf_counter()
        documents = await fill(archive, pool, releases)
        print(
            f"{releases} releases, {releases // EVERY} files, written in {time.perf_counter() - started:.0f} s"
        )
        async with pool.connection() as connection:
            await connection.set_autocommit(True)
            await connection.execute("VACUUM ANALYZE tonggao.revision")
            await connection.execute("VACUUM ANALYZE tonggao.file_text")
            await connection.execute("VACUUM ANALYZE tonggao.kept_file")
            await connection.execute("VACUUM ANALYZE tonggao.publication")
        chance = random.Random(11)
        for length in LENGTHS:
            words = []
            for text in chance.choices(documents, k=WORDS):
                place = chance.randrange(len(text) - length)
                words.append("".join(text[place : place + length].split()) or "的")
            taken = sorted(await timed(pool, words))
            p95 = taken[int(0.95 * len(taken))]
            print(
                f"{length} characters: p50 {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms, worst {taken[-1]:.1f} ms"
            )
            if length > 1:
                wanted, found = await recall(pool, words[:6])
                print(f"  recall against LIKE: {found} of {wanted}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=20_000)
    asyncio.run(measure(parser.parse_args().releases))
