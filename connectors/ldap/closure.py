"""Nested groups, closed in memory: whoever is in a group is in every group that it is in. Cycles do no harm.

Groups are numbers; children are the groups in a group, parents the groups that a group is in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Children = Sequence[Sequence[int]]


def components(children: Children) -> list[list[int]]:
    """Groups that contain each other stand together; what a group contains comes before it (Tarjan's algorithm)."""
    order: list[list[int]] = []
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in range(len(children)):
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(children[root]))]
        while work:
            group, rest = work[-1]
            for child in rest:
                if child not in index:
                    index[child] = low[child] = len(index)
                    stack.append(child)
                    on_stack.add(child)
                    work.append((child, iter(children[child])))
                    break
                if child in on_stack:
                    low[group] = min(low[group], index[child])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[group])
                if low[group] == index[group]:
                    together: list[int] = []
                    while not together or together[-1] != group:
                        together.append(stack.pop())
                        on_stack.discard(together[-1])
                    order.append(together)
    return order


def ways_down(start: int, children: Children) -> dict[int, list[int]]:
    """Every group in a group, itself included, with the shortest way to it from there."""
    found = {start: [start]}
    waiting = deque(found)
    while waiting:
        group = waiting.popleft()
        for child in children[group]:
            if child not in found:
                found[child] = [*found[group], child]
                waiting.append(child)
    return found


def path(start: Sequence[int], parents: Children, goal: int) -> list[int]:
    """The shortest way up from one of these groups to the goal, both included; empty when there is none."""
    came_from: dict[int, int | None] = dict.fromkeys(start)
    waiting = deque(came_from)
    while waiting:
        group = waiting.popleft()
        if group == goal:
            way = [group]
            while (before := came_from[way[-1]]) is not None:
                way.append(before)
            return way[::-1]
        for parent in parents[group]:
            if parent not in came_from:
                came_from[parent] = group
                waiting.append(parent)
    return []


def cycles(children: Children) -> list[list[int]]:
    """Groups that contain each other, and groups that contain themselves."""
    return [
        sorted(together)
        for together in components(children)
        if len(together) > 1 or together[0] in children[together[0]]
    ]
