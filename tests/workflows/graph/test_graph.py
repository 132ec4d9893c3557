"""The graph by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.drawing import draw
from workflows.graph.graph import Edge, Graph, step_of

NAMES = [f"s{number}" for number in range(8)]
EDGES = st.lists(st.builds(Edge, st.sampled_from(NAMES), st.just("ok"), st.sampled_from(NAMES)), max_size=20)


def test_the_order_puts_every_step_behind_those_that_lead_to_it() -> None:
    graph = draw(
        """
        a -> c -> d
        b -> c
        """
    )

    assert graph.order == ["a", "b", "c", "d"]
    assert graph.before("d") == {"a", "b", "c"}
    assert graph.before("a") == set()


def test_a_cycle_begins_with_its_first_step_and_follows_its_edges() -> None:
    assert draw("z -> a -> b -> c -> a").cycles() == [["a", "b", "c"]]
    assert draw("a -> a").cycles() == [["a"]]
    assert draw("a -> b").cycles() == []


@given(EDGES)
def test_whatever_has_no_place_in_the_order_is_explained_by_a_real_cycle(edges: list[Edge]) -> None:
    graph = Graph({name: step_of({"id": name, "kind": "transform"}) for name in NAMES}, tuple(dict.fromkeys(edges)))
    ways = {(edge.source, edge.target) for edge in edges}

    cycles = graph.cycles()

    assert bool(cycles) == (len(graph.order) < len(NAMES))
    for cycle in cycles:
        assert all(way in ways for way in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        assert len(set(cycle)) == len(cycle)
    members = [step for cycle in cycles for step in cycle]
    assert len(members) == len(set(members))
