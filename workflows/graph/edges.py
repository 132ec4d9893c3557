"""What is wrong with the edges: ends that are not there, ports that are not there, ways that lead back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hub.sdk.sentence import Sentence
from workflows.graph.document import KINDS
from workflows.graph.graph import Edge, Graph, Step
from workflows.graph.problem import Problem, close_to, names, of_step


def check_edges(steps: dict[str, Step], edges: Sequence[dict[str, Any]], ids: set[str]) -> Iterator[Problem]:
    """`ids` are those of all steps, also of steps that cannot be read."""
    sound = []
    for number, edge in enumerate(edges):
        missing = [end for end in ("from", "to") if edge[end] not in ids]
        for end in missing:
            yield Problem(
                "dangling-edge",
                Sentence('An edge goes {end} "{name}", which is no step.', end=Sentence(end), name=edge[end]),
                "",
                f"edges/{number}/{end}",
                close_to(edge[end], ids) or "Remove the edge.",
            )
        source, port = steps.get(edge["from"]), edge.get("port", "ok")
        if source is not None and source.kind in KINDS and port not in source.ports:
            yield of_step(
                source,
                "unknown-port",
                'Step "{step}" has no way out called "{port}".',
                f"edges/{number}/port",
                close_to(port, source.ports)
                or (
                    Sentence("It has: {names}.", names=names(source.ports))
                    if source.ports
                    else Sentence("Nothing can follow a stop.")
                ),
                port=port,
            )
        if edge["from"] in steps and edge["to"] in steps:
            sound.append(Edge(edge["from"], port, edge["to"]))
    graph = Graph(steps, tuple(dict.fromkeys(sound)))
    yield from _of_cycles(graph)
    yield from _of_joins(graph)


def _of_joins(graph: Graph) -> Iterator[Problem]:
    for step in graph.steps.values():
        ways, needed = len(graph.incoming[step.id]), step.settings.get("join") if step.kind == "merge" else None
        if isinstance(needed, int) and needed > ways:
            yield of_step(
                step,
                "setting",
                'Step "{step}" joins {needed} ways, but only {ways} lead to it.',
                "settings/join",
                "Draw more ways, or join fewer.",
                needed=needed,
                ways=ways,
            )


def _of_cycles(graph: Graph) -> Iterator[Problem]:
    cycles = graph.cycles()
    for cycle in cycles:
        yield Problem(
            "cycle",
            Sentence("These steps lead back to where they began: {names}.", names=names([*cycle, cycle[0]])),
            cycle[0],
            "",
            "Remove one of the edges.",
        )
    waiting = graph.steps.keys() - set(graph.order) - {step for cycle in cycles for step in cycle}
    for step in (step for step in graph.steps if step in waiting):
        yield Problem(
            "unreachable",
            Sentence(
                'Step "{step}" can never start: it is behind steps that lead back.', step=graph.steps[step].title
            ),
            step,
            "",
            "Remove one of the edges of the cycle.",
        )
