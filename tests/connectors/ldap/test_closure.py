"""Nested groups are closed right, whatever graph they make."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from connectors.ldap.closure import components, cycles, path, ways_down

GRAPHS = st.integers(1, 12).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size)
)


def below(children: list[list[int]], group: int) -> set[int]:
    """What can be reached, found in the plainest way."""
    found, waiting = {group}, [group]
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


@given(GRAPHS)
def test_every_group_below_is_found_with_a_way_to_it(graph: list[list[int]]) -> None:
    for start in range(len(graph)):
        found = ways_down(start, graph)

        assert set(found) == below(graph, start)
        for goal, way in found.items():
            assert (way[0], way[-1]) == (start, goal)
            assert all(after in graph[before] for before, after in pairwise(way))


@given(GRAPHS)
def test_what_a_group_contains_comes_before_it(graph: list[list[int]]) -> None:
    order = components(graph)

    assert sorted(group for together in order for group in together) == list(range(len(graph)))
    done: set[int] = set()
    for together in order:
        done.update(together)
        assert all(child in done for group in together for child in graph[group])


@given(GRAPHS, st.data())
def test_the_way_up_is_a_way_and_there_is_one_when_it_can_be_reached(
    graph: list[list[int]], data: st.DataObject
) -> None:
    start, goal = data.draw(st.sampled_from(range(len(graph)))), data.draw(st.sampled_from(range(len(graph))))

    way = path([start], graph, goal)

    assert bool(way) == (goal in below(graph, start))
    if way:
        assert (way[0], way[-1]) == (start, goal)
        assert all(after in graph[before] for before, after in pairwise(way))


def test_a_chain_of_ten_thousand_groups_needs_no_recursion() -> None:
    size = 10_000
    children = [[number + 1] if number + 1 < size else [] for number in range(size)]

    assert len(components(children)) == size
    assert len(path([0], children, size - 1)) == size


def test_cycles_are_named() -> None:
    assert cycles([[1], [0], [2], [], [0]]) == [[0, 1], [2]]
