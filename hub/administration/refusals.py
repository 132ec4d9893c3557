"""Sign-ins that were refused, in the audit trail: enough to notice an attack, too little to fill the table.

A refusal belongs to the workspace that the person's sessions are noted in. Of a name that is nobody's only the
address is noted: people type passwords there by mistake.
"""

from __future__ import annotations

from django.http import HttpRequest

from hub.accounts.access import Actor, workspaces_of
from hub.accounts.models import Person, Workspace
from hub.api.counting import count
from hub.audit import record

REFUSED, LOCKED, SLOWED = "session.refused", "session.locked-out", "session.slowed-down"
WINDOW_SECONDS = 15 * 60
_EACH = 5
"""So many of one kind about one person are noted one by one in a window; after that the 10th, 100th, 1000th ..."""


def note(request: HttpRequest, verb: str, *, username: str = "") -> None:
    """Note that a sign-in was refused, unless there were many like it just now."""
    person = Person.objects.filter(username__iexact=username).first() if username else None
    workspace = workspaces_of(person).first() if person else None
    if workspace is None:
        person, workspace = None, Workspace.objects.order_by("id").first()
    if workspace is None:
        return
    times, _ = count(f"{verb}:{person.pk if person else '-'}", window_seconds=WINDOW_SECONDS)
    if times <= _EACH or str(times).rstrip("0") == "1":
        detail = {"from": str(request.META.get("REMOTE_ADDR", "")), "times_in_a_quarter_of_an_hour": times}
        record(Actor.system(workspace), verb, person, detail)
