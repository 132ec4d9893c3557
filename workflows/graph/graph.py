"""The graph made from a document: which step leads where."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workflows.graph.document import OPTIONS
from workflows.graph.privacy import Rule, rule_of

ERROR = "error"
BODIES = frozenset({"each", "repeat"})
"""Kinds of steps that hold steps of their own."""


@dataclass(frozen=True)
class Edge:
    """From a port of one step to another step."""

    source: str
    port: str
    target: str


@dataclass(frozen=True)
class Step:
    """One step, as the document has it."""

    id: str
    kind: str
    title: str
    settings: dict[str, Any]
    input: dict[str, Any]
    action: str = ""
    connection: str = ""
    retry: dict[str, Any] | None = None
    timeout_seconds: float | None = None
    body: Graph | None = None
    """What a for-each does with each item."""

    @property
    def ports(self) -> tuple[str, ...]:
        """The ways out of this step, those for success first."""
        match self.kind:
            case "condition":
                return ("yes", "no", ERROR)
            case "switch":
                cases = self.settings.get("cases")
                names = (
                    [str(each.get("name", "")) for each in cases if isinstance(each, dict)]
                    if isinstance(cases, list)
                    else []
                )
                return (*names, "else", ERROR)
            case "plan":
                return ("ok", "empty", ERROR)
            case "apply":
                return ("ok", "rejected", ERROR)
            case "approve":
                return ("approved", "rejected", "expired", ERROR)
            case "rules":
                return ("ok", "none", ERROR)
            case "pack":
                return ("ok", "empty", ERROR)
            case "receive":
                return ("ok", "expired", ERROR)
            case "repeat":
                return ("ok", "limit", ERROR)
            case "stop":
                return ()
            case "merge":
                return ("ok",)
            case _:
                return ("ok", ERROR)

    @property
    def inner(self) -> Graph:
        """The body, also where there is none."""
        return self.body or Graph({}, ())

    @property
    def joins(self) -> int | None:
        """So many ways in that the run took start it. None: every way in has to be decided, and one taken."""
        join = self.settings.get("join", "all") if self.kind == "merge" else "all"
        return None if join == "all" else 1 if join == "any" else int(join)


@dataclass(frozen=True)
class Graph:
    """Only a graph: it knows no database and no connector."""

    steps: dict[str, Step]
    edges: tuple[Edge, ...]
    options: dict[str, Any] = field(default_factory=dict)
    """What the document says about its runs as a whole."""
    answers_calls: bool = False
    """Whether a webhook is answered with what a run gives."""

    @classmethod
    def of(cls, document: dict[str, Any]) -> Graph:
        """The graph of a document that has no problems."""
        steps = {step.id: step for step in map(step_of, document["steps"])}
        edges = [Edge(each["from"], each.get("port", "ok"), each["to"]) for each in document.get("edges", [])]
        options = {name: document[name] for name in OPTIONS if name in document}
        answers = any(each.get("settings", {}).get("answer") == "result" for each in document.get("triggers", []))
        return cls(steps, tuple(dict.fromkeys(edges)), options, answers)

    @cached_property
    def answering(self) -> frozenset[str] | None:
        """The steps that answer a call before the run ends. None: no call waits for a run."""
        if not self.answers_calls:
            return None
        return frozenset(name for name, step in self.steps.items() if step.kind == "respond")

    @cached_property
    def incoming(self) -> dict[str, list[Edge]]:
        made: dict[str, list[Edge]] = {step: [] for step in self.steps}
        for edge in self.edges:
            made.setdefault(edge.target, []).append(edge)
        return made

    @cached_property
    def outgoing(self) -> dict[str, list[Edge]]:
        made: dict[str, list[Edge]] = {step: [] for step in self.steps}
        for edge in self.edges:
            made.setdefault(edge.source, []).append(edge)
        return made

    @cached_property
    def classed(self) -> tuple[Rule, ...]:
        """Which fields of the data are personal or secret."""
        return tuple(rule_of(each) for each in self.options.get("privacy", []))

    @cached_property
    def receivers(self) -> list[str]:
        """The steps that wait for an answer at an address of their own."""
        return [name for name, step in self.steps.items() if step.kind == "receive" and "event" not in step.settings]

    @cached_property
    def ends(self) -> list[str]:
        """The steps that nothing follows."""
        return [step for step in self.steps if not self.outgoing[step]]

    @cached_property
    def order(self) -> list[str]:
        """Every step behind those that lead to it, else as in the document. Steps of a cycle are left out."""
        left = {step: len({edge.source for edge in edges}) for step, edges in self.incoming.items()}
        ready = [step for step in self.steps if not left[step]]
        made: list[str] = []
        while ready:
            step = ready.pop(0)
            made.append(step)
            for target in dict.fromkeys(edge.target for edge in self.outgoing[step]):
                left[target] -= 1
                if not left[target]:
                    ready.append(target)
        return made

    def cycles(self) -> list[list[str]]:
        """Cycles that share no step, each in the direction of its edges from the step that stands first in the
        document. Without them the graph would have no cycle."""
        made: list[list[str]] = []
        graph = self
        while cycle := graph._cycle():
            made.append(cycle)
            left = {name: step for name, step in graph.steps.items() if name not in cycle}
            graph = Graph(left, tuple(edge for edge in graph.edges if edge.source in left and edge.target in left))
        return made

    def _cycle(self) -> list[str]:
        places = {step: place for place, step in enumerate(self.steps)}
        outside = self.steps.keys() - set(self.order)
        if not outside:
            return []
        # Against the edges: whatever has no place in the order has somebody before it that has none either.
        path = [min(outside, key=places.__getitem__)]
        while True:
            before = next(edge.source for edge in self.incoming[path[-1]] if edge.source in outside)
            if before in path:
                cycle = path[path.index(before) :][::-1]
                first = min(range(len(cycle)), key=lambda at: places[cycle[at]])
                return cycle[first:] + cycle[:first]
            path.append(before)

    def before(self, step: str) -> set[str]:
        """Every step that leads to this one, near or far: whose outputs its expressions may use."""
        found: set[str] = set()
        waiting = [step]
        while waiting:
            for edge in self.incoming.get(waiting.pop(), []):
                if edge.source not in found:
                    found.add(edge.source)
                    waiting.append(edge.source)
        return found


def step_of(step: dict[str, Any]) -> Step:
    """One step of a document."""
    return Step(
        id=step["id"],
        kind=step["kind"],
        title=step.get("title") or step["id"],
        settings=step.get("settings") or {},
        input=step.get("input") or {},
        action=step.get("action", ""),
        connection=step.get("connection", ""),
        retry=step.get("retry"),
        timeout_seconds=step.get("timeout_seconds"),
        body=Graph.of(step["body"]) if step["kind"] in BODIES and "body" in step else None,
    )
