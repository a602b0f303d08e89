"""What is sent and when: bundles, the limit on their number, the daily digest. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scraper.clock import SHANGHAI

LEAST_GAP = dt.timedelta(minutes=15)
"""Between two messages; what happens meanwhile goes into the next one."""

MOST_A_DAY = 24
"""More are not sent in 24 hours; the digest tells the rest."""

MOST_LINES = 20
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


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    title: str
    body: str


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
    bad = sum(1 for event in told if event.new_state not in {"ok", None})
    lines = [f"{_clock(event.at)} {event.sentence}" for event in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(f"… and {len(told) - MOST_LINES} more: `tonggao health events`")
    title = f"tonggao: {bad} sources in trouble" if bad != 1 else f"tonggao: {told[0].source_id}"
    return Message(title if bad else "tonggao: well again", "\n".join(lines))


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
