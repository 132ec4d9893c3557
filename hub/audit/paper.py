"""How what the hub prints looks: fonts, styles, tables and the foot of each page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import reportlab
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

_INK, _SOFT, _LINE, _BAND = (colors.HexColor(each) for each in ("#1b2430", "#5a6675", "#c9d0d8", "#f2f5f8"))


def bring_fonts() -> None:
    """Fonts that every reader can draw, because they are put into the file."""
    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        folder = Path(reportlab.__file__).parent / "fonts"
        for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))
        pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="Vera", boldItalic="VeraBd")


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given: dict[str, Any] = {"fontName": "Vera", "textColor": _INK, "leading": size * 1.4, **more}
    return ParagraphStyle(name, fontSize=size, **given)


def text() -> ParagraphStyle:
    return _style("text", 9)


def small() -> ParagraphStyle:
    return _style("small", 7.5, textColor=_SOFT)


def cell() -> ParagraphStyle:
    return _style("cell", 7.2, leading=9.6)


def title() -> ParagraphStyle:
    return _style("title", 20, fontName="VeraBd", spaceAfter=2 * mm)


def head() -> ParagraphStyle:
    return _style("head", 12, fontName="VeraBd", spaceBefore=7 * mm, spaceAfter=2.5 * mm)


def facts(rows: list[list[Paragraph]]) -> Table:
    """Names, and beside each what there is to say."""
    table = Table(rows, colWidths=[40 * mm, 134 * mm], hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.3, _LINE)]))
    return table


def lines(rows: list[list[Paragraph]], widths: list[float]) -> Table:
    """A table whose first row is repeated on each page."""
    table = Table(rows, colWidths=widths, repeatRows=1)
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
    return table


def printed(name: str, story: list[Flowable], *, wide: bool = False) -> bytes:
    """The pages, each with a foot."""
    size = landscape(A4) if wide else A4

    def foot(canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Vera", 7)
        canvas.setFillColor(_SOFT)
        canvas.drawString(18 * mm, 11 * mm, name[:90])
        canvas.drawRightString(size[0] - 18 * mm, 11 * mm, f"Page {document.page}")
        canvas.restoreState()

    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=size, title=name, author="Lockgate", leftMargin=18 * mm, rightMargin=18 * mm,
        topMargin=20 * mm, bottomMargin=20 * mm,
    )  # fmt: skip
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()
