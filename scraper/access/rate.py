"""How often one caller may ask: a bucket of requests for each, which fills again as time goes by."""

from __future__ import annotations

from collections import OrderedDict

REQUESTS_A_MINUTE = 600
"""For each caller, unless the operator says otherwise."""
MOST_CALLERS = 10_000
"""So many are remembered; the one that was silent longest is forgotten, with a full bucket."""


class Rate:
    """Requests a minute for each caller, as a token bucket that holds one minute's.

    Args:
        a_minute: requests; at least 1.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str, at: float) -> float:
        """Seconds until the caller may ask; 0 where it may now, which takes one from its bucket.

        Args:
            caller: whose bucket.
            at: the present, in seconds of a clock that only goes forward.
        """
        left, since = self._left.pop(caller, (float(self.a_minute), at))
        left = min(float(self.a_minute), left + (at - since) * self.a_minute / 60)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, at)
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self.a_minute
