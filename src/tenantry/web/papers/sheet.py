"""A sheet: letterhead, whom it is for, facts, a table of lines, totals, and what stands at the foot of every page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

from tenantry.web.papers.fonts import BOLD, REGULAR, brought, lacking, marked, ready

BROUGHT = (
    "Chinese, Japanese and Korean letters need a font of the program that shows this page; else they are left out."
)
LACKING = "Letters for which there is no font, so that boxes stand for them: {letters}."
NAMED_LETTERS = 12
INK, SOFT, RULE, WASH = HexColor("#16202e"), HexColor("#5b6675"), HexColor("#c9d1db"), HexColor("#f3f5f8")
WIDTH, HEIGHT = A4
MARGIN, TOP, LATER_TOP, BOTTOM = 20 * mm, 18 * mm, 26 * mm, 26 * mm
INSIDE = WIDTH - 2 * MARGIN
BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=9, leading=12.5, textColor=INK, splitLongWords=1)
SMALL = ParagraphStyle("small", BODY, fontSize=7.5, leading=10, textColor=SOFT)
NUMBER = ParagraphStyle("number", BODY, alignment=TA_RIGHT)
FACT = ParagraphStyle("fact", SMALL, leading=BODY.leading)
HEADED = ParagraphStyle("headed", SMALL, fontName=BOLD, textColor=SOFT)
HEADED_NUMBER = ParagraphStyle("headed number", HEADED, alignment=TA_RIGHT)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
STRONG_NUMBER = ParagraphStyle("strong number", STRONG, alignment=TA_RIGHT)
SELLER = ParagraphStyle("seller", STRONG, fontSize=15, leading=19)
TITLE = ParagraphStyle("title", STRONG, fontSize=17, leading=22)


@dataclass(frozen=True)
class Party:
    """Somebody named on a document, with the lines of his address."""

    label: str
    name: str
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Heading:
    """A column of the lines: its name, its share of the width, and whether figures stand in it."""

    name: str
    share: float
    figures: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a document; `note` stands small below its first cell."""

    cells: Sequence[str]
    note: str = ""


