"""Graphs from pictures: `a -> b -> c` and `a -yes-> b`, one chain a line."""

from __future__ import annotations

import re
from typing import Any

from workflows.graph.graph import Graph

_ARROW = re.compile(r"\s*-(?:([a-z_]+)-)?>\s*")


def drawn(picture: str, **steps: dict[str, Any]) -> dict[str, Any]:
    """A document. Steps are transforms unless the keywords say something else of them."""
    found: dict[str, None] = {}
    edges = []
    for line in filter(None, map(str.strip, picture.splitlines())):
        names = _ARROW.split(line)
        found[names[0]] = None
        for at in range(0, len(names) - 2, 2):
            found[names[at + 2]] = None
            edges.append({"from": names[at], "port": names[at + 1] or "ok", "to": names[at + 2]})
    usual = {"kind": "transform", "settings": {"value": 1}}
    made = [{"id": name, **(steps.get(name) or usual)} for name in found]
    return {"format": 1, "name": "Drawn", "steps": made, "edges": edges}


def draw(picture: str, **steps: dict[str, Any]) -> Graph:
    return Graph.of(drawn(picture, **steps))
