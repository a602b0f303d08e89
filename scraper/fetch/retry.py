"""When a URL is tried again: pure arithmetic, full jitter, ever more rarely, never given up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from scraper.fetch.exchange import Decision, Purpose, UrlState
from scraper.fetch.policy import FetchPolicy
from scraper.outcome import Outcome

_SLOW_START = {
    Outcome.WALL: 12,
    Outcome.BLOCKED_ROBOTS: 12,
    Outcome.REFUSED_UNSAFE: 48,
    Outcome.OFF_LIST: 48,
    Outcome.BAD_REDIRECT: 12,
    Outcome.CLIENT_ERROR: 12,
    Outcome.TOO_LARGE: 48,
    Outcome.WRONG_TYPE: 48,
    Outcome.TLS: 12,
    Outcome.PARSE_ERROR: 48,
    Outcome.CHARSET: 48,
    Outcome.TOO_SHORT: 48,
    Outcome.NO_HEADLINE: 48,
    Outcome.NOT_AN_ARTICLE: 48,
    Outcome.LIST_PAGE: 48,
    Outcome.LOGIN_PAGE: 48,
    Outcome.VIDEO_ONLY: 48,
    Outcome.PARSER_CRASHED: 48,
    Outcome.UNSTORABLE: 48,
    Outcome.ERASED: 48,
}
"""Outcomes that a repetition within minutes does not change: so many times the usual wait."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, when, and what is to be remembered."""

    decision: Decision
    retry_at: dt.datetime | None
    state: UrlState


def full_jitter(base: float, cap: float, failures: int, chance: float) -> float:
    """Seconds to wait after the n-th failure: from half the base up to base * 2^n, at most the cap.

    "Full jitter" draws from 0; half a base is kept as the least, so that nothing is hammered.
    """
    most = min(cap, base * 2.0 ** min(failures, 60))
    least = min(base / 2, most)
    return least + (most - least) * chance


def again_soon(policy: FetchPolicy, outcome: Outcome, tries: int, chance: float) -> float | None:
    """Seconds until the next try within the same call, None if there is to be none."""
    if not outcome.transient or tries >= policy.attempts:
        return None
    return full_jitter(policy.backoff, policy.backoff_cap, tries - 1, chance)


def plan(
    policy: FetchPolicy,
    outcome: Outcome,
    purpose: Purpose,
    state: UrlState,
    now: dt.datetime,
    *,
    chance: float,
    asked: float | None = None,
) -> Plan:
    """Decide what is to be done about a URL after its last try.

    Args:
        policy: bounds.
        outcome: of that try.
        purpose: a list page that is gone is expected back; an article may be withdrawn.
        state: as it was before that try.
        now: aware.
        chance: from 0 to 1.
        asked: seconds that the server asked us to wait.
    """
    if outcome.good:
        return Plan(Decision.NONE, None, UrlState())
    if outcome is Outcome.BUSY or (outcome is Outcome.BLOCKED_ROBOTS and asked is not None):
        # says nothing of the URL: its host rests, or its robots.txt cannot be had at present
        return Plan(Decision.LATER, now + dt.timedelta(seconds=asked or policy.backoff), state)
    after = _count(policy, outcome, state, now)
    wait = max(_wait(policy, outcome, after, chance), asked or 0.0)
    decision = _decide(policy, purpose, after) if outcome.says_gone else Decision.LATER
    if decision is Decision.CONFIRM:
        wait = max(wait, policy.gone_spacing)
    if decision is Decision.WITHDRAWN:
        beyond = after.sightings - policy.gone_sightings + 1
        wait = max(wait, _rarely(policy, beyond, chance))
    return Plan(decision, now + dt.timedelta(seconds=wait), after)


def _rarely(policy: FetchPolicy, sightings: int, chance: float) -> float:
    """Seconds until the next look at a page that is gone: doubled by each look, within the cap."""
    cap = policy.url_backoff_cap
    return max(policy.gone_spacing, full_jitter(policy.gone_spacing, cap, sightings, chance))


def _count(policy: FetchPolicy, outcome: Outcome, state: UrlState, now: dt.datetime) -> UrlState:
    failed = replace(state, failures=state.failures + 1)
    if not outcome.says_gone:
        if outcome.transient or outcome is Outcome.WALL:
            return failed  # says nothing about whether the page exists
        return replace(failed, sightings=0, sighted_at=None)
    spacing = dt.timedelta(seconds=policy.gone_spacing)
    if state.sighted_at is not None and dt.timedelta() <= now - state.sighted_at < spacing:
        return failed  # a sighting in the future was told by a wrong clock, and bars nothing
    return replace(failed, sightings=state.sightings + 1, sighted_at=now)


def _wait(policy: FetchPolicy, outcome: Outcome, state: UrlState, chance: float) -> float:
    base = policy.url_backoff * _SLOW_START.get(outcome, 1)
    cap = max(policy.url_backoff_cap, base / 2)
    return full_jitter(min(base, cap), cap, state.failures - 1, chance)


def _decide(policy: FetchPolicy, purpose: Purpose, state: UrlState) -> Decision:
    if purpose is Purpose.LISTING:
        return Decision.LATER
    confirmed = state.sightings >= policy.gone_sightings
    return Decision.WITHDRAWN if confirmed else Decision.CONFIRM
