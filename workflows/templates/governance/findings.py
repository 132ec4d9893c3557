"""What is not as the policy says: rights, people who check themselves, and what went live. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from workflows.reconcile.contract import Finding
from workflows.templates.governance.policy import Right, in_words

Body = Mapping[str, Any]
EDITS = frozenset({"CREATE", "CONTENT", "METADATA"})


def of_rights(
    may: Mapping[tuple[str, str], set[Right]], can: Mapping[tuple[str, str], set[Right]]
) -> Iterator[Finding]:
    """More or less than the policy says, by group and domain."""
    for group, domain in sorted({*may, *can}):
        allowed, held = may.get((group, domain), set()), can.get((group, domain), set())
        if more := held - allowed:
            named = "" if (group, domain) in may else ", which the policy does not name there,"
            said = f"{group}{named} can do more in {domain} than the policy allows: {in_words(more)}."
            yield Finding("excess-right", f"{domain}|{group}", said, domain=domain, subject=group)
        if less := allowed - held:
            said = f"{group} cannot do in {domain} what the policy says: {in_words(less)}."
            yield Finding("missing-right", f"{domain}|{group}", said, domain=domain, subject=group)


def of_people(members: Mapping[str, Iterable[str]], can: Mapping[tuple[str, str], set[Right]]) -> Iterator[Finding]:
    """People who can edit and approve the same type in a domain, by all of their groups together."""
    domains = sorted({domain for _, domain in can})
    for person, groups in members.items():
        for domain in domains:
            rights = set().union(*(can.get((group, domain), set()) for group in groups))
            edits = {kind for kind, word in rights if word in ("CREATE", "WRITE")}
            both = {(kind, word) for kind, word in rights if word == "APPROVE" and kind in edits}
            if both:
                said = f"{person} can both edit and approve in {domain}: {in_words(both)}."
                yield Finding("can-check-own-work", f"{domain}|{person}", said, domain=domain, person=person)


def of_histories(
    histories: Iterable[Body],
    approvers: Mapping[str, set[tuple[str, str]]],
    groups_at: Callable[[str, str], Iterable[str]],
) -> Iterator[Finding]:
    """Approvals by whoever edited the same version, and by whoever the policy does not let approve.

    `approvers` says for each group in which domains it may approve which types; `groups_at` in which groups somebody
    was at a time.
    """
    for (domain, resource, version), entries in _by_version(histories).items():
        edited = {each["modifiedBy"] for each in entries if each.get("historyType") in EDITS}
        for each in entries:
            if each.get("historyType") != "STATE" or each.get("state") != "APPROVED":
                continue
            who, name = str(each["modifiedBy"]), each["name"]
            key = f"{domain}|{resource}|{version}|{who}"
            about = {"domain": domain, "subject": resource, "person": who}
            if who in edited:
                said = f"{who} approved version {version} of {name} in {domain}, and had edited it."
                yield Finding("checked-own-work", key, said, **about)
            places = set().union(
                *(approvers.get(group, set()) for group in groups_at(who, str(each["modifiedDate"])))
            )
            if (domain, each["type"]) not in places:
                said = f"{who} approved version {version} of {name} in {domain}, which the policy does not let them."
                yield Finding("approved-without-right", key, said, **about)


def of_production(
    live: Iterable[Body], histories: Iterable[Body], used: Mapping[str, Iterable[Body]]
) -> Iterator[Finding]:
    """What is published in production without an approval of just that version, or uses what has none.

    `live` are published flow models; `used` says by the id of each what it uses.
    """
    approved = {
        (domain, resource, version)
        for (domain, resource, version), entries in _by_version(histories).items()
        if any(each.get("historyType") == "STATE" and each.get("state") == "APPROVED" for each in entries)
    }
    for each in live:
        domain, model, version = each["domain"], each["flowModelId"], each.get("version")
        about = {"domain": domain, "subject": model, "person": str(each.get("publishedBy") or "")}
        named = each.get("flowModelName") or model
        # Whether a snapshot tells its version is not established; without it any approved one counts.
        if not any(place == (domain, model, version or place[2]) for place in approved):
            told = f"{named}, version {version}," if version else named
            said = f"{told} is published in {domain}, and nobody approved it."
            yield Finding("unapproved-live", f"{domain}|{model}|{version}", said, **about)
        for part in used.get(f"{domain}|{model}", ()):
            if not any(place[:2] == (domain, part["id"]) for place in approved):
                said = f"{named} is published in {domain} and uses {part['name']}, of which no version was approved."
                yield Finding("unapproved-live", f"{domain}|{model}|{part['id']}", said, **about)


def of_owners(
    templates: Iterable[Body], owners: Mapping[tuple[str, str], Body], known: Mapping[str, bool], today: date
) -> Iterator[Finding]:
    """Templates in production that nobody owns, and reviews that are overdue. `known`: people, and who is enabled."""
    for each in templates:
        domain, resource, name = each["domain"], each["id"], each["name"]
        kept = owners.get((domain, resource))
        about = {"domain": domain, "subject": resource}
        if kept is None or not kept["owner"]:
            said = f"{name} is in production in {domain}, and has no owner."
            yield Finding("ownerless", f"{domain}|{resource}", said, **about)
        elif not known.get(kept["owner"], False):
            said = f"{name} in {domain} is owned by {kept['owner']}, who has left or is disabled."
            yield Finding("ownerless", f"{domain}|{resource}", said, **about, person=kept["owner"])
        due = kept["review_on"] if kept else None
        if due is not None and due < today:
            said = f"{name} in {domain} should have been reviewed by {due.isoformat()}."
            yield Finding("review-overdue", f"{domain}|{resource}", said, **about)


def _by_version(histories: Iterable[Body]) -> dict[tuple[str, str, Any], list[Body]]:
    made: dict[tuple[str, str, Any], list[Body]] = defaultdict(list)
    for each in histories:
        made[each["domain"], each["resource"], each.get("version")].append(each)
    return made
