"""What people do with evidence. One function a verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import Person, Workspace
from hub.api.errors import Conflict, Invalid
from hub.audit.chain import Verdict
from hub.audit.chains import check_evidence
from hub.audit.evidence import acting, seeing
from hub.audit.evidence.facts import CLASSES
from hub.audit.evidence.models import Evidence, EvidenceFeed, EvidencePack
from hub.audit.evidence.packs import USUALLY_SHOWN, Made, TooMuch, make_pack
from hub.audit.evidence.sealing import seal
from hub.audit.evidence.selecting import TIMES, chosen_from, moment
from hub.audit.recording import Ref, record


def list_records(actor: Actor, **chosen: Any) -> QuerySet[Evidence]:
    """Those that fit everything given, the newest first."""
    allow(actor, "evidence.view")
    return chosen_from(actor.workspace.id, checked(chosen)).order_by("-number")


def list_feeds(actor: Actor) -> QuerySet[EvidenceFeed]:
    allow(actor, "evidence.view")
    return visible(actor, EvidenceFeed)


def verify(actor: Actor, *, noted: str = "") -> Verdict:
    """Recompute the chain of the workspace's evidence."""
    allow(actor, "evidence.view")
    return check_evidence(actor.workspace.id, noted=noted)


def list_packs(actor: Actor) -> QuerySet[EvidencePack]:
    allow(actor, "evidence.view")
    return visible(actor, EvidencePack.objects.defer("content").select_related("made_by"))


def read_pack(actor: Actor, pack: str) -> EvidencePack:
    """With its content; that somebody fetched it is recorded. Raises NotFound."""
    allow(actor, "evidence.export")
    held = fetch(actor, EvidencePack, id=pack)
    record(actor, "evidence.pack-fetched", held, {"digest": held.sha256})
    return held


def create_pack(
    actor: Actor, *, title: str, chosen: Mapping[str, Any], show: Sequence[str] | None = None
) -> EvidencePack:
    """Raises Conflict when no record fits, Invalid when too many do or a class is unknown."""
    allow(actor, "evidence.export")
    made = write_pack(actor.workspace, title, chosen, show=show, by=actor.person)
    if made is None:
        raise Conflict(
            "No record of evidence fits. Ask for a longer time, or for less.",
            code="nothing-to-pack",
            title="There is nothing to pack.",
        )
    return keep_pack(actor, made, by=actor.person)


def write_pack(
    workspace: Workspace, title: str, chosen: Mapping[str, Any], *, show: Sequence[str] | None, by: Person | None
) -> Made | None:
    """Seal, and write the pack out; nothing is kept yet."""
    given = tuple(show) if show is not None else USUALLY_SHOWN
    if unknown := sorted(set(given) - set(CLASSES)):
        detail = f"There is no class {unknown[0]}. There are: {', '.join(CLASSES)}."
        raise Invalid(errors=[{"pointer": "/show", "code": "class", "detail": detail}])
    wanted = checked(chosen)
    seal(workspace)
    try:
        return make_pack(workspace, title, wanted, show=given, by=str(by) if by else "Lockgate")
    except TooMuch as much:
        raise Invalid(errors=[{"pointer": "/chosen", "code": "too-much", "detail": str(much)}]) from None


def is_packed(workspace: Workspace, title: str, chosen: Mapping[str, Any]) -> bool:
    """Whether there is a pack of this name with what was chosen so."""
    wanted = {"title": title[:200], "asked__chosen": checked(chosen)}
    return EvidencePack.objects.filter(workspace=workspace, **wanted).exists()


@transaction.atomic
def keep_pack(actor: Actor, made: Made, *, by: Person | None) -> EvidencePack:
    about = made.manifest
    held = EvidencePack.objects.create(
        workspace=actor.workspace, title=about["title"], asked={"chosen": about["chosen"], "show": about["shown"]},
        manifest=about, content=made.content, sha256=made.digest, made_by=by,
    )  # fmt: skip
    told = {name: about[name] for name in ("chosen", "shown", "records", "head")}
    record(actor, "evidence.packed", held, {**told, "digest": made.digest})
    return held


def checked(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What was given of it; times are times with a zone. Raises Invalid."""
    for name in TIMES:
        if chosen.get(name):
            try:
                moment(chosen[name])
            except ValueError as wrong:
                said = f"{str(wrong).rstrip('.')}. Write a time such as 2026-03-01T09:00:00Z."
                raise Invalid(errors=[{"pointer": f"/chosen/{name}", "code": "time", "detail": said}]) from None
    return {name: value for name, value in chosen.items() if value not in (None, "")}


def could_see(actor: Actor, *, person: str, at: datetime, subject: str = "") -> dict[str, Any]:
    """What somebody could see at a time, and why. That it was asked is recorded."""
    allow(actor, "evidence.view")
    record(actor, "evidence.asked", Ref("person", person, person), {"question": "could-see", "at": at.isoformat()})
    return seeing.could_see(actor.workspace.id, person, at, subject=subject)


def acts_about(actor: Actor, *, job: str = "", subject: str = "", person: str = "") -> list[dict[str, Any]]:
    """Who did what to a job or a template, or what one person did, with what authority. Raises Invalid."""
    allow(actor, "evidence.view")
    if not (job or subject or person):
        detail = "Say which: a job, a subject or a person."
        raise Invalid(errors=[{"pointer": "job", "code": "required", "detail": detail}])
    about = Ref("evidence", job or subject or person)
    record(actor, "evidence.asked", about, {"question": "acts", "job": job, "subject": subject, "person": person})
    return acting.acts_about(actor.workspace.id, job=job, subject=subject, person=person)
