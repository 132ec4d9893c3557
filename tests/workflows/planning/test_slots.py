"""Turns are given in order, up to the limits, and nobody waits for a lane that is not theirs."""

from __future__ import annotations

from collections import Counter
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.planning.slots import Limits, served

LANES = st.sampled_from(["", "a", "b", "c"])
LIMITS = st.builds(Limits, st.integers(1, 5) | st.just(inf), st.integers(1, 3) | st.just(inf))


@pytest.mark.pain(3)
@given(st.lists(LANES, max_size=6), st.lists(LANES, max_size=12), LIMITS)
def test_limits_are_kept_and_no_free_slot_is_left_to_who_could_use_it(
    active: list[str], waiting: list[str], limits: Limits
) -> None:
    places = served(Counter(active), waiting, limits)
    going = Counter(active) + Counter(waiting[place] for place in places)
    for lane, count in going.items():
        assert count <= max(limits.per_key, Counter(active)[lane])
    assert going.total() <= max(limits.limit, len(active))
    for place, lane in enumerate(waiting):
        if place not in places:
            assert going[lane] >= limits.per_key or going.total() >= limits.limit


@given(st.lists(LANES, max_size=6), st.lists(LANES, max_size=12), LIMITS)
def test_whoever_comes_later_takes_no_turn_of_who_came_before(
    active: list[str], waiting: list[str], limits: Limits
) -> None:
    all_of_them = served(Counter(active), waiting, limits)
    for until in range(len(waiting)):
        assert served(Counter(active), waiting[:until], limits) == [each for each in all_of_them if each < until]
