"""Workbooks that come from outside: size, kind and form are checked before any parser sees them."""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from ntm_desktop import paths, wording
from ntm_desktop.i18n import _

MAX_BYTES = 10_000_000
MAX_UNPACKED = 60_000_000
MAX_PARTS = 1000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# All that zipfile lets through on damaged or protected archives.
_ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


class Refusal(StrEnum):
    """Why a file is not opened."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_EXCEL = "not_excel"


class WorkbookRefused(Exception):
    """A file that no parser may see; ``message`` is a finished sentence for the person, without the file's name."""

    def __init__(self, why: Refusal, message: str) -> None:
        super().__init__(message)
        self.why = why
        self.message = message


def workbook_content(path: Path) -> bytes:
    """The file's bytes, after the checks that cost little.

    Raises:
        WorkbookRefused: it is no workbook, too large, or one that nobody may open.
    """
    try:
        with open(paths.extended(path), "rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _refuse(Refusal.UNREADABLE, _("Không tìm thấy tệp; mời xem lại tên và thư mục."))
    except OSError as error:
        message = _("Không đọc được tệp ({reason}); mời xem tệp có đang mở ở chương trình khác không.")
        _refuse(Refusal.UNREADABLE, message.format(reason=wording.system_reason(error)))
    if len(content) > MAX_BYTES:
        message = _("Tệp quá lớn; tệp nhập liệu không bao giờ vượt {limit} MB. Có lẽ đã chọn nhầm tệp.")
        _refuse(Refusal.TOO_LARGE, message.format(limit=MAX_BYTES // 1_000_000))
    if content.startswith(_OLD_EXCEL):
        message = _("Tệp là Excel đời cũ (.xls) hoặc có đặt mật khẩu. Mời lưu lại thành .xlsx không mật khẩu.")
        _refuse(Refusal.NOT_EXCEL, message)
    _check_zip(content)
    return content


def broken(error: Exception) -> WorkbookRefused:
    """What to say where a parser fails on a file that looked like a workbook."""
    message = _("Tệp Excel bị hỏng, không mở được ({reason}). Mời mở bằng Excel, lưu thành tệp .xlsx mới rồi thử lại.")
    return WorkbookRefused(Refusal.NOT_EXCEL, message.format(reason=type(error).__name__))


def _refuse(why: Refusal, message: str) -> NoReturn:
    raise WorkbookRefused(why, message)


def _check_zip(content: bytes) -> None:
    """A workbook is a ZIP of XML parts: refuse other ZIPs and those that unpack to far too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                _refuse_size()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                message = _("Tệp này là tệp nén, không phải tệp Excel. Mời chọn tệp .xlsx đã nhập.")
                _refuse(Refusal.NOT_EXCEL, message)
            _no_entities(packed, parts)
    except _ZIP_ERRORS:
        message = _("Tệp không phải tệp Excel .xlsx hoặc đã bị hỏng. Mời chọn đúng tệp đã lưu từ Excel.")
        _refuse(Refusal.NOT_EXCEL, message)


def _refuse_size() -> NoReturn:
    message = _("Tệp bung ra quá lớn, không giống một tệp nhập liệu; chương trình không mở.")
    _refuse(Refusal.TOO_LARGE, message)


def _no_entities(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """No part declares a document type: Excel never does, entity bombs must. Sizes told in the index are held to."""
    unpacked = 0
    for part in parts:
        with packed.open(part) as stream:
            text = stream.read(MAX_UNPACKED - unpacked + 1)
        unpacked += len(text)
        if unpacked > MAX_UNPACKED:
            _refuse_size()
        if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in text.replace(b"\0", b""):
            message = _("Tệp có nội dung lạ mà Excel không bao giờ ghi; chương trình không mở để giữ an toàn.")
            _refuse(Refusal.NOT_EXCEL, message)
