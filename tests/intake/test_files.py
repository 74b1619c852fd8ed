"""Files as they come: encodings, delimiters, Excel, and what is no file for us at all."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from tenantry.intake.matching import match
from tenantry.intake.reading import MOST_BYTES, ReadOptions, read_file
from tenantry.kernel.problems import Invalid
from tests.intake.stories import COMPANIES, bring, codes, confirm, needs_companies, rows, table, view, workbook
from tests.world import World

UMLAUTS = "Firma;Land\nMüller & Söhne;Österreich\n"


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (UMLAUTS.encode(), "csv, UTF-8, semicolon"),
        (UMLAUTS.encode("utf-8-sig"), "csv, UTF-8, semicolon"),
        (UMLAUTS.encode("latin-1"), "csv, Latin-1, semicolon"),
        (UMLAUTS.replace("Müller", "„Müller“").encode("cp1252"), "csv, Windows-1252, semicolon"),
        (UMLAUTS.encode("utf-16"), "csv, UTF-16, semicolon"),
        (UMLAUTS.encode("utf-16-le"), "csv, UTF-16, semicolon"),
        (UMLAUTS.replace(";", "\t").encode(), "csv, UTF-8, tab"),
        (UMLAUTS.replace(";", "|").encode(), "csv, UTF-8, bar"),
        (UMLAUTS.replace(";", ",").replace("\n", "\r\n").encode(), "csv, UTF-8, comma"),
        (f"sep=;\n{UMLAUTS}".encode(), "csv, UTF-8, semicolon"),
    ],
)
def test_cat_04_encoding_and_delimiter_are_found_out(content: bytes, format_: str) -> None:
    found = read_file(content)

    assert found.format == format_
    assert found.headings == ["Firma", "Land"]
    [(_, [name, land])] = found.rows
    assert str(name).strip("„“").replace("„", "").replace("“", "") == "Müller & Söhne"
    assert land == "Österreich"


@needs_companies
def test_cat_04_a_latin_1_file_with_semicolons_goes_in(world: World) -> None:
    lines = list(csv.reader(io.StringIO(COMPANIES.read_text("utf-8"))))
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(lines)
    id = bring(world, written.getvalue().encode("latin-1", "replace"))

    seen = view(world, id)
    assert seen.format == "csv, Latin-1, semicolon"
    assert seen.counts["rows"] == len(lines) - 1
    assert seen.counts["refused"] == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\n \n\n", "empty-file"),
        (b"Name,Country\n", "no-rows"),
        (b"%PDF-1.7", "unknown-format"),
        (b"\xd0\xcf\x11\xe0old", "unknown-format"),
        (b"PK\x03\x04broken", "unreadable-workbook"),
        (b"x" * (MOST_BYTES + 1), "file-too-big"),
    ],
)
def test_cat_04_a_file_that_cannot_be_read_says_why_and_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_file(content)

    assert refused.value.code == code
    assert refused.value.remedy
    assert len(read_file(b"Name\nAcme\n").rows) == 1


def test_cat_04_cells_that_are_odd_refuse_their_row_only(world: World) -> None:
    content = (
        b'Name,Country,Currency\nA\x00cme,DE,EUR\nAcme, Inc,DE,EUR\n"Quoted, Inc",DE,EUR\nShort\n"Two\nlines",DE,EUR\n'
    )

    id = bring(world, content)

    found = rows(world, id)
    assert codes(found) == {
        2: ["nul-character"],
        3: ["too-many-cells", "country-unknown", "currency-unknown"],
        4: [],
        5: ["country-missing", "currency-missing"],
        6: [],
    }
    assert found[4].values["name"] == "Two lines"
    assert [row.verdict for row in found] == ["refused", "refused", "ready", "warning", "ready"]


def test_cat_04_a_quote_that_is_never_closed_is_found(world: World) -> None:
    lines = "".join(f"Company {n},DE\n" for n in range(200))

    [row] = rows(world, bring(world, f'Name,Country\n"Open,DE\n{lines}'.encode()))

    assert row.verdict == "refused"
    assert row.problems[0]["code"] == "quote-not-closed"


def test_cat_04_a_missing_heading_and_a_double_one_are_told_apart() -> None:
    found = read_file(b"Name,,Name,Country\nAcme,x,y,DE\n")

    assert found.headings == ["Name", "Column B", "Name (2)", "Country"]
    assert match(found.headings) == {"Name": "name", "Column B": "", "Name (2)": "", "Country": "country"}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("E-MAIL", "email"),
        ("  Company   Name ", "name"),
        ("Kundennummer", "accounting_no"),
        ("Código postal", "address.postcode"),
        ("Επωνυμία", "name"),
        ("Strasse", "address.street"),
        ("zip_code", "address.postcode"),
        ("Vorname", "contact.first_name"),
        ("Contact 3 E-mail", "contact3.email"),
        ("contact.email", "contact.email"),
        ("City", "address.city"),
        ("Favourite colour", ""),
    ],
)
def test_cat_04_headings_are_matched_whatever_case_punctuation_and_language(heading: str, field: str) -> None:
    assert match([heading]) == {heading: field}


def test_cat_04_excel_goes_in_with_its_numbers_and_dates(world: World) -> None:
    content = workbook(
        ["Name", "Postcode", "Country", "Phone", "Description", "Currency"],
        ["Acme", 10115, "DE", 493012345.0, datetime(2026, 5, 31, tzinfo=UTC).replace(tzinfo=None), "EUR"],
        [],
        ["Beta", "01067", "DE", None, True, "EUR"],
    )
    id = bring(world, content, name="customers.xlsx")

    found = rows(world, id)
    assert view(world, id).format == "xlsx, sheet Customers"
    assert [row.line for row in found] == [2, 4]
    assert found[0].values["address.postcode"] == "10115"
    assert found[0].values["phone"] == "493012345"
    assert found[0].values["description"] == "2026-05-31"
    confirm(world, id)
    assert view(world, id).counts["imported"] == 2


def test_cat_04_a_formula_counts_by_its_value_and_without_one_is_refused_by_cell(world: World) -> None:
    content = workbook(["Name", "Country", "Currency"], ["=A3", "DE", "EUR"], ["Acme", "DE", "EUR"])
    cached = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(cached, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part.startswith("xl/worksheets/sheet"):
                data = data.replace(b"<f>A3</f><v />", b"<f>A3</f><v>Computed</v>").replace(
                    b"<f>A3</f><v/>", b"<f>A3</f><v>Computed</v>"
                )
                data = data.replace(b'r="A2"', b'r="A2" t="str"')
            new.writestr(part, data)

    without, with_value = rows(world, bring(world, content)), rows(world, bring(world, cached.getvalue()))

    assert codes(without) == {2: ["formula-without-value"], 3: []}
    assert without[0].problems[0]["column"] == "Name"
    assert without[0].problems[0]["value"] == "=A3"
    assert codes(with_value) == {2: [], 3: []}
    assert with_value[0].values["name"] == "Computed"


def test_cat_04_the_wanted_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Second")
    assert first is not None
    for sheet, name in ((first, "One"), (second, "Two")):
        sheet.append(["Name"])
        sheet.append([name])
    written = io.BytesIO()
    book.save(written)

    assert read_file(written.getvalue()).rows == [(2, ["One"])]
    assert read_file(written.getvalue(), ReadOptions(sheet="Second")).rows == [(2, ["Two"])]
    with pytest.raises(Invalid) as refused:
        read_file(written.getvalue(), ReadOptions(sheet="Third"))
    assert refused.value.code == "unknown-sheet"


def test_sec_an_excel_file_that_would_blow_up_is_refused_unopened() -> None:
    def packed(**parts: bytes) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
        return written.getvalue()

    bomb = packed(xl__worksheets__sheet1_xml=b" " * 40_000_000)
    entities = packed(xl__workbook_xml=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    nothing = packed(word__document_xml=b"<x/>")

    for content, code in ((bomb, "unsafe-file"), (entities, "unsafe-file"), (nothing, "unreadable-workbook")):
        with pytest.raises(Invalid) as refused:
            read_file(content)
        assert refused.value.code == code
    assert read_file(workbook(["Name"], ["Acme"])).headings == ["Name"]


def test_cat_04_what_was_guessed_wrongly_can_be_said(world: World) -> None:
    greek = "Επωνυμία;Πόλη\nΑιγαίο;Αθήνα\n".encode("cp1253")

    id = bring(world, greek, encoding="cp1253")

    assert rows(world, id)[0].values == {"name": "Αιγαίο", "address.city": "Αθήνα", "currency": "EUR"}
    for name, wrong in {"encoding": "klingon", "delimiter": ";;", "colour": "red", "sheet": 5}.items():
        with pytest.raises(Invalid):
            bring(world, greek, **{"encoding": "cp1253", name: wrong})


def test_cat_04_a_path_in_a_file_name_is_dropped(world: World) -> None:
    assert view(world, bring(world, table("Name", "A"), name="C:\\Users\\x\\..\\list.csv")).file_name == "list.csv"
    assert view(world, bring(world, table("Name", "A"), name="../../etc/\x00passwd")).file_name == "passwd"
