"""Nested groups, closed in memory: whoever is in a group is in every group that it is in. Cycles do no harm.

Groups are numbers. A group's members of all depths are one large integer whose bits are people.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

Children = Sequence[Sequence[int]]


def components(children: Children) -> list[list[int]]:
    """Groups that contain each other stand together; what a group contains stands before it (Tarjan, no recursion)."""
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


def effective(children: Children, people: Sequence[Sequence[int]], count: int) -> list[int]:
    """Of each group the people in it or in a group below it, as bits."""
    found = [0] * len(children)
    place: dict[int, int] = {}
    for number, together in enumerate(components(children)):
        place.update(dict.fromkeys(together, number))
        bits = bytearray((count + 7) // 8)
        for group in together:
            for person in people[group]:
                bits[person >> 3] |= 1 << (person & 7)
        union = int.from_bytes(bits, "little")
        for child in {child for group in together for child in children[group]} - set(together):
            union |= found[child]
        for group in together:
            found[group] = union
    return found


def numbers_in(bits: int) -> Iterator[int]:
    """The people in an integer of `effective`."""
    for place, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        while byte:
            lowest = byte & -byte
            yield place * 8 + lowest.bit_length() - 1
            byte ^= lowest


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
