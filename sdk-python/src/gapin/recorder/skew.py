"""How far the gateway's clock is from this machine's, from the `Date` of its answers."""

from __future__ import annotations

from typing import Final

_SMOOTHING: Final = 0.2
_DATE_RESOLUTION_S: Final = 1.0
RETIME_S_MIN: Final = 1.0
"""A smaller difference corrects nothing: `Date` has whole seconds."""


class Skew:
    """Smoothed over the answers."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        """What to add to this machine's clock; `None` while nothing is known."""

    def observe(self, date_s: float, sent_s: float, answered_s: float) -> None:
        """One answer: its `Date`, and this machine's clock before and after."""
        ahead = date_s + _DATE_RESOLUTION_S / 2 - (sent_s + answered_s) / 2
        if self.seconds is None or abs(ahead - self.seconds) > 2 * _DATE_RESOLUTION_S:
            self.seconds = ahead  # the first, or a clock that was set
        else:
            self.seconds += _SMOOTHING * (ahead - self.seconds)

    def correction_s(self) -> float | None:
        """What to add to a time that was too far ahead; `None` where the clocks agree."""
        if self.seconds is None or abs(self.seconds) <= RETIME_S_MIN:
            return None
        return self.seconds
