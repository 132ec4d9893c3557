"""Who is told of something, just now, and who is not and why: whoever left, is disabled or opted out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.accounts.models import Workspace
from hub.expr import ExpressionError, evaluate
from hub.sdk import Call, Effect, Misconfigured
from workflows.engine import calling
from workflows.models import OptOut

_TIMEOUT_SECONDS = 60.0
WHY = {
    "opted-out": "They opted out.",
    "disabled": "The directory says that the account is disabled.",
    "left": "The directory no longer names them in the group.",
    "no-address": "No e-mail address of theirs is known.",
    "same-address": "Somebody else with the same address is told.",
    "not-established": "The directory did not say whether the account is disabled.",
    "no-directory": "The directory could not be asked whether they are still meant.",
    "ended": "What they were asked had ended before it was sent.",
}


@dataclass(frozen=True)
class Recipient:
    """Somebody who is meant, and the reason when they are not told."""

    person: str
    name: str
    address: str
    from_directory: bool
    reason: str = ""


def members_of(workspace: Workspace, sources: Iterable[Mapping[str, Any]]) -> dict[str, Recipient]:
    """Everybody whom the directories name, each once. Raises the connectors' errors."""
    found: dict[str, Recipient] = {}
    for source in sources:
        for told in _told(workspace, source):
            recipient = _read(told)
            held = found.get(recipient.person)
            # One directory that says "disabled" is enough.
            if held is None or (recipient.reason and not held.reason):
                found[recipient.person] = recipient
    return found


def sorted_out(
    workspace: Workspace, members: Mapping[str, Recipient], addresses: Iterable[str], kind: str
) -> list[Recipient]:
    """All who are meant, each address told once, those that are not told with the reason."""
    people = list(members.values())
    barred = {each.address.lower() for each in people if each.reason and each.address}
    for address in addresses:
        key = address.strip().lower()
        if key not in members:
            reason = "disabled" if key in barred else ""
            people.append(Recipient(key, "", address.strip(), from_directory=False, reason=reason))
    out = opted_out(workspace, people, kind)
    taken: set[str] = set()
    made: dict[str, Recipient] = {}
    for each in sorted(people, key=lambda one: (not one.from_directory, one.person)):
        reason, address = each.reason, each.address.lower()
        if not reason and out & {each.person, address}:
            reason = "opted-out"
        if not reason and address in taken:
            reason = "same-address"
        if not reason:
            taken.add(address)
        made.setdefault(each.person, replace(each, reason=reason))
    return list(made.values())


def opted_out(workspace: Workspace, people: Iterable[Recipient], kind: str) -> set[str]:
    """Which of these ids and addresses want nothing of this kind."""
    named = {text for each in people for text in (each.person, each.address.lower()) if text}
    rows = OptOut.objects.filter(workspace=workspace, kind__in={"", kind}, person__in=named)
    return set(rows.values_list("person", flat=True))


def _read(told: Any) -> Recipient:
    if not isinstance(told, dict) or not isinstance(told.get("id"), str) or not told["id"]:
        raise Misconfigured("What the directory told holds no list of people with an id.", field="members")
    address = str(told.get("mail") or "").strip()
    disabled = told.get("disabled")
    if disabled is True:
        reason = "disabled"
    elif disabled is not False:
        reason = "not-established"
    else:
        reason = "" if address else "no-address"
    name = str(told.get("name") or "")[:200]
    return Recipient(told["id"].lower()[:320], name, address[:320], from_directory=True, reason=reason)


def _told(workspace: Workspace, source: Mapping[str, Any]) -> list[Any]:
    prepared = calling.prepare(workspace, source["action"], source["connection"], dict(source.get("input", {})))
    if prepared.entry.effect is not Effect.NONE:
        raise Misconfigured(f'"{source["action"]}" changes something. People come from an action that only reads.')
    call = Call(key=str(uuid.uuid4()), attempt=1, timeout_seconds=_TIMEOUT_SECONDS)
    output = prepared.entry.implementation.run(prepared.input, prepared.opened.client, call).model_dump(mode="json")
    try:
        people = evaluate(f"={source['people']}", output, place="people")
    except ExpressionError as wrong:
        raise Misconfigured(f"The people cannot be read from what was told: {wrong}", field="members") from None
    return people if isinstance(people, list) else [people]
