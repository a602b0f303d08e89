"""What a visit works with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from scraper.archive import Archive
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool, Statements
from scraper.errors import ClockWrong
from scraper.fetch import Fetcher
from scraper.readers import FileReaders, Readers
from scraper.sources import Source
from scraper.sources.file_rules import FilePolicy, FileRules
from scraper.timekeeping import Judgement

SQL = Statements("visiting")
CLOCK_SECONDS = 20.0
"""For so long the database's word about the time is taken."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """Which known articles are looked at again, for silent changes and withdrawals.

    Attributes:
        days: how long after its publication an article is looked at again.
        hours: least time between two looks at an article of today; it grows with the article's
            age, by itself for every two days, so that a week-old one is looked at once a day.
        at_once: most looks of one visit.
    """

    days: int = 14
    hours: float = 6.0
    at_once: int = 30

    @property
    def span(self) -> dt.timedelta:
        """``days`` as a duration."""
        return dt.timedelta(days=self.days)

    @property
    def gap(self) -> dt.timedelta:
        """``hours`` as a duration."""
        return dt.timedelta(hours=self.hours)


@dataclass(frozen=True)
class Tools:
    """The open surroundings of all visits of one process."""

    pool: Pool
    fetcher: Fetcher
    workers: Readers
    archive: Archive
    file_readers: FileReaders
    recheck: Recheck = field(default_factory=Recheck)

    async def check_clock(self) -> Judgement:
        """Hear the database about the time, where it was not heard lately.

        Returns:
            What all witnesses say.

        Raises:
            ClockWrong: more than a day lies between this machine's clock and the truth.
        """
        clock = self.fetcher.clock
        if clock.database_heard_before(CLOCK_SECONDS):
            async with self.pool.connection() as connection:
                row = await (await connection.execute(SQL["witnesses"])).fetchone()
            if row is not None:
                clock.ask_database(*row)
        judgement = clock.judgement()
        if judgement.stopped:
            raise ClockWrong(f"{judgement}; nothing is visited until it is set")
        return judgement

    @property
    def files(self) -> FileArchive:
        """Where the files of articles are archived."""
        return FileArchive(self.pool)

    async def file_rules(self, source: Source) -> FileRules:
        """What is done with the files of a source's articles: as it says, else as the archive has it."""
        told = await self.files.policies(source.id) or (FilePolicy.OFF, FilePolicy.OFF)
        return source.file_rules(*(FilePolicy(word) for word in told))
