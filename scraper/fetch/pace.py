"""How fast a host may be asked: interval arithmetic without clock or chance.

All times are seconds. ``chance`` is a number from 0 to 1 that the caller draws.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from dataclasses import dataclass

from scraper.fetch.policy import FetchPolicy, HostRules
from scraper.outcome import Outcome

_SLOWER, _FASTER, _MOST = 2.0, 0.8, 64.0
_WEIGHT = 0.3  # of the newest answer in the running mean


@dataclass(frozen=True, slots=True)
class Pace:
    """What is remembered of a host: how much it is spared, and how long it takes to answer."""

    factor: float = 1.0
    response: float = 0.0


def base_interval(policy: FetchPolicy, rules: HostRules, crawl_delay: float | None) -> float:
    """The least time between two starts, before the host's own behaviour is looked at.

    Policy, source and robots.txt can each only make it longer; a source's shorter interval counts
    only where the operator has overridden it, and then it counts alone.
    """
    wanted = rules.minimum_interval
    if wanted is not None and rules.override_interval:
        return max(0.0, wanted)
    delay = min(crawl_delay or 0.0, policy.crawl_delay_cap)
    return max(policy.minimum_interval, wanted or 0.0, delay)


def next_pace(pace: Pace, outcome: Outcome, response: float | None) -> Pace:
    """What is remembered after an answer that took ``response`` seconds (None: none came)."""
    if outcome.strains_host:
        factor = min(_MOST, pace.factor * _SLOWER)
    else:
        factor = max(1.0, pace.factor * _FASTER)
    if response is None:
        return Pace(factor, pace.response)
    mean = response if not pace.response else pace.response * (1 - _WEIGHT) + response * _WEIGHT
    return Pace(factor, mean)


def pause(policy: FetchPolicy, base: float, pace: Pace, chance: float) -> float:
    """Seconds from this start to the next one."""
    slowed = min(base * pace.factor, max(base, policy.maximum_interval))
    spared = min(pace.response * policy.load_factor, policy.maximum_interval)
    if pace.factor > 1.0 and not base:
        slowed = min(pace.factor, policy.maximum_interval)
    return max(slowed, spared if base else 0.0) + policy.jitter * chance * bool(base)


def retry_after(text: str | None, now: dt.datetime, cap: float) -> float | None:
    """Seconds that ``Retry-After`` asks for (RFC 9110 section 10.2.3), capped; None if unreadable.

    A date in the past counts as 0.
    """
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(cap, float(text[:12]))
    if not text:
        return None
    try:
        then = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=dt.UTC)
    return min(cap, max(0.0, (aware - now).total_seconds()))
