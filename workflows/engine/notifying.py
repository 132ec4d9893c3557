"""The step *notify*: finds whom to tell and stores a delivery for each. Sending them is `delivering`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator

from hub.accounts.models import Workspace
from hub.sdk import ConnectorError, Misconfigured, TryLater
from hub.watch import clock
from workflows.engine import calling, channels, concluding, recipients
from workflows.engine.calling import Later, error_of
from workflows.engine.journal import Journal
from workflows.engine.recipients import Recipient
from workflows.graph.notices import SCHEMA
from workflows.graph.problem import complaint
from workflows.models import Attempt, Delivery, DeliveryState, Notice, NoticeState, Run, RunStep
from workflows.planning.quiet import QuietError, due

_AT_ONCE = 1000


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    """Store whom to tell, together with the end of the step; a Later is the caller's to note."""
    try:
        due_at = _check(run.workspace, values)
        members = recipients.members_of(run.workspace, values.get("members", []))
        with journal.together():
            notice = _notice(run.workspace, row, values)
            meant = recipients.sorted_out(run.workspace, members, values.get("to", []), notice.kind)
            _store(notice, meant, values, due_at)
            _end(journal, row, attempt, notice)
    except TryLater as trouble:
        return Later(error_of(trouble), trouble.after_seconds)
    except ConnectorError as trouble:
        error = error_of(trouble)
        journal.fail(row, attempt, error | {"field": f"settings/{error.get('field', '')}".rstrip("/")})
    return None


def shown(notice: Notice) -> dict[str, Any]:
    """A notice as the step's output has it. Who they are is read on its page."""
    rows = notice.deliveries.values_list("state", "reason")
    counted = Counter(str(state) for state, _ in rows)
    reasons = Counter(reason for state, reason in rows if state == DeliveryState.WITHHELD)
    return {
        "id": str(notice.id),
        "topic": notice.topic,
        "deliveries": dict(counted),
        "withheld": dict(reasons),
        "url": f"{settings.PUBLIC_URL}/deliveries?notice={notice.id}",
    }


def _end(journal: Journal, row: RunStep, attempt: Attempt, notice: Notice) -> None:
    notice.refresh_from_db()
    if notice.state == NoticeState.NOBODY:
        message = f'Nobody can be told of "{notice.subject}", and somebody has to be. Name a fallback who can.'
        return journal.fail(row, attempt, {"code": "nobody-told", "message": message, "detail": shown(notice)})
    return journal.succeed(row, attempt, shown(notice))


def _check(workspace: Workspace, values: dict[str, Any]) -> datetime:
    """When it is due. Raises Misconfigured with the field at fault; makes no call."""
    for error in Draft202012Validator(SCHEMA).iter_errors(values):
        path = "/".join(map(str, error.absolute_path))
        raise Misconfigured(f"{path or 'The notice'} {complaint(error)}.", field=path)
    told = values.get("to") or values.get("members") or values.get("fallback")
    if told and not values.get("mail"):
        raise Misconfigured("People are told by mail: name an e-mail connection.", field="mail")
    if not told and not values.get("web") and not values.get("chat"):
        raise Misconfigured("It is told to nobody: name addresses, members, channels or web addresses.", field="to")
    channels_of = {
        "mail": [values["mail"]] if told else [],
        **{name: values.get(name, []) for name in ("chat", "web")},
    }
    for field, names in channels_of.items():
        for name in names:
            try:
                channels.check(workspace, name, field)
            except Misconfigured as wrong:
                raise Misconfigured(wrong.message, field=field) from None
    for address in [*values.get("to", []), *values.get("fallback", [])]:
        if "@" not in address or any(character.isspace() for character in address.strip()):
            raise Misconfigured(f'"{address[:100]}" is no e-mail address.', field="to")
    for source in values.get("members", []):
        calling.prepare(workspace, source["action"], source["connection"], dict(source.get("input", {})))
    now = clock.now()
    try:
        later = due(now, quiet=values.get("quiet"), digest=values.get("digest"))
    except QuietError as wrong:
        raise Misconfigured(wrong.message, field=wrong.field) from None
    return now if values.get("must_reach") else later


def _notice(workspace: Workspace, row: RunStep, values: dict[str, Any]) -> Notice:
    """The one notice of this topic: what was said first stays what is said."""
    said = {name: values.get(name, "") for name in ("kind", "subject", "text", "html", "mail")}
    said["subject"] = " ".join(said["subject"].split())
    now, must_reach = clock.now(), bool(values.get("must_reach"))
    more = {"sources": values.get("members", []), "fallback": values.get("fallback", []), "resolved_at": now}
    notice, is_new = Notice.objects.select_for_update(of=("self",)).get_or_create(
        workspace=workspace, topic=values["topic"], defaults=said | more | {"step": row, "must_reach": must_reach}
    )
    if not is_new:
        notice.sources += [each for each in values.get("members", []) if each not in notice.sources]
        notice.fallback += [each for each in values.get("fallback", []) if each not in notice.fallback]
        notice.must_reach |= must_reach
        notice.state = NoticeState.OPEN
        notice.save()
    return notice


def _to_channel(notice: Notice, name: str, due_at: datetime, *, digest: bool) -> Delivery:
    return Delivery(
        workspace_id=notice.workspace_id, notice=notice, person=f"connection:{name}", name=name, connection=name,
        due_at=due_at, digest=digest,
    )  # fmt: skip


def _store(notice: Notice, meant: list[Recipient], values: dict[str, Any], due_at: datetime) -> None:
    """A row for everybody who has none. The database refuses a second for a person or an address."""
    digest = bool(values.get("digest")) and not values.get("must_reach")
    rows = [concluding.delivery_for(notice, each, due_at, digest=digest) for each in meant]
    at_once = clock.now()
    rows += [_to_channel(notice, name, due_at, digest=digest) for name in values.get("chat", [])]
    rows += [_to_channel(notice, name, at_once, digest=False) for name in values.get("web", [])]
    Delivery.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)
    concluding.conclude(notice.id)
