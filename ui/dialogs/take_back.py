"""What a Word file would bring back: old and new text of each part, and what cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ntm_desktop.i18n import _
from ui.theme import COLOURS, SPACE, heading, icon, primary

if TYPE_CHECKING:
    from ntm_desktop.operations.texts import TakenBack


class TakeBack(QDialog):
    """Accepted when the person wants the new texts."""

    def __init__(self, found: TakenBack, file_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Lấy lại nội dung từ {name}").format(name=file_name))
        count = len(found.sections)
        words = _("{count} phần đã sửa sẽ thay nội dung đang có.") if count else _("Không phần nào khác với đang có.")
        self.text = QTextBrowser()
        self.text.setAccessibleName(_("Nội dung cũ và mới"))
        self.text.setHtml("".join(_lines(found)))
        self.take = primary(QPushButton(icon("import-down", "#ffffff"), _("&Lấy nội dung mới")))
        self.take.setEnabled(bool(count))
        self.take.clicked.connect(self.accept)
        leave = QPushButton(_("Để nguyên"))
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.huge, SPACE.large, SPACE.huge, SPACE.large)
        column.setSpacing(SPACE.medium)
        title = heading(QLabel(words.format(count=count)), 2)
        title.setWordWrap(True)
        column.addWidget(title)
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self.resize(760, 520)


def _lines(found: TakenBack) -> Iterator[str]:
    """What differs, as rich text; every text of the file is escaped."""
    if found.other_title:
        other = _("Tệp có tên khác: «{title}»; hãy xem có đúng năm và đơn vị không.")
        yield _note(other.format(title=found.other_title))
    held, new, nothing = _("Đang có:"), _("Trong tệp:"), _("(để trống)")
    for section in found.sections:
        yield f"<h3>{_text(section.name)}</h3>"
        yield f'<p style="color:{COLOURS.soft}">{held} {_text(section.old) or nothing}</p>'
        yield f"<p>{new} <b>{_text(section.new) or nothing}</b></p>"
    for name in found.missing:
        yield _note(_("Tệp không còn nội dung «{name}»; nội dung đang có giữ nguyên.").format(name=name))
    for name in found.left_behind:
        yield _note(_("«{name}»: ảnh, chú thích cuối trang, nhận xét trong tệp không lấy về được.").format(name=name))
    for key, text in found.unknown.items():
        yield _note(_("Không có nội dung soạn «{key}» để nhận: «{text}».").format(key=key, text=text))
    outside = _("Sửa ngoài các phần soạn, không lấy về")
    advice = _("Hãy sửa các chỗ này ở trang Tiêu chí, trang Số liệu hoặc ở mẫu.")
    if found.outside:
        yield f"<h3>{outside}</h3><p>{advice}</p>"
    for edit in found.outside:
        yield f"<p>«{_text(' / '.join(edit.ours))}» → «{_text(' / '.join(edit.theirs))}»</p>"
    if not found.outside_known:
        yield _note(_("Không so được phần ngoài các nội dung soạn; hãy tự xem lại."))


def _note(words: str) -> str:
    return f'<p style="color:{COLOURS.warning}">{_text(words)}</p>'


def _text(words: str) -> str:
    return escape(words).replace("\n", "<br>")
