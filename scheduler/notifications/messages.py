"""What is sent and when: bundles, the limit on their number, the daily digest. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scraper.clock import SHANGHAI

LEAST_GAP = dt.timedelta(minutes=15)
"""Between two messages; what happens meanwhile goes into the next one."""

MOST_A_DAY = 24
"""More are not sent in 24 hours; the digest tells the rest."""

MOST_LINES = 20
MOST_NAMED = 3
_WELL = frozenset({"ok", None})
SETTLE = dt.timedelta(minutes=2)
"""An event waits so long before it is told, so that those which come together are told together."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event that has not been told yet."""

    event_id: int
    at: dt.datetime
    source_id: str | None
    new_state: str | None
    sentence: str


class Severity(StrEnum):
    """How grave a message is, in the words of apprise's ``NotifyType``."""

    GOOD = "success"
    NEWS = "info"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str
    severity: Severity = Severity.NEWS


def may_send(sent: Sequence[dt.datetime], oldest: dt.datetime, now: dt.datetime) -> bool:
    """Whether a message may go now.

    Args:
        sent: when messages went during the last 24 hours.
        oldest: when the oldest untold event happened.
        now: aware.
    """
    if now - oldest < SETTLE or len(sent) >= MOST_A_DAY:
        return False
    return not sent or now - max(sent) >= LEAST_GAP


def bundle(events: Sequence[Event]) -> Message:
    """One message for several events; an event that a later one of its source undid is left out."""
    last = {event.source_id or f"#{event.event_id}": event for event in events}
    told = sorted(last.values(), key=lambda event: event.at)
    lines = [f"{_clock(event.at)} {event.sentence}" for event in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(f"… and {len(told) - MOST_LINES} more: `tonggao health events`")
    bad = sorted(
        (event for event in told if event.new_state not in _WELL),
        key=lambda event: event.new_state != "failing",
    )
    return Message(_title(bad), "\n".join(lines), _severity(bad))


def _title(bad: Sequence[Event]) -> str:
    """Names the sources in trouble, those that fail first, as many as a phone shows."""
    if not bad:
        return "tonggao: well again"
    named = [f"{event.source_id or 'the archive'} {event.new_state}" for event in bad[:MOST_NAMED]]
    more = f" and {len(bad) - MOST_NAMED} more" if len(bad) > MOST_NAMED else ""
    return f"tonggao: {', '.join(named)}{more}"


def _severity(bad: Sequence[Event]) -> Severity:
    if any(event.new_state == "failing" for event in bad):
        return Severity.FAILURE
    return Severity.WARNING if bad else Severity.GOOD


def digest(
    states: Mapping[str, int], troubled: Sequence[tuple[str, str, str | None]], new_releases: int
) -> Message:
    """The message of the day.

    Args:
        states: number of sources by state.
        troubled: source, state and cause of those that are not ok.
        new_releases: releases archived in the last 24 hours.
    """
    counts = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    lines = [f"{new_releases} new releases in 24 hours. Sources: {counts or 'none'}."]
    lines += [f"{state}: {source} ({cause})" for source, state, cause in troubled[:MOST_LINES]]
    if len(troubled) > MOST_LINES:
        lines.append(f"… and {len(troubled) - MOST_LINES} more: `tonggao status`")
    return Message("tonggao: the day", "\n".join(lines))


def _clock(moment: dt.datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
