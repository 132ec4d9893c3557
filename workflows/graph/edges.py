"""What is wrong with the edges: ends that are not there, ports that are not there, ways that lead back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workflows.graph.graph import Edge, Graph, Step
from workflows.graph.problem import Problem, close_to, names


def check_edges(steps: dict[str, Step], edges: Sequence[dict[str, Any]], ids: set[str]) -> Iterator[Problem]:
    """`ids` are those of all steps, also of steps that cannot be read."""
    sound = []
    for number, edge in enumerate(edges):
        missing = [end for end in ("from", "to") if edge[end] not in ids]
        for end in missing:
            yield Problem(
                "dangling-edge", f'An edge goes {end} "{edge[end]}", which is no step.', "",
                f"edges/{number}/{end}", close_to(edge[end], ids) or "Remove the edge.",
            )  # fmt: skip
        source, port = steps.get(edge["from"]), edge.get("port", "ok")
        if source is not None and port not in source.ports:
            yield Problem(
                "unknown-port", f'Step "{source.title}" has no way out called "{port}".', source.id,
                f"edges/{number}/port",
                close_to(port, source.ports)
                or (f"It has: {names(source.ports)}." if source.ports else "Nothing can follow a stop."),
            )  # fmt: skip
        if edge["from"] in steps and edge["to"] in steps:
            sound.append(Edge(edge["from"], port, edge["to"]))
    graph = Graph(steps, tuple(dict.fromkeys(sound)))
    yield from _of_cycles(graph)
    yield from _of_joins(graph)


def _of_joins(graph: Graph) -> Iterator[Problem]:
    for step in graph.steps.values():
        ways, needed = len(graph.incoming[step.id]), step.settings.get("join") if step.kind == "merge" else None
        if isinstance(needed, int) and needed > ways:
            yield Problem(
                "setting", f'Step "{step.title}" joins {needed} ways, but only {ways} lead to it.', step.id,
                "settings/join", "Draw more ways, or join fewer.",
            )  # fmt: skip


def _of_cycles(graph: Graph) -> Iterator[Problem]:
    cycles = graph.cycles()
    for cycle in cycles:
        yield Problem(
            "cycle", f"These steps lead back to where they began: {names([*cycle, cycle[0]])}.", cycle[0], "",
            "Remove one of the edges.",
        )  # fmt: skip
    waiting = graph.steps.keys() - set(graph.order) - {step for cycle in cycles for step in cycle}
    for step in (step for step in graph.steps if step in waiting):
        yield Problem(
            "unreachable", f'Step "{graph.steps[step].title}" can never start: it is behind steps that lead back.',
            step, "", "Remove one of the edges of the cycle.",
        )  # fmt: skip
