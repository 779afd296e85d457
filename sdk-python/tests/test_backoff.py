"""The rule by which it waits, by a chance that is given."""

from __future__ import annotations

import pytest

from gapin._backoff import Backoff

pytestmark = pytest.mark.feature("retry.unavailable")


def waits(backoff: Backoff, count: int) -> list[float]:
    return [backoff.next_s() for _ in range(count)]


def test_each_wait_may_be_twice_as_long_as_the_one_before_up_to_the_bound() -> None:
    longest = Backoff(0.25, 3, lambda: 1.0)
    assert waits(longest, 6) == [0.25, 0.5, 1, 2, 3, 3]
    assert waits(longest, 5_000)[-1] == 3, "however often it fails"


def test_after_a_success_it_is_short_again() -> None:
    longest = Backoff(0.25, 3, lambda: 1.0)
    waits(longest, 6)
    longest.reset()
    assert waits(longest, 2) == [0.25, 0.5]


def test_it_waits_any_part_of_that_from_nothing_on() -> None:
    parts = iter([0.0, 0.25, 0.5, 0.125, 0.75])
    assert waits(Backoff(0.25, 3, lambda: next(parts)), 5) == [0, 0.125, 0.5, 0.25, 2.25]


def test_chance_is_pythons_where_none_is_given() -> None:
    told = waits(Backoff(1, 1), 50)
    assert all(0 <= wait_s < 1 for wait_s in told)
    assert len(set(told)) > 1
