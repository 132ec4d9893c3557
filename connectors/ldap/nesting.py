"""Who is in a group through other groups, and by which way."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.ldap.client import LdapClient
from connectors.ldap.grouping import Grouping, read_grouping
from hub.sdk import Proof, Rejected, UnexpectedReply


@dataclass(frozen=True)
class Nesting:
    """The groups of a directory as a graph over numbers."""

    grouping: Grouping
    children: list[list[int]]
    parents: list[list[int]]

    def below(self, start: int) -> list[int]:
        """Every group below one, each once; a cycle ends where it began."""
        found: list[int] = []
        seen, waiting = {start}, [start]
        while waiting:
            for child in self.children[waiting.pop()]:
                if child not in seen:
                    seen.add(child)
                    found.append(child)
                    waiting.append(child)
        return found


def read_nesting(client: LdapClient) -> Nesting:
    """Raises when the groups cannot be read whole."""
    proof = Proof()
    grouping = read_grouping(client, proof)
    if not proof.complete:
        raise UnexpectedReply(f"The groups could not be read whole: {proof.problems[0]}")
    return nesting_of(grouping)


def nesting_of(grouping: Grouping) -> Nesting:
    parents: list[list[int]] = [[] for _ in grouping.ids]
    children: list[list[int]] = [[] for _ in grouping.ids]
    for key, number in grouping.number_of.items():
        parents[number] = grouping.groups_of(key)
        for parent in parents[number]:
            children[parent].append(number)
    return Nesting(grouping, children, parents)


def number_of_group(nesting: Nesting, uuid: str, reference: str) -> int:
    try:
        return nesting.grouping.ids.index(uuid)
    except ValueError:
        raise Rejected(f'The group "{reference}" is not below the base of the groups.', missing=True) from None
