"""One workbook in the making: formulas that carry their result, lists to choose from, and the same bytes every time.

A formula is written together with the value that we reckon ourselves: a viewer that does not calculate shows it, a
program that does calculates anew. Dates inside the file are those of the paper, so that equal facts make equal files.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Context, Decimal, Inexact
from typing import IO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ntm_desktop.dossier.excel_sheet import AnyCell, as_text

DIGITS = 15  # what an Excel number holds
LISTS_SHEET = "Danh mục chọn"
_CELL = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*?)(?: t="[a-z]+")?(><f>[^<]*</f>)<v>?[^<]*(?:</v>|/>)')
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)

Reckoned = Decimal | int | str | None


class Book:
    """A workbook, what its formulas come to, and the lists that its cells offer."""

    def __init__(self) -> None:
        self.workbook = Workbook()
        first = self.workbook.active
        assert isinstance(first, Worksheet)
        self.workbook.remove(first)
        self._results: dict[tuple[str, str], Reckoned] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def sheet(self, title: str) -> Worksheet:
        """A new sheet at the end."""
        made: Worksheet = self.workbook.create_sheet(title)
        return made

    def formula(self, cell: AnyCell, formula: str, result: Reckoned, number_format: str = "General") -> None:
        """A formula (without «=») and what it comes to; None and «» are an empty text."""
        cell.value = f"={formula}"
        cell.number_format = number_format
        self._results[str(cell.parent.title), cell.coordinate] = result

    def choices(self, words: Sequence[str]) -> DataValidation:
        """A list to choose from; the words stand on a hidden sheet, for Excel takes neither many nor commas."""
        key = tuple(words)
        if key not in self._lists:
            sheet = self._lists_sheet()
            column = len(self._lists) + 1
            for row, word in enumerate(key, start=1):
                cell = sheet.cell(row, column)
                cell.value = as_text(word)
                cell.data_type = "s"
            letter = get_column_letter(column)
            self._lists[key] = f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(key)}"
        return DataValidation("list", formula1=self._lists[key], allow_blank=True)

    def _lists_sheet(self) -> Worksheet:
        if LISTS_SHEET not in self.workbook.sheetnames:
            self.workbook.create_sheet(LISTS_SHEET).sheet_state = "hidden"
        found = self.workbook[LISTS_SHEET]
        assert isinstance(found, Worksheet)
        return found

    def save(self, stream: IO[bytes], on: date) -> None:
        """Write it, dated ``on``."""
        moment = datetime.combine(on, time(8))
        self.workbook.properties.created = moment
        hidden = [name for name in self.workbook.sheetnames if self.workbook[name].sheet_state != "visible"]
        for name in hidden:  # behind those that people see
            self.workbook.move_sheet(name, len(self.workbook.sheetnames))
        made = io.BytesIO()
        self.workbook.save(made)
        places = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(self.workbook.sheetnames, start=1)}
        stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
        with zipfile.ZipFile(made) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.infolist():
                content = source.read(part)
                if part.filename in places:
                    content = self._with_results(content, places[part.filename])
                elif part.filename == "docProps/core.xml":
                    content = _STAMP.sub(rb"\g<1>" + stamp, content)
                entry = zipfile.ZipInfo(part.filename, _FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, content)

    def _with_results(self, content: bytes, title: str) -> bytes:
        """The sheet's XML with the results beside their formulas: openpyxl leaves them empty."""

        def filled(match: re.Match[bytes]) -> bytes:
            result = self._results.get((title, match[2].decode("ascii")))
            if isinstance(result, Decimal | int):
                value = format(_rounded(Decimal(result)), "f")
                return b"%s%s<v>%s</v>" % (match[1], match[3], value.encode("ascii"))
            words = escape(as_text(result or "")).encode()
            return b'%s t="str"%s<v>%s</v>' % (match[1], match[3], words)

        return _CELL.sub(filled, content)


def _rounded(number: Decimal) -> Decimal:
    return Context(prec=DIGITS).plus(number)


def exact(number: Decimal) -> Decimal | None:
    """The number as Excel can hold it; None where digits would be lost."""
    try:
        return Context(prec=DIGITS, traps=[Inexact]).plus(number)
    except Inexact:
        return None


def decimals_format(numbers: Iterable[Decimal], least: int = 0, most: int = 4) -> str:
    """The format that shows all of these numbers whole: «#,##0.0»."""
    needed = [-int(number.normalize().as_tuple().exponent) for number in numbers if number.is_finite() and number]
    places = min(most, max([least, *needed]))
    return "#,##0" + (f".{'0' * places}" if places else "")
