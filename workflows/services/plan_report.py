"""A plan for people to read on paper: what it is, what was decided, and its changes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from hub.audit import paper
from workflows.models import Change, ChangeState, Plan
from workflows.services.plans import summary

MOST_LINES = 2000
"""Changes in the report; all of them are in the table that can be exported beside it."""
LONGEST = 300


def report_of(plan: Plan, changes: Iterable[Change], count: int, *, chosen: str = "") -> bytes:
    """`chosen` says in words which changes were asked for; empty stands for all."""
    paper.bring_fonts()
    story: list[Flowable] = [
        Paragraph(escape(plan.title), paper.title()),
        Spacer(1, 3 * mm),
        paper.facts([[_p(f"<b>{name}</b>"), _p(escape(said))] for name, said in _about(plan, chosen) if said]),
        Paragraph("What the guards said", paper.head()),
        *(_p(escape(guard["message"])) for guard in plan.guards),
        Paragraph("Changes", paper.head()),
        _table(list(islice(changes, MOST_LINES))),
    ]
    if count > MOST_LINES:
        said = f"And {count - MOST_LINES} more changes, which the export as a table holds."
        story.append(Paragraph(said, paper.small()))
    return paper.printed(plan.title, story, wide=True)


def _about(plan: Plan, chosen: str) -> list[tuple[str, str]]:
    decided = f"{plan.decided_at:%Y-%m-%d %H:%M:%S} UTC by {plan.decided_by or 'stages'}" if plan.decided_at else ""
    states = "; ".join(f"{count} {ChangeState(state).label}" for state, count in summary(plan).items())
    return [
        ("State", plan.get_state_display()),
        ("Made", f"{plan.created_at:%Y-%m-%d %H:%M:%S} UTC" + (f" by {plan.created_by}" if plan.created_by else "")),
        ("Changes", "; ".join(f"{count} {kind}" for kind, count in plan.counts.items())),
        ("What became of them", states),
        ("Decided", decided),
        ("Comment", plan.comment),
        ("Digest of all changes", plan.digest),
        ("Digest of the approved ones", plan.approved_digest),
        ("Shown here", chosen),
        ("Printed", f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC"),
    ]


def _table(changes: list[Change]) -> Flowable:
    heads = ("No.", "Object", "What changes", "Why", "State")
    rows = [[_cell(f"<b>{each}</b>") for each in heads], *map(_line, changes)]
    return paper.lines(rows, [14 * mm, 62 * mm, 92 * mm, 62 * mm, 30 * mm])


def _line(change: Change) -> list[Paragraph]:
    return [
        _cell(str(change.position)),
        _cell(f"<b>{escape(change.title[:LONGEST])}</b><br/>{change.operation} {escape(change.resource)}"),
        _cell("<br/>".join(_fields(change.before or {}, change.after or {}))),
        _cell("<br/>".join(f"{escape(name)}: {_short(value)}" for name, value in change.cause.items())),
        _cell(escape(f"{change.state.replace('_', ' ')} {change.message[:LONGEST]}")),
    ]


def _fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    made = []
    for name in names[:20]:
        was = f"<strike>{_short(before[name])}</strike> " if name in before else ""
        made.append(f"{escape(name)}: {was}{_short(after[name]) if name in after else ''}")
    return made


def _short(value: Any) -> str:
    match value:
        case None:
            text = "–"
        case list():
            text = ", ".join(map(str, value))
        case dict():
            text = "; ".join(f"{name} {inner}" for name, inner in value.items())
        case _:
            text = str(value)
    return escape(text[:LONGEST])


def _p(text: str) -> Paragraph:
    return Paragraph(text, paper.text())


def _cell(text: str) -> Paragraph:
    return Paragraph(text, paper.cell())
