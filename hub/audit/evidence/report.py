"""The report of a pack: for people to read, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from hub.accounts.models import Workspace
from hub.audit import paper
from hub.audit.evidence.context import Contexts, in_words
from hub.audit.evidence.facts import CLASSES
from hub.audit.evidence.models import EvidenceFeed
from hub.audit.evidence.writing import Row

MOST_SHOWN = 1500
"""Records in the report; all of them are in the table."""
_NOT_SHOWN = {
    "person",
    "domain",
    "job",
    "subject",
    "resource",
    "id",
    "uuid",
    "at",
    "name",
    "type",
    "instance",
    "revision",
}


class Report:
    """Takes the records as they pass, then is written."""

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        chosen: Mapping[str, Any],
        show: tuple[str, ...],
        *,
        made_at: datetime,
        by: str,
    ) -> None:
        paper.bring_fonts()
        self.workspace, self.title, self.chosen, self.show = workspace, title, chosen, show
        self.made_at, self.by = made_at, by
        self.gaps: list[dict[str, Any]] = []
        self._rows: list[Row] = []
        self._contexts = Contexts(workspace.id)
        states = EvidenceFeed.objects.filter(workspace=workspace, is_state=True).values_list("kind", flat=True)
        self._counted = {"coverage", *states} - {chosen.get("kind")}
        """Kinds that the report counts but does not list, because they say how things are."""
        self._listed = 0
        self._text, self._small, self._cell = paper.text(), paper.small(), paper.cell()
        self._title, self._head = paper.title(), paper.head()

    def see(self, row: Row) -> None:
        if row.values["kind"] == "gap":
            self.gaps.append({name: row.shown.get(name, "") for name in ("feed", "of", "since", "until", "why")})
        if row.values["kind"] not in self._counted:
            self._listed += 1
            if len(self._rows) < MOST_SHOWN:
                self._rows.append(row)

    def written(self, kinds: Mapping[str, int], head: str, seals: int) -> bytes:
        story = [*self._front(kinds), *self._about_gaps(), *self._records(), *self._checking(head, seals)]
        return paper.printed(self.title, story)

    def _front(self, kinds: Mapping[str, int]) -> list[Flowable]:
        masked = [CLASSES[name] for name in CLASSES if name not in self.show]
        about = [
            ("Workspace", self.workspace.name),
            ("What was asked for", _asked(self.chosen)),
            ("Made", f"{self.made_at:%Y-%m-%d %H:%M:%S} UTC by {self.by}"),
            ("Records", "; ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))),
            ("Not shown", "; ".join(masked) if masked else "Everything that was collected is shown."),
        ]
        rows = [[self._p(f"<b>{name}</b>"), self._p(escape(text))] for name, text in about]
        table = paper.facts(rows)
        return [Paragraph(escape(self.title), self._title), Spacer(1, 3 * mm), table]

    def _about_gaps(self) -> list[Flowable]:
        made: list[Flowable] = [Paragraph("Gaps", self._head)]
        if not self.gaps:
            made.append(self._p("No gap in what was collected is recorded among these records."))
        for each in self.gaps:
            said = (
                f"<b>{escape(str(each['of']))}</b>, {escape(_time(each['since']))} to {escape(_time(each['until']))}"
            )
            made.append(self._p(f"{said}: {escape(str(each['why']))}"))
        return made

    def _records(self) -> list[Flowable]:
        heads = [
            Paragraph(f"<b>{name}</b>", self._cell) for name in ("No.", "When (UTC)", "What", "Who, as it was then")
        ]
        rows = [heads, *map(self._line, sorted(self._rows, key=lambda row: (row.at, row.number)))]
        table = paper.lines(rows, [14 * mm, 25 * mm, 80 * mm, 55 * mm])
        made: list[Flowable] = [Paragraph("What happened", self._head), table]
        made.append(
            Paragraph(
                "Listed is what happened. What was read of how things are (people, groups, roles, resources) is in "
                "records.csv.",
                self._small,
            )
        )
        if self._listed > len(self._rows):
            left = self._listed - len(self._rows)
            made.append(Paragraph(f"And {left} more records, which are in records.csv.", self._small))
        return made

    def _line(self, row: Row) -> list[Paragraph]:
        values = row.values
        what = f"<b>{escape(values['kind'])}</b> {escape(_about(values, row.shown))}"
        if values["gone"]:
            what += "<br/>is no longer there"
        said = _facts(row.shown)
        cells = [
            str(row.number),
            f"{row.at:%Y-%m-%d}<br/>{row.at:%H:%M:%S}",
            f"{what}<br/>{escape(said)}" if said else what,
        ]
        return [Paragraph(each, self._cell) for each in [*cells, self._who(row)]]

    def _who(self, row: Row) -> str:
        person = row.values["person"]
        if not person:
            return ""
        if "organisation" not in self.show or row.values["kind"] == "person":
            return escape(str(person))
        told = self._contexts.of(str(person), row.at)
        return f"{escape(str(person))}<br/>{escape(in_words(told))}"

    def _checking(self, head: str, seals: int) -> list[Flowable]:
        number, _, digest = head.partition(":")
        lines = [
            "Every record holds the digest of the one before it. Unpack this pack and run <b>python3 verify.py</b>: "
            "it needs nothing but Python, and says whether anything was altered, removed or added.",
            f"The last record here is number {number}, with the digest",
            f"<font name='Courier'>{digest}</font>",
            f"{seals} seals of the hub's own audit trail name heads of this chain. A head that was noted elsewhere, "
            "in an older pack or in a mail, shows that it was not written anew: give it to verify.py with --head.",
        ]
        return [KeepTogether([Paragraph("How to check this", self._head), *map(self._p, lines)])]

    def _p(self, text: str) -> Paragraph:
        return Paragraph(text, self._text)


def _asked(chosen: Mapping[str, Any]) -> str:
    return "; ".join(f"{name} {value}" for name, value in chosen.items() if value) or "Everything"


def _about(values: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    name = f"{shown['name']} ({shown['type']})" if shown.get("name") and shown.get("type") else shown.get("name")
    told = [str(name or values["subject"] or ""), f"job {values['job']}" if values["job"] else "", values["domain"]]
    return ", ".join(each for each in told if each) or values["key"]


def _facts(shown: Mapping[str, Any]) -> str:
    made = []
    for name, value in shown.items():
        if name in _NOT_SHOWN or value in (None, "", [], False) or name.endswith(("Date", "Id")):
            continue
        if isinstance(value, dict):
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        made.append(f"{name} {text[:160]}")
    return "; ".join(made)[:700]


def _time(text: Any) -> str:
    return str(text)[:16].replace("T", " ")
