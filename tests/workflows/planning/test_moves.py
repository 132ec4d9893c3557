"""What comes next, drawn."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.drawing import draw
from workflows.graph.graph import Edge, Graph, step_of
from workflows.planning.moves import Done, Failed, Open, Outcome, Skipped, next_moves
from workflows.planning.states import RunState

Ended = tuple[RunState, dict[str, Outcome]]
CONDITION = {"kind": "condition", "settings": {"if": "=true"}}


def test_the_branch_not_taken_is_skipped_with_everything_behind_it() -> None:
    graph = draw(
        """
        order -> in_stock
        in_stock -yes-> ship -> thank
        in_stock -no->  refund
        """,
        in_stock=CONDITION,
    )

    moves = next_moves(graph, {"order": Done(), "in_stock": Done("no")})

    assert moves.start == ["refund"]
    assert moves.skip == ["ship", "thank"]


def test_a_step_waits_for_every_way_in_and_starts_when_one_was_taken() -> None:
    graph = draw(
        """
        a -yes-> b -> d
        a -no-> c -> d
        """,
        a=CONDITION,
    )

    assert next_moves(graph, {"a": Done("yes"), "b": Open()}).start == []
    assert next_moves(graph, {"a": Done("yes"), "b": Done(), "c": Skipped()}).start == ["d"]


@pytest.mark.pain(18)
def test_a_merge_of_any_starts_with_the_first_way_taken() -> None:
    graph = draw(
        """
        a -> m
        b -> m
        """,
        m={"kind": "merge", "settings": {"join": "any"}},
    )

    assert next_moves(graph, {"a": Done(), "b": Open()}).start == ["m"]


def test_a_failure_with_an_error_edge_goes_on_there() -> None:
    graph = draw(
        """
        a -> b
        a -error-> mend
        """
    )

    moves = next_moves(graph, {"a": Failed()})

    assert (moves.start, moves.skip, moves.outcome) == (["mend"], ["b"], None)
    assert next_moves(graph, {"a": Failed(), "b": Skipped(), "mend": Done()}).outcome is RunState.SUCCEEDED


def test_after_a_failure_that_nothing_catches_nothing_more_starts() -> None:
    graph = draw(
        """
        a -> b
        c -> d
        """
    )

    assert next_moves(graph, {"a": Failed(), "c": Open()}).outcome is None
    ended = next_moves(graph, {"a": Failed(), "c": Done()})
    assert (ended.start, ended.outcome, ended.failed_step) == ([], RunState.FAILED, "a")


@st.composite
def graphs(make: st.DrawFn) -> Graph:
    """Any acyclic graph: edges go from earlier to later steps, by either port."""
    count = make(st.integers(1, 9))
    steps = [f"s{number}" for number in range(count)]
    kinds = make(st.lists(st.sampled_from(["transform", "merge"]), min_size=count, max_size=count))
    edges = [
        Edge(steps[source], make(st.sampled_from(["ok", "error"])), steps[target])
        for target in range(count)
        for source in range(target)
        if make(st.booleans())
    ]
    settings = {"join": "any"}
    made = {
        step: step_of({"id": step, "kind": kind, "settings": settings})
        for step, kind in zip(steps, kinds, strict=True)
    }
    return Graph(made, tuple(edges))


@given(graphs(), st.data())
def test_every_run_ends_and_no_step_is_both_started_and_skipped(graph: Graph, data: st.DataObject) -> None:
    history: dict[str, Outcome] = {}
    started: list[str] = []
    skipped: list[str] = []
    for _ in range(3 * len(graph.steps) + 1):
        moves = next_moves(graph, history)
        assert moves == next_moves(graph, dict(reversed(history.items())))
        started += moves.start
        skipped += moves.skip
        history |= {step: Skipped() for step in moves.skip} | {step: Open() for step in moves.start}
        if moves.outcome is not None:
            break
        under_way = [step for step, outcome in history.items() if isinstance(outcome, Open)]
        assert under_way, "The run neither goes on nor ends."
        ended: Outcome = Done() if data.draw(st.booleans()) else Failed()
        history[data.draw(st.sampled_from(under_way))] = ended
    assert moves.outcome is not None
    assert len(started + skipped) == len(set(started + skipped))
    if moves.outcome is RunState.SUCCEEDED:
        assert set(started + skipped) == set(graph.steps)


def carried_out(graph: Graph, ends: dict[str, Outcome], choose: Callable[[list[str]], str]) -> Ended:
    """Carry a run out: each step ends as foretold, and `choose` says which one ends next."""
    history: dict[str, Outcome] = {}
    while True:
        moves = next_moves(graph, history)
        history.update(dict.fromkeys(moves.skip, Skipped()))
        history.update(dict.fromkeys(moves.start, Open()))
        if moves.outcome is not None:
            return moves.outcome, history
        ending = choose([step for step, outcome in history.items() if isinstance(outcome, Open)])
        history[ending] = ends[ending]


@pytest.mark.pain(18)
@given(graphs(), st.data(), st.randoms(use_true_random=False))
def test_the_order_in_which_steps_end_does_not_change_how_the_run_ends(
    graph: Graph, data: st.DataObject, chance: Random
) -> None:
    end: st.SearchStrategy[Outcome] = st.one_of(st.just(Done()), st.just(Failed()))
    ends = {step: data.draw(end) for step in graph.steps}

    first, first_history = carried_out(graph, ends, lambda steps: steps[0])
    other, other_history = carried_out(graph, ends, chance.choice)

    assert first is other
    if first is RunState.SUCCEEDED:
        assert first_history == other_history


@pytest.mark.pain(18)
def test_a_merge_of_so_many_starts_with_these_and_is_skipped_when_they_cannot_come() -> None:
    graph = draw("a -> m\nb -> m\nc -> m", m={"kind": "merge", "settings": {"join": 2}})

    assert next_moves(graph, {"a": Done(), "b": Open(), "c": Open()}).start == []
    assert next_moves(graph, {"a": Done(), "b": Open(), "c": Done()}).start == ["m"]
    assert next_moves(graph, {"a": Done(), "b": Skipped(), "c": Skipped()}).skip == ["m"]
