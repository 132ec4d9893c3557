"""What is not right in a directory although it was read whole: said with every plan that was made from it."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.ldap.client import LdapClient
from connectors.ldap.closure import cycles
from connectors.ldap.grouping import Grouping
from connectors.ldap.nesting import nesting_of


def of_groups(client: LdapClient, grouping: Grouping) -> Iterator[str]:
    circles = cycles(nesting_of(grouping).children)
    if circles:
        named = ", ".join(str(grouping.body(number, client)["id"]) for number in circles[0][:3])
        yield f"{len(circles)} circles of groups that contain each other, such as {named}."
    if empty := sum(not members for members in grouping.members):
        yield f"{empty} groups have no member."


def of_strangers(grouping: Grouping, people_met: int) -> Iterator[str]:
    """`people_met` counts the people who are in some group."""
    groups_met = sum(bool(grouping.groups_of(key)) for key in grouping.number_of)
    if (strangers := grouping.member_count - groups_met - people_met) > 0:
        yield f"{strangers} members are neither people nor groups that can be seen; they may have been deleted."
