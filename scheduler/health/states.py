"""States with inertia: an alarm needs more than one visit, and so does the end of it. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from scheduler.health.causes import RANK, TRANSIENT, Cause, State
from scheduler.health.findings import Finding


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares; a row of ``tonggao.health``."""

    state: State = "ok"
    cause: Cause | None = None
    since: dt.datetime | None = None
    leaning: State = "ok"
    leaning_for: int = 0


def visits_needed(finding: Finding | None) -> int:
    """How many visits in a row must agree before the state changes."""
    if finding is None:
        return 2
    if finding.cause is Cause.SILENT:
        return 1  # days have gone into it already
    if finding.cause in TRANSIENT:
        return 3
    return 2


def step(health: Health, finding: Finding | None, now: dt.datetime) -> tuple[Health, bool]:
    """The state after one more visit.

    Returns:
        The new state, and whether it is another one: that is what is recorded and told, once.
    """
    state: State = finding.state if finding else "ok"
    cause = finding.cause if finding else None
    if state == health.state:
        return replace(health, leaning=state, leaning_for=0, cause=cause or health.cause), False
    agreeing = health.leaning_for + 1 if _agrees(health, state) else 1
    leaning = replace(health, leaning=state, leaning_for=agreeing)
    if agreeing < visits_needed(finding):
        return leaning, False
    return Health(state, cause, now, state, 0), True


def _agrees(health: Health, state: State) -> bool:
    """Two visits agree when both are worse than the present state, or both call for the same."""
    if health.leaning_for == 0:
        return False
    worse = RANK[state] > RANK[health.state] and RANK[health.leaning] > RANK[health.state]
    return worse or state == health.leaning
