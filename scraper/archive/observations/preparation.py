"""What is computed of an observation before any transaction begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from scraper.archive.duplicates.fingerprint import Fingerprint, fingerprint
from scraper.archive.duplicates.likeness import Text
from scraper.archive.duplicates.normal_text import normalise
from scraper.archive.duplicates.own_text import CERTAINLY_OWN, has_own_text
from scraper.archive.observations.observation import Observation
from scraper.clock import SHANGHAI
from scraper.record.release import Release
from scraper.record.serial import record_digest, to_columns

_DAY = dt.timedelta(days=1) - dt.timedelta(microseconds=1)
_NUL = "\x00"


class Explained(Enum):
    """Why the record of a known page may differ from the one stored, beside an edit."""

    NOT = auto()
    """Nothing else is known: a difference is an edit."""
    BY_PARSER = auto()
    """Another parser read it, the page's bytes are not kept, and the text says the same."""
    SAME_PAGE = auto()
    """It is another reading of what is stored, without bytes to tell which is right."""


@dataclass(frozen=True, slots=True)
class Dating:
    """When a publication was published.

    Attributes:
        dated_at: the time the page states, else the day of its row as first listed, else when it
            was first seen.
        ranked_at: the same, a day without time counting as its end, so that the page which states
            09:12 is not taken for later than the copy which states only the day.
    """

    dated_at: dt.datetime
    ranked_at: dt.datetime


def dating(release: Release, listed_on: dt.date | None, seen_at: dt.datetime) -> Dating:
    """The date of a publication that has none yet.

    Args:
        release: what the page states.
        listed_on: the row's day as first listed; one after ``seen_at`` is not believed.
        seen_at: when the page was first seen.
    """
    stated = release.published_at
    if stated is not None:
        by_day = release.published_precision == "day"
        return Dating(stated, stated + _DAY if by_day else stated)
    if listed_on is not None and listed_on <= seen_at.astimezone(SHANGHAI).date():
        morning = dt.datetime.combine(listed_on, dt.time(), SHANGHAI)
        return Dating(morning, min(morning + _DAY, seen_at))
    return Dating(seen_at, seen_at)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An observation with all that is derived from it alone.

    Attributes:
        fingerprint: of its text; record_digest: of its whole record; body_digest: of its bytes;
            further_digest: of those of its further pages.
        dating: when it was published, as far as is known of a page that is new.
        own_story: the source it names is its own publisher, or it names none.
        explained: what is known, before the transaction, of why its record may differ.
    """

    observation: Observation
    fingerprint: Fingerprint
    record_digest: bytes
    body_digest: bytes | None
    further_digest: bytes | None
    dating: Dating
    own_story: bool
    explained: Explained = Explained.NOT

    @property
    def text(self) -> Text:
        """As it is compared with others."""
        return Text(self.observation.release.title, self.fingerprint.text, self.dating.dated_at)

    def revision_row(self, publication_id: int, dated_at: dt.datetime) -> dict[str, Any]:
        """The parameters of a new row of ``tonggao.revision``."""
        observation = self.observation
        return {
            "publication_id": publication_id,
            "valid_from": observation.fetched_at,
            "reparsed": observation.reparsed or self.explained is Explained.BY_PARSER,
            "brought_by": observation.brought_by,
            "clock_doubtful": observation.clock_doubtful,
            "run_id": observation.run_id,
            "source_id": observation.source_id,
            "snapshot_digest": self.body_digest,
            "record_digest": self.record_digest,
            "text_digest": self.fingerprint.digest,
            "dated_at": dated_at,
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
    known = dating(release, observation.listed_on, observation.fetched_at)
    day = known.dated_at.astimezone(SHANGHAI).date()
    return Prepared(
        observation,
        _fingerprint(release, observation.url, day),
        record_digest(release),
        observation.body_digest,
        observation.further_digest,
        known,
        _is_own_story(release, publishers.get(observation.source_id, ())),
    )


def _fingerprint(release: Release, url: str, day: dt.date) -> Fingerprint:
    """Of what the release says itself; a text that only points at files is as good as none."""
    whole = fingerprint(release.title, release.paragraphs, url, day)
    if len(whole.text) > CERTAINLY_OWN:
        return whole
    names = (file.name for file in release.attachments)
    own = has_own_text(release.paragraphs, names)
    return whole if own else fingerprint(release.title, (), url, day)


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
