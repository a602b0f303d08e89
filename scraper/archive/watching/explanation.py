"""Why a watch asks for a release, or not: word by word, filter by filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row, dict_row

from scraper.archive.watching.evaluation import Watch, is_news, watch_of
from scraper.archive.watching.events import WatchEvent
from scraper.archive.watching.keeping import unknown
from scraper.archive.watching.matching import Condition, text_of
from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("watches")


@dataclass(frozen=True, slots=True)
class WordVerdict:
    """One condition of the query.

    Attributes:
        words: of which one has to stand in the text; not ``wanted``: none may.
        stands: where each word that stands there does: title, body or file.
        holds: whether the condition does.
    """

    words: tuple[str, ...]
    wanted: bool
    stands: Mapping[str, str]
    holds: bool


@dataclass(frozen=True, slots=True)
class TextVerdict:
    """One text of a release: of a publication, or of a file that it offers.

    Attributes:
        url: the publication's address.
        file: the file's; None for headline and text.
        words: each condition of the query.
        filters: what region, source and kind say, where they are set.
        news: whether its date lets it be told as new; None where it has none.
        matches: whether words and filters all hold.
    """

    publication_id: int
    url: str
    file: str | None
    dated_at: dt.datetime | None
    words: tuple[WordVerdict, ...]
    filters: Mapping[str, bool]
    news: bool | None
    matches: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a watch has noted of a release; ``sent_at`` None: no message with it was taken yet."""

    event: str
    matched_at: dt.datetime
    sent_at: dt.datetime | None


async def told_of(pool: Pool, watch_id: int, release_id: int) -> list[Told]:
    """What a watch has noted of a release so far."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Told)) as cursor,
    ):
        values = {"watch_id": watch_id, "release_id": release_id}
        await cursor.execute(_SQL["told_of"], values)
        return await cursor.fetchall()


async def explain_match(pool: Pool, watch_id: int, release_id: int) -> list[TextVerdict]:
    """What a watch says to each text that a release has now.

    Raises:
        UsageError: there is no such watch, or no such release.
    """
    async with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["evaluated"], {"watch_id": watch_id})
        row = await cursor.fetchone()
        if row is None:
            raise unknown(watch_id)
        await cursor.execute(_SQL["texts_of_release"], {"release_id": release_id})
        texts = await cursor.fetchall()
    if not texts:
        raise UsageError(f"there is no release {release_id}; `tonggao search` shows numbers")
    return [verdict(watch_of(row), text) for text in texts]


def verdict(watch: Watch, row: Mapping[str, Any]) -> TextVerdict:
    """What a watch says to one text; ``row`` is of the statement ``texts_of_release``."""
    text = text_of(row)
    title = row["typed_title"] if watch.asked.exact else row["folded_title"]
    content = watch.asked.content(text)
    words = tuple(_word(condition, content, title) for condition in watch.asked.deciding)
    filters = watch.filters.verdicts(text)
    dated = row["dated_at"]
    return TextVerdict(
        row["publication_id"],
        row["url"],
        row["file"],
        dated,
        words,
        filters,
        is_news(watch, dated, row["first_seen_at"])
        if dated and WatchEvent.NEW in watch.wanted.events
        else None,
        watch.asked.holds(text) and watch.filters.accept(text),
    )


def _word(condition: Condition, content: str, title: str | None) -> WordVerdict:
    stands = {
        word: "file" if title is None else "title" if word in title else "body"
        for word in condition.words
        if word in content
    }
    return WordVerdict(condition.words, condition.wanted, stands, condition.holds(content))


def matching(verdicts: Sequence[TextVerdict]) -> bool:
    """Whether any text of the release is asked for."""
    return any(each.matches for each in verdicts)
