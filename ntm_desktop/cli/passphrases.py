"""Passphrases come from a file, never from the command line: that one stands in histories and process lists."""

from __future__ import annotations

from pathlib import Path

from ntm_desktop.errors import InvalidInput
from ntm_desktop.i18n import _

LONGEST_PASSPHRASE_FILE = 64 << 10


def passphrase_in(path: Path) -> str:
    """The first line of a file.

    Raises:
        InvalidInput: the file cannot be read, or its first line is empty.
    """
    try:
        with open(path, "rb") as stream:
            found = stream.read(LONGEST_PASSPHRASE_FILE).decode("utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            _("Không đọc được tệp mật khẩu {file}.").format(file=path),
            _("Chưa có gì thay đổi. Mật khẩu nằm ở dòng đầu của tệp, mã hoá UTF-8."),
        ) from error
    if not found.strip():
        raise InvalidInput(_("Dòng đầu của tệp mật khẩu {file} để trống.").format(file=path), _("Chưa có gì thay đổi."))
    return found
