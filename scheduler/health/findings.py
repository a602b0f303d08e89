"""What is wrong, judged from the last visits against the 30 days before them. Pure.

A share that changed is wrong when chance would hardly do it: the exact binomial tail under the
source's own former share is below ``CHANCE``. So one odd article is nothing, six in a row are.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.health.causes import RANK, Cause, State, cause_of_article, cause_of_list
from scheduler.health.polls import WATCHED_FIELDS, Poll, Total, lengths, tail, total, window
from scheduler.schedule.habit import Habit
from scraper.visit.run import BROKEN_ROWS, Failure

CHANCE = 1e-6
LEAST_HISTORY = 10
"""Articles that must have been seen before for shares to be compared."""

SILENCE = 14.0
"""A source is late when its habit let so many news be expected since the last: exp(-14) < 1e-6."""

LEAST_SILENCE = dt.timedelta(hours=20)
LEAST_WATCHED_HOURS = 5 * 24.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong.

    Attributes:
        state: how bad it is.
        cause: what it is.
        evidence: the figures behind it.
        sample_url: a page that shows it.
    """

    state: State
    cause: Cause
    evidence: dict[str, Any] = field(default_factory=dict)
    sample_url: str | None = None


def judge(
    polls: Sequence[Poll], habit: Habit, last_news_at: dt.datetime | None, now: dt.datetime
) -> Finding | None:
    """The gravest thing that is wrong; None when nothing is.

    Args:
        polls: visits of the last 30 days, in any order.
        habit: when the source usually publishes.
        last_news_at: when it last brought something new.
        now: aware.
    """
    if not polls:
        return None
    found = [*_of_list(polls), *_of_articles(polls), *_of_silence(habit, last_news_at, now)]
    return max(found, key=lambda finding: RANK[finding.state], default=None)


