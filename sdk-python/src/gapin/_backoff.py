"""How long to wait before the next attempt: exponential, with full jitter. Pure but for the chance it is given."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

_DOUBLINGS_MAX: Final = 20
"""A power without a bound would be too large for a float, once something has failed for long enough."""


class Backoff:
    """The waits of one that fails again and again."""

    def __init__(self, min_s: float, max_s: float, chance: Callable[[], float] = random.random) -> None:
        self._min_s = min_s
        self._max_s = max_s
        self._chance = chance
        self._failures = 0

    def reset(self) -> None:
        """It worked: the next wait is short again."""
        self._failures = 0

    def next_s(self) -> float:
        """From nothing to a bound that doubles with every attempt: those that failed together do not come back
        together."""
        longest_s = min(self._max_s, self._min_s * 2.0 ** min(self._failures, _DOUBLINGS_MAX))
        self._failures += 1
        return longest_s * self._chance()
