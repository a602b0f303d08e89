"""How far a backfill is and how long it will take, as far as that can honestly be said. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.backfill.model import GOOD_OUTCOMES, Backfill

LEAST_DONE = 10
"""With fewer articles done in this watch no speed is claimed."""

LEAST_SHARE = 0.05
"""With less of the time span walked no total is claimed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a backfill stands.

    Attributes:
        done: articles settled, whatever came of it.
        found: articles found so far.
        total: articles there will be: known once the lists are walked, before that estimated
            from the part of the time span walked; None while nothing can be said.
        exact: whether ``total`` is known.
        archived: of those done, how many are in the archive.
        unreached: of those done, how many are not.
    """

    done: int
    found: int
    total: int | None
    exact: bool
    archived: int
    unreached: int

    @property
    def share(self) -> float | None:
        """Part done, between 0 and 1; None while the total is not known."""
        return None if not self.total else min(1.0, self.done / self.total)


def progress_of(backfill: Backfill, counts: Mapping[str, int], today: dt.date) -> Progress:
    """Where a backfill stands.

    Args:
        backfill: its row.
        counts: its articles by outcome, "open" for those not tried.
        today: the end of the time span where the order names none.
    """
    found = sum(counts.values())
    done = found - counts.get("open", 0)
    archived = sum(counts.get(outcome, 0) for outcome in GOOD_OUTCOMES)
    total = found if backfill.walked else _estimate(backfill, found, today)
    return Progress(done, found, total, backfill.walked, archived, done - archived)


def _estimate(backfill: Backfill, found: int, today: dt.date) -> int | None:
    """Articles in all, if the rest of the span is as rich as the part that was walked."""
    if backfill.from_date is None or backfill.oldest_date is None or not found:
        return None
    end = min(backfill.to_date or today, today)
    span = (end - backfill.from_date).days + 1
    walked = min(span, (end - backfill.oldest_date).days + 1)
    if span <= 0 or walked < span * LEAST_SHARE:
        return None
    return max(found, round(found * span / walked))


def seconds_left(progress: Progress, done_before: int, seconds: float) -> float | None:
    """Seconds until the end at the speed seen so far; None while it would be a guess.

    Args:
        progress: where it stands.
        done_before: how many were done when the watch began.
        seconds: how long the watch has lasted.
    """
    fresh = progress.done - done_before
    if progress.total is None or fresh < LEAST_DONE or seconds <= 0:
        return None
    return (progress.total - progress.done) * seconds / fresh


def in_words(seconds: float | None) -> str:
    """A length of time for people, no finer than it deserves."""
    if seconds is None:
        return "not known yet"
    if seconds < 90:
        return f"about {max(1, round(seconds / 10)) * 10} s"
    if seconds < 5_400:
        return f"about {round(seconds / 60)} min"
    if seconds < 172_800:
        return f"about {round(seconds / 3_600)} h"
    return f"about {round(seconds / 86_400)} days"
