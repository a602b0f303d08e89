"""What a visit saw, and what a source's visits of the last 30 days make one expect. Pure."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MEMORY = dt.timedelta(days=30)
WATCHED_FIELDS = ("published_at", "named_source", "author", "editor", "images")
"""Fields whose loss is noticed. Columns of ``tonggao.revision``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One visit in figures; see the columns of ``tonggao.poll``."""

    at: dt.datetime
    list_outcome: str = "ok"
    listed: int = 0
    fresh: int = 0
    news: int = 0
    copies: int = 0
    failed: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    articles: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    characters: int | None = None
    undated: int = 0
    misread: int = 0
    future: int = 0
    landed_alike: int = 0
    sample_url: str | None = None
    run_id: int = 0

    @property
    def list_read(self) -> bool:
        """Whether the list was there and held links, or was known to be unchanged."""
        return self.list_outcome == "not_modified" or (
            self.list_outcome == "ok" and self.listed > 0
        )


@dataclass(frozen=True, slots=True)
class Total:
    """Several visits taken together."""

    polls: int
    articles: int
    failed: int
    copies: int
    misread: int
    future: int
    fields: Mapping[str, int]
    reasons: Mapping[str, int]
    landed_alike: int

    def share(self, number: int, of: int) -> float:
        """A share that is never quite 0 or 1, however few were seen (Jeffreys' prior)."""
        return (number + 0.5) / (of + 1.0)


def total(polls: Sequence[Poll]) -> Total:
    """The sums of several visits."""
    fields: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for poll in polls:
        fields.update(poll.fields)
        reasons.update(poll.reasons)
    return Total(
        polls=len(polls),
        articles=sum(poll.articles for poll in polls),
        failed=sum(poll.failed for poll in polls),
        copies=sum(poll.copies for poll in polls),
        misread=sum(poll.misread for poll in polls),
        future=sum(poll.future for poll in polls),
        fields=fields,
        reasons=reasons,
        landed_alike=sum(poll.landed_alike for poll in polls),
    )


def window(polls: Sequence[Poll], *, visits: int = 3) -> tuple[Poll, ...]:
    """The last visits that tried articles, oldest first, of ``polls`` in any order."""
    tried = [poll for poll in polls if poll.articles or poll.failed]
    return tuple(sorted(tried, key=lambda poll: poll.at)[-visits:])


def lengths(polls: Sequence[Poll]) -> tuple[float, float] | None:
    """Centre and spread of the logarithm of the articles' length; None with too few visits.

    The spread is the median deviation, or half the standard deviation where that is larger, and
    wider the fewer visits it stands on: eight values may lie close together by chance.
    """
    seen = [math.log(poll.characters) for poll in polls if poll.characters]
    if len(seen) < 8:
        return None
    centre = statistics.median(seen)
    deviation = 1.4826 * statistics.median(abs(value - centre) for value in seen)
    spread = max(deviation, statistics.stdev(seen) / 2, 0.15)
    return centre, spread * (1 + 4 / len(seen))


def tail(hits: int, tries: int, chance: float) -> float:
    """The chance of at least ``hits`` in ``tries`` where each has ``chance`` (binomial)."""
    if hits <= 0:
        return 1.0
    return sum(
        math.comb(tries, k) * chance**k * (1 - chance) ** (tries - k)
        for k in range(hits, tries + 1)
    )
