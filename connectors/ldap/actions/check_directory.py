"""The action `ldap.check_directory`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.closure import cycles
from connectors.ldap.grouping import read_grouping
from connectors.ldap.listings import people_in
from connectors.ldap.names import key_of
from connectors.ldap.nesting import nesting_of
from hub.sdk import Action, Call, Effect, Fields, Proof, field

_MOST = 50


class CheckDirectory(Action[LdapClient]):
    """Look for what makes directories go wrong: cycles, empty groups, members that are gone, values used twice."""

    title = "Check the directory"
    effect = Effect.NONE

    class Input(Fields):
        unique: list[str] = field(
            "Attributes that only one person may have", default_factory=lambda: ["mail", "employeeNumber"]
        )

    class Output(Fields):
        people: int
        groups: int
        cycles: list[list[str]]
        empty_groups: list[str]
        strangers: list[str]
        """Members that are neither people nor groups that can be seen."""
        used_twice: dict[str, list[str]]
        truncated: bool
        """Whether a list was cut after fifty."""
        complete: bool
        problems: list[str]

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        groups_proof, proof = Proof(), Proof()
        grouping = read_grouping(client, groups_proof)
        known = set(grouping.number_of)
        counts: dict[str, Counter[str]] = {name: Counter() for name in (*input.unique, client.dialect.login)}
        aliases = {name: name for name in input.unique}
        for body in people_in(client, grouping, proof, aliases=aliases, must_exist=False):
            known.add(key_of(body["location"].encode()))
            counts[client.dialect.login][body["name"].casefold()] += 1
            for name in input.unique:
                found = body["attributes"][name]
                for value in found if isinstance(found, list) else [found] if found else []:
                    counts[name][value.casefold()] += 1
        ids = [grouping.body(number, client)["id"] for number in range(len(grouping.ids))]
        strangers = sorted(key.decode("utf-8", "replace") for key in grouping.names if key not in known)
        empty = [ids[number] for number, members in enumerate(grouping.members) if not members]
        circles = [[ids[number] for number in circle] for circle in cycles(nesting_of(grouping).children)]
        twice = {name: sorted(value for value, times in each.items() if times > 1) for name, each in counts.items()}
        lists = [strangers, empty, circles, *twice.values()]
        return self.Output(
            people=proof.count,
            groups=groups_proof.count,
            cycles=circles[:_MOST],
            empty_groups=empty[:_MOST],
            strangers=strangers[:_MOST],
            used_twice={name: values[:_MOST] for name, values in twice.items() if values},
            truncated=any(len(each) > _MOST for each in lists),
            complete=proof.complete and groups_proof.complete,
            problems=[*groups_proof.problems, *proof.problems],
        )
