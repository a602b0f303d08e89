"""The daemon's share of recognition: kept scans and pictures get a text, behind everything else."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec

from scraper.database import Pool, Statements
from scraper.errors import SettingsError
from scraper.log import get_logger
from scraper.readers import FileReaders, Recogniser
from scraper.visit.catching_up import catch_up

EVERY_SECONDS = 60.0
FILES_A_ROUND = 20
"""So many, and the round ends: it may be another daemon's turn."""

_SQL = Statements("recognising")
log = get_logger(__name__)


def require_library(share: float) -> None:
    """Refuse a share of recognition where nothing can recognise.

    Raises:
        SettingsError: the extra is not installed.
    """
    if share > 0 and find_spec("rapidocr") is None:
        raise SettingsError(
            "recognition_share is set, and nothing here recognises text: install tonggao with its "
            "extra ocr, or set it to 0"
        )


async def recognise_some(
    pool: Pool, readers: FileReaders, share: float, most: int = FILES_A_ROUND
) -> Counter[str]:
    """Recognise text in some kept files that are pictures; one daemon at a time.

    Args:
        pool: the archive.
        readers: read what the files state themselves.
        share: of a processor that recognition takes over time, above 0 and at most 1.
        most: files.

    Returns:
        How many files by the state of what came of it; none where another daemon is at it.
    """
    async with pool.connection() as connection:
        row = await (await connection.execute(_SQL["lock"])).fetchone()
        await connection.commit()
        if row is None or not row[0]:
            return Counter()
        try:
            async with Recogniser(share) as recogniser:
                done = await catch_up(pool, readers, recogniser, again=(), most=most)
        finally:
            await connection.execute(_SQL["unlock"])
    if done:
        log.info("text in pictures was recognised", files=done.total())
    return done
