"""Which steps of an ended run a replay keeps, and which it does again. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set

from workflows.graph.graph import ERROR, Graph
from workflows.planning.moves import Done, Failed, Outcome, Skipped, verdict


def parted(graph: Graph, begin: Set[str], history: Mapping[str, Outcome]) -> tuple[list[str], list[str]]:
    """The steps that are kept and those that are done again, in the graph's order.

    Kept is what ended well, or failed and was caught, and does not lie behind anything that is done again. In neither
    list is what no way leads to.
    """
    kept: list[str] = []
    again: list[str] = []
    outcomes: dict[str, Outcome] = {}
    for step in graph.order:
        if any(edge.source in again for edge in graph.incoming[step]):
            again.append(step)
        elif verdict(graph, step, outcomes) == "skip":
            outcomes[step] = Skipped()
        elif step not in begin and _is_over(graph, step, history.get(step)):
            kept.append(step)
            outcomes[step] = history[step]
        else:
            again.append(step)
    return kept, again


def _is_over(graph: Graph, step: str, outcome: Outcome | None) -> bool:
    if isinstance(outcome, Failed):
        return any(edge.port == ERROR for edge in graph.outgoing[step])
    return isinstance(outcome, Done)
