"""What is computed of an observation before any transaction begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from scraper.archive.duplicates.fingerprint import Fingerprint, fingerprint
from scraper.archive.duplicates.likeness import Text
from scraper.archive.duplicates.normal_text import normalise
from scraper.archive.observations.observation import Observation
from scraper.clock import SHANGHAI
from scraper.record.release import Release
from scraper.record.serial import record_digest, to_columns

_DAY = dt.timedelta(days=1) - dt.timedelta(microseconds=1)
_NUL = "\x00"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An observation with all that is derived from it alone.

    Attributes:
        fingerprint: of its text; record_digest: of its whole record; body_digest: of its bytes;
            further_digest: of those of its further pages.
        dated_at: published_at, else when it was received.
        ranked_at: the same, a day without time counting as its end, so that the page which states
            09:12 is not taken for later than the copy which states only the day.
        own_story: the source it names is its own publisher, or it names none.
    """

    observation: Observation
    fingerprint: Fingerprint
    record_digest: bytes
    body_digest: bytes | None
    further_digest: bytes | None
    dated_at: dt.datetime
    ranked_at: dt.datetime
    own_story: bool

    @property
    def text(self) -> Text:
        """As it is compared with others."""
        return Text(self.observation.release.title, self.fingerprint.text, self.dated_at)

    def revision_row(self, publication_id: int) -> dict[str, Any]:
        """The parameters of a new row of ``tonggao.revision``."""
        observation = self.observation
        return {
            "publication_id": publication_id,
            "valid_from": observation.fetched_at,
            "reparsed": observation.reparsed,
            "clock_doubtful": observation.clock_doubtful,
            "run_id": observation.run_id,
            "source_id": observation.source_id,
            "snapshot_digest": self.body_digest,
            "record_digest": self.record_digest,
            "text_digest": self.fingerprint.digest,
            "dated_at": self.dated_at,
            **to_columns(observation.release),
        }


def prepare(observation: Observation, publishers: Mapping[str, tuple[str, ...]]) -> Prepared:
    """Derive fingerprint, digests and ranks.

    Args:
        observation: the page.
        publishers: source id to the names of its publisher and column.
    """
    observation = replace(observation, release=_storable(observation.release))
    release = observation.release
    dated_at = release.published_at or observation.fetched_at
    day = dated_at.astimezone(SHANGHAI).date()
    by_day = release.published_at is not None and release.published_precision == "day"
    return Prepared(
        observation,
        fingerprint(release.title, release.paragraphs, observation.url, day),
        record_digest(release),
        observation.body_digest,
        observation.further_digest,
        dated_at,
        dated_at + _DAY if by_day else dated_at,
        _is_own_story(release, publishers.get(observation.source_id, ())),
    )


def _is_own_story(release: Release, publishers: tuple[str, ...]) -> bool:
    if not release.source:
        return True
    named = normalise(release.source)
    own = (normalise(name) for name in (*publishers, release.site_name or "") if name)
    return any(named in name or name in named for name in own if name)


def _storable(release: Release) -> Release:
    """PostgreSQL keeps no NUL in text; a parser gives none, a file that is imported may."""
    texts = (release.title, *release.paragraphs)
    if not any(_NUL in text for text in texts):
        return release
    clean = tuple(text.replace(_NUL, "") for text in release.paragraphs)
    return replace(release, title=release.title.replace(_NUL, ""), paragraphs=clean)
