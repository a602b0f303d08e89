"""Putting a process together from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scheduler.crew import Crew
from scheduler.jobs import moves
from scheduler.jobs.queue import open_queue
from scheduler.schedule.definitions import plan_of
from scheduler.schedule.plan import Plan
from scheduler.settings import Settings
from scheduler.tools import open_tools
from scraper.database import Pool
from scraper.sources import Catalogue, Source, load_catalogue
from scraper.visit import worker_name


class LoadedCatalogue:
    """The catalogue as this process last read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.catalogue: Catalogue = load_catalogue(folder)

    def reload(self) -> None:
        """Read it again; one that breaks a rule leaves the old one in force.

        Raises:
            InvalidSource: with file and line.
        """
        self.catalogue = load_catalogue(self._folder)

    def find(self, source_id: str) -> Source:
        """The source of an id.

        Raises:
            UnknownSource: there is none.
        """
        return self.catalogue.get(source_id)

    def chosen(self, ids: tuple[str, ...]) -> list[Source]:
        """Those of the ids that the catalogue still has."""
        return [self.catalogue.get(source_id) for source_id in ids if source_id in self.catalogue]

    def plans(self, ids: tuple[str, ...]) -> dict[str, Plan]:
        """How these sources are to be visited."""
        return {source.id: plan_of(source) for source in self.chosen(ids)}


@asynccontextmanager
async def assembled(
    settings: Settings, url: str, pool: Pool, loaded: LoadedCatalogue
) -> AsyncIterator[Crew]:
    """A crew on real sources, open while the block runs."""
    async with open_queue(url) as queue, open_tools(settings, pool) as tools:
        yield Crew(
            pool=pool,
            queue=queue,
            tools=tools,
            find=loaded.find,
            worker=worker_name(),
            visit=moves.visit,
            judge=moves.judge,
            read_page=moves.read_page,
            keep=moves.keep,
        )


def program_version() -> str:
    """The version that is installed."""
    try:
        return version("tonggao")
    except PackageNotFoundError:
        return "checkout"