@dataclass(frozen=True)
class Total:
    """A figure below the lines."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True)
class Sheet:
    """A document, in the words and figures of whoever is to read it."""

    title: str
    reference: str
    seller: Party
    parties: Sequence[Party]
    facts: Sequence[tuple[str, str]]
    headings: Sequence[Heading]
    lines: Sequence[Line]
    totals: Sequence[Total]
    note: str = ""
    closing: str = ""
    footer: str = ""
    page: str = "Page {page} of {pages}"
    # What is said where letters depend on the reader's fonts, and where no font has them.
    brought: str = BROUGHT
    lacking: str = LACKING


def pdf(sheet: Sheet) -> bytes:
    """Set a document; gives the bytes of the file, the same for the same document."""
    ready()
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=f"{sheet.title} {sheet.reference}",
        author=sheet.seller.name,
        creator="Tenantry",
        invariant=True,
    )
    document.addPageTemplates([_first(), _later()])
    document.build(_story(sheet), canvasmaker=_canvas(sheet))
    return out.getvalue()


def _first() -> PageTemplate:
    frame = Frame(MARGIN, BOTTOM, INSIDE, HEIGHT - TOP - BOTTOM, 0, 0, 0, 0)
    return PageTemplate("first", [frame], autoNextPageTemplate="later")


def _later() -> PageTemplate:
    frame = Frame(MARGIN, BOTTOM, INSIDE, HEIGHT - LATER_TOP - BOTTOM, 0, 0, 0, 0)
    return PageTemplate("later", [frame])


def _story(sheet: Sheet) -> list[Any]:
    return [
        _letterhead(sheet.seller),
        Spacer(0, 10 * mm),
        _beside(sheet),
        Spacer(0, 9 * mm),
        Paragraph(marked(f"{sheet.title} {sheet.reference}"), TITLE),
        Spacer(0, 2 * mm),
        *([Paragraph(marked(sheet.note), BODY), Spacer(0, 2 * mm)] if sheet.note else []),
        Spacer(0, 2 * mm),
        _lines(sheet),
        Spacer(0, 4 * mm),
        KeepTogether([_totals(sheet.totals), *_closing(sheet.closing)]),
        *_letters(sheet),
    ]


def _letters(sheet: Sheet) -> list[Any]:
    """Say which letters may not be seen: nothing on a document is an empty box without a word about it."""
    texts = list(_texts(sheet))
    told = [sheet.brought] if brought(texts) else []
    if missing := lacking(texts):
        more = ", …" if len(missing) > NAMED_LETTERS else ""
        told.append(sheet.lacking.format(letters=", ".join(missing[:NAMED_LETTERS]) + more))
    return [one for said in told for one in (Spacer(0, 3 * mm), Paragraph(marked(said), SMALL))]


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        for one in fields(part):
            yield from _texts(getattr(part, one.name))
    elif isinstance(part, Sequence):
        for one in part:
            yield from _texts(one)


def _letterhead(seller: Party) -> Table:
    lines = [Paragraph(marked(line), ParagraphStyle("lines", SMALL, alignment=TA_RIGHT)) for line in seller.lines]
    head = Table([[Paragraph(marked(seller.name), SELLER), lines]], [INSIDE * 0.55, INSIDE * 0.45])
    head.setStyle([*_PLAIN, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.8, INK)])
    head.setStyle([("BOTTOMPADDING", (0, 0), (-1, -1), 4 * mm)])
    return head


def _beside(sheet: Sheet) -> Table:
    """Set whom it is for on the left, and what is known of it on the right."""
    left: list[Any] = []
    for place, party in enumerate(sheet.parties):
        left += [
            *([Spacer(0, 4 * mm)] if place else []),
            Paragraph(marked(party.label), HEADED),
            Paragraph(marked(party.name), STRONG),
            *(Paragraph(marked(line), BODY) for line in party.lines),
        ]
    facts = Table(
        [[Paragraph(marked(name), FACT), Paragraph(marked(value), BODY)] for name, value in sheet.facts],
        [INSIDE * 0.16, INSIDE * 0.26],
    )
    facts.setStyle([*_PLAIN, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)])
    beside = Table([[left, facts]], [INSIDE * 0.58, INSIDE * 0.42])
    beside.setStyle([*_PLAIN, ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return beside


def _lines(sheet: Sheet) -> Table:
    whole = sum(one.share for one in sheet.headings)
    heads = [Paragraph(marked(one.name), HEADED_NUMBER if one.figures else HEADED) for one in sheet.headings]
    rows = [[_cell(line, place, one) for place, one in enumerate(sheet.headings)] for line in sheet.lines]
    table = Table([heads, *rows], [INSIDE * one.share / whole for one in sheet.headings], repeatRows=1)
    table.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), WASH),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return table


def _cell(line: Line, place: int, heading: Heading) -> list[Paragraph]:
    cell = [Paragraph(marked(line.cells[place]), NUMBER if heading.figures else BODY)]
    return [*cell, Paragraph(marked(line.note), SMALL)] if line.note and place == 0 else cell


def _totals(totals: Sequence[Total]) -> Table:
    rows = [
        [
            "",
            Paragraph(marked(one.label), STRONG if one.strong else BODY),
            Paragraph(marked(one.amount), STRONG_NUMBER if one.strong else NUMBER),
        ]
        for one in totals
    ]
    table = Table(rows, [INSIDE * 0.42, INSIDE * 0.34, INSIDE * 0.24])
    strong = [
        rule
        for row, one in enumerate(totals)
        if one.strong
        for rule in (("LINEABOVE", (1, row), (-1, row), 0.8, INK), ("TOPPADDING", (0, row), (-1, row), 5))
    ]
    table.setStyle([*_PLAIN, ("RIGHTPADDING", (2, 0), (2, -1), 4), ("BOTTOMPADDING", (0, 0), (-1, -1), 4), *strong])
    return table


def _closing(text: str) -> list[Any]:
    return [Spacer(0, 8 * mm), Paragraph(marked(text), BODY)] if text else []


def _canvas(sheet: Sheet) -> type[Canvas]:
    """Make the kind of canvas that knows, when it writes the foot of a page, how many pages there are."""

    class Numbered(Canvas):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.drawn: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self.drawn.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for page in self.drawn:
                self.__dict__.update(page)
                _foot(self, sheet, len(self.drawn))
                super().showPage()
            super().save()

    return Numbered


def _foot(canvas: Canvas, sheet: Sheet, pages: int) -> None:
    number = canvas.getPageNumber()
    if number > 1:
        _at(canvas, f"{sheet.seller.name} · {sheet.title} {sheet.reference}", HEIGHT - LATER_TOP + 7 * mm, INSIDE)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, BOTTOM - 5 * mm, WIDTH - MARGIN, BOTTOM - 5 * mm)
    _at(canvas, sheet.footer, BOTTOM - 7 * mm, INSIDE * 0.8)
    canvas.setFont(REGULAR, SMALL.fontSize)
    canvas.setFillColor(SOFT)
    said = sheet.page.format(page=number, pages=pages)
    canvas.drawRightString(WIDTH - MARGIN, BOTTOM - 7 * mm - SMALL.leading * 0.8, said)


def _at(canvas: Canvas, text: str, top: float, width: float) -> None:
    words = Paragraph(marked(text), SMALL)
    _, height = words.wrap(width, BOTTOM)
    words.drawOn(canvas, MARGIN, top - height)


_PLAIN = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
