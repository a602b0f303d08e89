"""A backfill from a WARC file: pages that somebody fetched before, without a request of ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.backfill.planning import Days
from scraper.archive import Archive
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.warc_reading import Damaged, ReceivedPage, read_warc
from scraper.archive.observations.observation import Parse
from scraper.clock import SHANGHAI, now
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.sources import Source

AT_ONCE = 100
Tell = Callable[[int], None]


@dataclass(slots=True)
class WarcReport:
    """What became of a file's records.

    Attributes:
        outcomes: new, copy, revision, unchanged, or why a page was refused.
        passed_over: pages that no chosen source accepts, or that were fetched on other days.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    passed_over: int = 0


async def archive_warc(
    pool: Pool,
    archive: Archive,
    parse: Parse,
    file: Path,
    sources: Sequence[Source],
    days: Days,
    tell: Tell = lambda _: None,
) -> WarcReport:
    """Archive a file's pages, each under the first of the sources that accepts its address.

    Reading a file again changes nothing, so that an interrupted one is simply begun again.

    Args:
        pool: the database.
        archive: where to.
        parse: reads pages.
        file: a WARC or ARC file, compressed or not.
        sources: what is asked for.
        days: first and last day of fetching that is asked for.
        tell: told the number of pages read so far.

    Raises:
        UsageError: the file cannot be read or is damaged; what came before is archived.
    """
    report, read = WarcReport(), 0
    for source, pages in _groups(file, sources, days, report):
        importer = Importer(
            archive, pool, parse=parse, normal=source.normal_url, now=now(), source_id=source.id
        )
        done = await importer.warc(pages)
        report.outcomes.update(done.changes)
        report.outcomes.update(done.refused)
        read += len(pages)
        tell(read)
    return report


def _groups(
    file: Path, sources: Sequence[Source], days: Days, report: WarcReport
) -> Iterator[tuple[Source, list[ReceivedPage]]]:
    """Pages of one source, in the file's order, at most ``AT_ONCE`` together."""
    group: list[ReceivedPage] = []
    of: Source | None = None
    for page in _pages(file):
        if isinstance(page, Damaged):
            report.outcomes[f"damaged: {page.reason}"] += 1
            continue
        source = next((each for each in sources if each.accepts(page.url)), None)
        if source is None or not _within(page, days):
            report.passed_over += 1
            continue
        if of is not None and (source is not of or len(group) >= AT_ONCE):
            yield of, group
            group = []
        of = source
        group.append(page)
    if of is not None:
        yield of, group


def _pages(file: Path) -> Iterator[ReceivedPage | Damaged]:
    try:
        with file.open("rb") as stream:
            for each in read_warc(stream, now()):
                if isinstance(each, ReceivedPage | Damaged):
                    yield each
    except OSError as error:
        raise UsageError(f"--warc {file}: {error.strerror or error}") from error


def _within(page: ReceivedPage, days: Days) -> bool:
    day = page.fetched_at.astimezone(SHANGHAI).date()
    first, last = days
    return (first is None or day >= first) and (last is None or day <= last)
