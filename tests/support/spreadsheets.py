"""Small .xlsx files, written by hand: what a spreadsheet writes, or what an enemy would."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = f"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{PACKAGE}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{PACKAGE}.styles+xml"/>
</Types>"""
ROOT = f"""<Relationships xmlns="{RELS}">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"""
# The first style is plain, the second one a date, the third one a date with its time.
STYLES = f"""<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>
<xf numFmtId="22"/></cellXfs></styleSheet>"""
EPOCH = datetime.fromisoformat("1899-12-30")


class Formula(str):
    """A formula, with the result that was calculated last."""

    result: object

    def __new__(cls, text: str, result: object) -> "Formula":
        made = super().__new__(cls, text)
        made.result = result
        return made


def workbook(
    *sheets: Sequence[Sequence[object]],
    names: Sequence[str] = (),
    hidden: tuple[int, ...] = (),
    first: int = 1,
) -> bytes:
    """Return a file of these sheets; those of `hidden` are not shown. `first` is the first row.

    Without names, the sheets are S0, S1 and so on.
    """
    books, relations, files = [], [], {}
    for n, rows in enumerate(sheets):
        state = ' state="hidden"' if n in hidden else ""
        name = names[n] if names else f"S{n}"
        books.append(f'<sheet name="{name}" sheetId="{n + 1}" r:id="rId{n + 2}"{state}/>')
        target = f"worksheets/sheet{n + 1}.xml"
        relations.append(
            f'<Relationship Id="rId{n + 2}" Type="{OFFICE}/worksheet" Target="{target}"/>'
        )
        files[f"xl/{target}"] = sheet_of(rows, first)
    relations.append(f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>')
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{"".join(books)}</sheets></workbook>'
    )
    links = f'<Relationships xmlns="{RELS}">{"".join(relations)}</Relationships>'
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": ROOT,
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": links,
            "xl/styles.xml": STYLES,
            **files,
        }
    )


def zipped(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def sheet_of(rows: Sequence[Sequence[object]], first: int = 1) -> str:
    lines = (
        f'<row r="{n}">{"".join(_cell(f"{_letter(m)}{n}", v) for m, v in enumerate(row))}</row>'
        for n, row in enumerate(rows, first)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _letter(column: int) -> str:
    before, last = divmod(column, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def _cell(place: str, value: object) -> str:
    match value:
        case None | "":
            return ""
        case Formula():
            return _cell(place, value.result).replace("<v>", f"<f>{escape(value)}</f><v>")
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case datetime():
            days = (value - EPOCH).total_seconds() / 86_400
            return f'<c r="{place}" s="2"><v>{days}</v></c>'
        case date():
            days = (value - EPOCH.date()).days
            return f'<c r="{place}" s="1"><v>{days}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
