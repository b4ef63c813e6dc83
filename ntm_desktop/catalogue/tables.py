"""Rows of a plain sheet, read with the same suspicion as the sheets that a set is typed into."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ntm_desktop.catalogue.nodes import Unreadable
from ntm_desktop.catalogue.template_read import workbook_content
from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _

MOST_COLUMNS = 60


def read_rows(path: Path, most: int) -> list[list[Any]]:
    """All rows of a workbook's first sheet; numbers as Decimal (78,1% as 78.1, as people read it), dates as ISO text,
    formulas as their last result.

    Raises:
        InvalidInput: it is no such workbook, damaged, or has more than ``most`` rows.
    """
    try:
        content = workbook_content(path)
    except Unreadable as error:
        raise InvalidInput(str(error.problem), _("Chưa có gì thay đổi.")) from error
    from openpyxl import load_workbook

    rows: list[list[Any]] = []
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
                rows.append([_plain(cell.value, "%" in (cell.number_format or "")) for cell in cells])
                if len(rows) > most:
                    raise InvalidInput(
                        _("Tệp {name} quá nhiều dòng.").format(name=path.name), _("Chưa có gì thay đổi.")
                    )
        finally:
            book.close()
    except (KeyError, ValueError, TypeError, IndexError, SyntaxError, EOFError, zipfile.BadZipFile) as error:
        raise InvalidInput(
            _("Tệp {name} bị hỏng, không mở được.").format(name=path.name),
            _("Chưa có gì thay đổi. Hãy mở bằng Excel, lưu thành tệp .xlsx mới rồi thử lại."),
        ) from error
    return rows


def _plain(cell: Any, percent: bool) -> Any:
    """A cell's value as Excel shows it: 15 digits, for 69.99999999999999 is what a file holds of a reckoned 70."""
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, int | float):
        number = Decimal(f"{cell:.15g}" if isinstance(cell, float) else cell)
        return number * 100 if percent else number
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
