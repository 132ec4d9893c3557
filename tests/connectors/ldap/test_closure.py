"""Nested groups are closed right, whatever graph they make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.ldap.closure import components, cycles, effective, numbers_in, path

GRAPHS = st.integers(1, 12).flatmap(
    lambda size: st.tuples(
        st.lists(st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size),
        st.lists(st.lists(st.integers(0, 30), max_size=4), min_size=size, max_size=size),
    )
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
def test_a_group_has_the_people_of_every_group_below_it(graph: tuple[list[list[int]], list[list[int]]]) -> None:
    children, people = graph
    found = effective(children, people, 31)

    for group in range(len(children)):
        expected = {person for each in below(children, group) for person in people[each]}
        assert list(numbers_in(found[group])) == sorted(expected)


@given(GRAPHS)
def test_what_a_group_contains_comes_before_it(graph: tuple[list[list[int]], list[list[int]]]) -> None:
    children, _ = graph
    order = components(children)

    assert sorted(group for together in order for group in together) == list(range(len(children)))
    done: set[int] = set()
    for together in order:
        done.update(together)
        assert all(child in done for group in together for child in children[group])


@given(GRAPHS, st.data())
def test_the_way_up_is_a_way_and_there_is_one_when_it_can_be_reached(
    graph: tuple[list[list[int]], list[list[int]]], data: st.DataObject
) -> None:
    parents, _ = graph
    start, goal = data.draw(st.sampled_from(range(len(parents)))), data.draw(st.sampled_from(range(len(parents))))

    way = path([start], parents, goal)

    assert bool(way) == (goal in below(parents, start))
    if way:
        assert (way[0], way[-1]) == (start, goal)
        assert all(after in parents[before] for before, after in zip(way, way[1:], strict=False))


def test_a_chain_of_ten_thousand_groups_needs_no_recursion() -> None:
    size = 10_000
    children = [[number + 1] if number + 1 < size else [] for number in range(size)]

    assert list(numbers_in(effective(children, [[] for _ in range(size - 1)] + [[3]], 4)[0])) == [3]


def test_cycles_are_named() -> None:
    assert cycles([[1], [0], [2], [], [0]]) == [[0, 1], [2]]
