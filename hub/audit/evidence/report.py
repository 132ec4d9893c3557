"""The report of a pack: for people to read, page by page."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from hub.accounts.models import Workspace
from hub.audit.evidence.context import Contexts, in_words
from hub.audit.evidence.facts import CLASSES
from hub.audit.evidence.models import EvidenceFeed
from hub.audit.evidence.writing import Row

MOST_SHOWN = 1500
"""Records in the report; all of them are in the table."""
_INK, _SOFT, _LINE, _BAND = (colors.HexColor(each) for each in ("#1b2430", "#5a6675", "#c9d0d8", "#f2f5f8"))
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


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given: dict[str, Any] = {"fontName": "Vera", "textColor": _INK, "leading": size * 1.4, **more}
    return ParagraphStyle(name, fontSize=size, **given)


def _fonts() -> None:
    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        folder = Path(reportlab.__file__).parent / "fonts"
        for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))
        pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="Vera", boldItalic="VeraBd")


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
        _fonts()
        self.workspace, self.title, self.chosen, self.show = workspace, title, chosen, show
        self.made_at, self.by = made_at, by
        self.gaps: list[dict[str, Any]] = []
        self._rows: list[Row] = []
        self._contexts = Contexts(workspace.id)
        states = EvidenceFeed.objects.filter(workspace=workspace, is_state=True).values_list("kind", flat=True)
        self._counted = {"coverage", *states} - {chosen.get("kind")}
        """Kinds that the report counts but does not list, because they say how things are."""
        self._listed = 0
        self._text, self._small = _style("text", 9), _style("small", 7.5, textColor=_SOFT)
        self._cell = _style("cell", 7.2, leading=9.6)
        self._title, self._head = (
            _style("title", 20, fontName="VeraBd", spaceAfter=2 * mm),
            _style("head", 12, fontName="VeraBd", spaceBefore=7 * mm, spaceAfter=2.5 * mm),
        )

    def see(self, row: Row) -> None:
        if row.values["kind"] == "gap":
            self.gaps.append({name: row.shown.get(name, "") for name in ("feed", "of", "since", "until", "why")})
        if row.values["kind"] not in self._counted:
            self._listed += 1
            if len(self._rows) < MOST_SHOWN:
                self._rows.append(row)

    def written(self, kinds: Mapping[str, int], head: str, seals: int) -> bytes:
        file = io.BytesIO()
        document = SimpleDocTemplate(
            file, pagesize=A4, title=self.title, author="Lockgate", leftMargin=18 * mm, rightMargin=18 * mm,
            topMargin=20 * mm, bottomMargin=20 * mm,
        )  # fmt: skip
        story = [*self._front(kinds), *self._about_gaps(), *self._records(), *self._checking(head, seals)]
        document.build(story, onFirstPage=self._foot, onLaterPages=self._foot)
        return file.getvalue()

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
        table = Table(rows, colWidths=[40 * mm, 134 * mm])
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.3, _LINE)]))
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
        table = Table(rows, colWidths=[14 * mm, 25 * mm, 80 * mm, 55 * mm], repeatRows=1)
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LINEBELOW", (0, 0), (-1, 0), 0.8, _INK),
                    ("LINEBELOW", (0, 1), (-1, -1), 0.25, _LINE),
                    ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, _BAND]),
                    ("LEFTPADDING", (0, 0), (-1, -1), 3),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ]
            )
        )
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

    def _foot(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Vera", 7)
        canvas.setFillColor(_SOFT)
        canvas.drawString(18 * mm, 11 * mm, self.title[:90])
        canvas.drawRightString(A4[0] - 18 * mm, 11 * mm, f"Page {document.page}")
        canvas.restoreState()


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
