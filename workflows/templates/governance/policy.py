"""Who may do what by the policy, and who may by the roles that groups have. Pure.

Exstream knows rights by resource type: CREATE, WRITE, DELETE, APPROVE (HELP). Reading comes with any role in a domain
and is no matter of policy. It has no word for publishing: which right lets publish is inferred, and can be set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Resource types by library group (SPEC), and those that are newer than the groups were written down.
GROUPS: dict[str, tuple[str, ...]] = {
    "designer": ("exstrapplication", "exstrdocument", "exstrpage", "exstremail", "exstrhtml5", "exstrmessaging",
                 "exstrcomponentobj"),
    "author": ("documentdefinition", "exstrparagraph", "exstrparagraphsection", "exstrtextmessage",
               "exstrgraphicalmessage"),
    "designAsset": ("image", "font", "fontdefinition", "samplefile", "exstrpapertype", "exstrbarcode",
                    "exstrmetadata", "exstrmessagetype"),
    "commAsset": ("exstrcommunicationset", "exstrdatasource", "exstrvariablebase", "exstroutputqueue", "exstroutput",
                  "exstrlanguage", "exstrlocale"),
    "orchestrator": ("versionedtemplate", "flowmodel", "orcsettings", "flowscript", "exstrpackage", "resourcepack",
                     "enginerundef", "exstrengine"),
}  # fmt: skip
NEWER = ("exstrrule", "exstrstyle", "exstrstylesheet", "exstrnamedcolor", "exstrcolorfamily", "exstrevent",
         "dashboard", "pdf")  # fmt: skip
KNOWN = frozenset([*(each for types in GROUPS.values() for each in types), *NEWER])
PUBLISHED = ("flowmodel", "orcsettings")
"""What is published."""
WORDS = ("CREATE", "WRITE", "DELETE", "APPROVE")
OF_ACTION = {"create": ("CREATE",), "edit": ("WRITE", "DELETE"), "approve": ("APPROVE",)}
Right = tuple[str, str]
"""A resource type and a word."""


@dataclass(frozen=True)
class Grant:
    """That a group has a role in a domain."""

    domain: str
    group: str
    role: str


def types_of(selectors: Iterable[str]) -> frozenset[str]:
    """The types that these types and group selectors mean."""
    made: set[str] = set()
    for each in selectors:
        made |= KNOWN if each == "all" else set(GROUPS.get(each, (each,)))
    return frozenset(made)


def allowed(
    rows: Iterable[Mapping[str, Any]], domains: Iterable[str], publish_word: str
) -> dict[tuple[str, str], set[Right]]:
    """What each team may do in each domain, by the policy."""
    made: dict[tuple[str, str], set[Right]] = defaultdict(set)
    for row in rows:
        rights = {
            (kind, word)
            for action in row["may"]
            for word in OF_ACTION.get(action, ())
            for kind in types_of(row.get("types") or ["all"])
        }
        if "publish" in row["may"]:
            rights |= {(kind, publish_word) for kind in PUBLISHED}
        for domain in row.get("domains") or domains:
            made[row["team"], domain] |= rights
    return dict(made)


def rights_of_roles(permissions: Iterable[Mapping[str, Any]]) -> dict[str, set[Right]]:
    """What each role lets do, from the role permissions as they are read."""
    made: dict[str, set[Right]] = defaultdict(set)
    for row in permissions:
        words = WORDS if "ALL" in row["permissions"] else [each for each in row["permissions"] if each in WORDS]
        made[row["role"]] |= {(kind, word) for kind in types_of([row["type"]]) for word in words}
    return dict(made)


def held(grants: Iterable[Grant], roles: Mapping[str, set[Right]]) -> dict[tuple[str, str], set[Right]]:
    """What each group can do in each domain: the union of its roles."""
    made: dict[tuple[str, str], set[Right]] = defaultdict(set)
    for each in grants:
        made[each.group, each.domain] |= roles.get(each.role, set())
    return dict(made)


def repaired(
    grants: Iterable[Grant],
    roles: Mapping[str, set[Right]],
    may: Mapping[tuple[str, str], set[Right]],
    offered: Iterable[str],
) -> dict[tuple[str, str], list[str]]:
    """The roles that each team should have in each domain: none that gives more than it may, and of those `offered`
    as few as give what it lacks, each time the one that gives the most of it."""
    now: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in grants:
        now[each.group, each.domain].append(each.role)
    made: dict[tuple[str, str], list[str]] = {}
    for place, rights in may.items():
        kept = [role for role in now.get(place, ()) if roles.get(role, set()) <= rights]
        lacking = rights - set().union(*(roles.get(role, set()) for role in kept))
        fitting = sorted(role for role in offered if roles.get(role) and roles[role] <= rights)
        while lacking and fitting:
            best = max(fitting, key=lambda role: len(roles[role] & lacking))
            if not roles[best] & lacking:
                break
            kept.append(best)
            lacking -= roles[best]
        made[place] = kept
    return made


def in_words(rights: Iterable[Right]) -> str:
    """Such as "CREATE, WRITE on exstrapplication; APPROVE on every type"."""
    types: dict[str, set[str]] = defaultdict(set)
    for kind, word in rights:
        types[kind].add(word)
    by_words: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for kind, words in types.items():
        by_words[tuple(sorted(words))].add(kind)
    return "; ".join(f"{', '.join(words)} on {_named(kinds)}" for words, kinds in sorted(by_words.items()))


def _named(kinds: set[str]) -> str:
    if kinds >= KNOWN:
        return "every type"
    names = [group for group, types in GROUPS.items() if set(types) <= kinds]
    rest = sorted(kinds - {each for name in names for each in GROUPS[name]})
    return ", ".join([*names, *rest])