def _of_list(polls: Sequence[Poll]) -> Iterator[Finding]:
    last = max(polls, key=lambda poll: poll.at)
    if last.landed_alike >= 2 and not last.news:
        yield Finding("failing", Cause.REDIRECTED, {"pages": last.landed_alike}, last.sample_url)
    if not last.list_read:
        yield Finding("failing", _of_visit(last), {"list": last.list_outcome}, last.sample_url)
        return
    if broken := last.reasons.get(BROKEN_ROWS):
        evidence = {"broken": broken, "links": last.listed}
        yield Finding("degraded", Cause.LIST_BROKEN, evidence, last.sample_url)
    usual = [poll.listed for poll in polls if poll.listed and poll is not last]
    if last.listed and len(usual) >= LEAST_HISTORY:
        least = sorted(usual)[len(usual) // 20]
        if last.listed * 3 < least:
            evidence = {"links": last.listed, "usual": round(statistics.median(usual))}
            yield Finding("degraded", Cause.LIST_SHRUNK, evidence, last.sample_url)


def _of_visit(poll: Poll) -> Cause:
    """Why a visit could not do its work: its list, or what stopped it among the articles."""
    if poll.list_outcome == "stopped":
        return cause_of_article(max(poll.reasons, key=poll.reasons.__getitem__, default=""))
    if poll.list_outcome == Failure.PROGRAM:
        return Cause.PROGRAM
    return cause_of_list(poll.list_outcome) or Cause.LIST_EMPTY


def _of_articles(polls: Sequence[Poll]) -> Iterator[Finding]:
    recent = window(polls)
    if not recent:
        return
    before = [poll for poll in polls if poll.at < recent[0].at]
    new, old = total(recent), total(before)
    sample = recent[-1].sample_url
    for rule in (_failures, _lost_fields, _misread, _future, _copies):
        for finding in rule(new, old):
            yield Finding(finding.state, finding.cause, finding.evidence, sample)
    for finding in _length(recent[-2:], before):
        yield Finding(finding.state, finding.cause, finding.evidence, sample)


Rule = Callable[[Total, Total], Iterator[Finding]]


def _failures(new: Total, old: Total) -> Iterator[Finding]:
    tried = new.articles + new.failed
    usual = old.share(old.failed, old.articles + old.failed) if old.polls else 0.1
    if new.failed < 3 or new.failed * 2 < tried:
        return
    if tail(new.failed, tried, min(usual, 0.5)) > 1e-3:
        return
    by_cause: Counter[Cause] = Counter()
    for reason, number in new.reasons.items():
        if reason != BROKEN_ROWS:
            by_cause[cause_of_article(reason)] += number
    cause = by_cause.most_common(1)[0][0] if by_cause else Cause.OTHER
    state: State = "failing" if new.articles == 0 else "degraded"
    yield Finding(state, cause, {"failed": new.failed, "tried": tried, **new.reasons})


def _lost_fields(new: Total, old: Total) -> Iterator[Finding]:
    if old.articles < LEAST_HISTORY or not new.articles:
        return
    lost: dict[str, Any] = {}
    for name in WATCHED_FIELDS:
        usual = old.share(old.fields.get(name, 0), old.articles)
        missing = new.articles - new.fields.get(name, 0)
        halved = new.fields.get(name, 0) / new.articles < usual / 2
        if halved and tail(missing, new.articles, 1 - usual) < CHANCE:
            lost[name] = {"now": new.fields.get(name, 0) / new.articles, "usual": round(usual, 2)}
    if "published_at" in lost:
        yield Finding("degraded", Cause.DATES_LOST, lost)
    elif lost:
        yield Finding("degraded", Cause.FIELDS_LOST, lost)


def _misread(new: Total, old: Total) -> Iterator[Finding]:
    yield from _more(new.misread, new, old.misread, old, Cause.ENCODING)


def _future(new: Total, old: Total) -> Iterator[Finding]:
    yield from _more(new.future, new, old.future, old, Cause.FUTURE_DATES)


def _copies(new: Total, old: Total) -> Iterator[Finding]:
    yield from _more(new.copies, new, old.copies, old, Cause.DUPLICATES)


def _more(hits: int, new: Total, before: int, old: Total, cause: Cause) -> Iterator[Finding]:
    """Something that articles have in common is suddenly much more frequent."""
    if old.articles < LEAST_HISTORY or hits < 3:
        return
    usual = old.share(before, old.articles)
    if hits > new.articles * usual * 2 and tail(hits, max(hits, new.articles), usual) < CHANCE:
        yield Finding("degraded", cause, {"articles": hits, "of": new.articles, "usual": usual})


def _length(recent: Sequence[Poll], before: Sequence[Poll]) -> Iterator[Finding]:
    usual = lengths(before)
    seen = [math.log(poll.characters) for poll in recent if poll.characters]
    if usual is None or len(seen) < 2 or sum(poll.articles for poll in recent) < 4:
        return
    centre, spread = usual
    shifts = [(value - centre) / spread for value in seen]
    same_side = all(shift > 0 for shift in shifts) or all(shift < 0 for shift in shifts)
    least = min(abs(value - centre) for value in seen)
    if same_side and least > math.log(2.5) and min(map(abs, shifts)) > 4.5:
        evidence = {"characters": round(math.exp(seen[-1])), "usual": round(math.exp(centre))}
        yield Finding("degraded", Cause.BODY_SHIFT, evidence)


def _of_silence(
    habit: Habit, last_news_at: dt.datetime | None, now: dt.datetime
) -> Iterator[Finding]:
    if last_news_at is None or sum(habit.hours) < LEAST_WATCHED_HOURS or sum(habit.news) < 3:
        return
    if now - last_news_at < LEAST_SILENCE:
        return
    expected = habit.expected(last_news_at, now)
    if expected >= SILENCE:
        evidence = {"silent since": last_news_at.isoformat(), "expected": round(expected, 1)}
        yield Finding("late", Cause.SILENT, evidence)
